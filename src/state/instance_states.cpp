#include <streamwork/typed/instance_states.hpp>

#include <algorithm>

namespace streamwork::typed {

InstanceStates::InstanceStates(const VertexInstance& vertex) : vertex_(vertex) {}
InstanceStates::~InstanceStates() = default;

namespace {

/// The one part of a section of values.
EntryPart named_part(const StoredFrame& frame) {
  std::vector<EntryPart> parts = read_entry_schema(frame.schema);
  if (parts.size() != 1)
    throw std::runtime_error("a state without a key has " + std::to_string(parts.size()) + " parts");
  return std::move(parts.front());
}

}  // namespace

void InstanceStates::add(std::unique_ptr<InstanceState> state) {
  for (const auto& other : states_) {
    if (other->name() == state->name()) throw std::logic_error("state '" + state->name() + "' is opened twice");
  }
  if (restored_ != nullptr && state->codec() != nullptr) restore(*state);
  states_.push_back(std::move(state));
}

void InstanceStates::restore(InstanceState& state) const {
  restored_->for_each(vertex_.name, section::values, [&](const StoredFrame& frame) {
    const EntryPart part = named_part(frame);
    if (part.name != state.name()) return;
    try {
      const auto reader = state.codec()->reader(part.schema, state.migrations());
      ByteReader bytes(frame.bytes);
      for (std::uint64_t entry = 0; entry < frame.entries; ++entry)
        reader->read(bytes, state.add_saved(frame.instance));
      if (!bytes.at_end())
        throw std::runtime_error("the checkpoint has more of state '" + part.name + "' than it says");
    } catch (const SchemaMismatch& mismatch) {
      throw StateMismatch("state '" + part.name + "' has changed since the checkpoint was taken:\n" + mismatch.what());
    }
  });
  state.assemble(vertex_);
}

void InstanceStates::require_storable() const {
  for (const auto& state : states_) {
    if (state->codec() == nullptr)
      throw std::logic_error("state '" + state->name() +
                             "' is of a type that cannot be stored in a checkpoint (see stored.hpp)");
  }
}

void InstanceStates::require_all_opened() const {
  if (restored_ == nullptr || restored_->drops_state()) return;
  restored_->for_each(vertex_.name, section::values, [&](const StoredFrame& frame) {
    const std::string name = named_part(frame).name;
    if (std::ranges::none_of(states_, [&](const auto& state) { return state->name() == name; })) {
      throw StateMismatch("the checkpoint has a state '" + name +
                          "' that the operator does not open any more: open it, or allow it to be dropped "
                          "(--allow-dropped-state)");
    }
  });
}

void InstanceStates::begin_saving(SnapshotTarget& target) {
  target_ = &target;
  saving_.clear();  // of a snapshot that was given up
  for (const auto& state : states_) {
    if (state->of_first() && vertex_.instance != 0) continue;
    const std::uint32_t section =
        target.add_section(vertex_, section::values, entry_schema_bytes({{state->name(), state->codec()->schema()}}));
    saving_.push_back({state.get(), section, std::make_unique<ByteWriter>()});
    state->begin_saving(*saving_.back().bytes);
  }
}

bool InstanceStates::save_some() {
  for (; !saving_.empty(); saving_.pop_back()) {
    const Saving& saving = saving_.back();
    if (!saving.state->save_some()) return false;
    target_->add(saving.section, no_key_group, 1, saving.bytes->bytes());
  }
  return true;
}

}  // namespace streamwork::typed
