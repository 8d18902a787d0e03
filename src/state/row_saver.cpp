#include <algorithm>
#include <stdexcept>
#include <streamwork/typed/row_saver.hpp>
#include <utility>

namespace streamwork::typed {

RowSaver::RowSaver(const StateLayout& layout, const ValueCodec& key)
    : layout_(layout), key_(key), memory_words_(memory_words(layout, key)) {}

std::size_t RowSaver::memory_words(const StateLayout& layout, const ValueCodec& key) {
  std::size_t end = key.memory_size();
  bool side_by_side = end != 0;
  layout.for_each_state([&](const std::string&, std::uint32_t offset, const StateColumn& state) {
    side_by_side = side_by_side && offset == end && state.codec()->memory_size() != 0;
    end += state.codec()->memory_size();
  });
  return side_by_side && end % word == 0 ? end / word : 0;
}

void RowSaver::begin(SnapshotTarget& target, const VertexInstance& vertex) {
  target_ = &target;
  std::vector<EntryPart> parts{{std::string(key_part), key_.schema()}};
  layout_.for_each_state([&](const std::string& name, std::uint32_t, const StateColumn& state) {
    parts.push_back({name, state.codec()->schema()});
  });
  section_ = target.add_section(vertex, section::rows, entry_schema_bytes(parts));
  for (Group& group : groups_) {
    group.bytes.clear();
    group.rows = 0;
  }
}

void RowSaver::hand_in(std::uint32_t key_group) {
  Group& group = groups_[key_group];
  target_->add(section_, key_group, group.rows, group.bytes.bytes());
  group.bytes.clear();
  group.rows = 0;
}

void RowSaver::end() {
  for (std::uint32_t group = 0; group < key_groups; ++group) {
    if (groups_[group].rows > 0) hand_in(group);
    groups_[group].bytes = ByteWriter();
  }
}

RowLoader::RowLoader(StateLayout& layout, const ValueCodec& key, const StoredFrame& frame, bool drop_states)
    : bytes_(frame.bytes) {
  std::vector<EntryPart> written = read_entry_schema(frame.schema);
  if (written.empty() || written.front().name != key_part) throw std::runtime_error("its rows have no key");
  const auto refuse = [](const std::string& what, const SchemaMismatch& mismatch) {
    throw StateMismatch(what + " has changed since the checkpoint was taken:\n" + mismatch.what());
  };
  for (EntryPart& part : written) {
    Part& read = readers_.emplace_back(Part{nullptr, 0, std::move(part.schema)});
    if (readers_.size() == 1) {
      try {
        read.reader = key.reader(read.schema);
      } catch (const SchemaMismatch& mismatch) {
        refuse("its key", mismatch);
      }
      continue;
    }
    layout.for_each_state([&](const std::string& name, std::uint32_t offset, const StateColumn& state) {
      if (name != part.name) return;
      try {
        read.reader = state.codec()->reader(read.schema, state.migrations());
        read.offset = offset;
      } catch (const SchemaMismatch& mismatch) {
        refuse("state '" + name + "'", mismatch);
      }
    });
    if (read.reader == nullptr && !drop_states) {
      throw StateMismatch("the checkpoint has a state '" + part.name +
                          "' that the operator does not open any more: open it, or allow it to be dropped "
                          "(--allow-dropped-state)");
    }
  }
}

RowLoader::~RowLoader() = default;

void RowLoader::check(StateLayout& layout, const ValueCodec& key, const RestoredState& restored,
                      const std::string& vertex) {
  restored.for_each_schema(vertex, section::rows, [&](std::string_view schema) {
    RowLoader(layout, key, {0, 0, 0, schema, {}}, restored.drops_state());
  });
}

void RowLoader::for_each_frame(const RestoredState& restored, const VertexInstance& vertex,
                               const std::function<void(const StoredFrame&)>& load) {
  const auto own = [&](std::uint32_t group) {
    return std::cmp_equal(instance_of(group, static_cast<std::size_t>(vertex.parallelism)), vertex.instance);
  };
  std::uint32_t first = 0;
  while (first < key_groups && !own(first)) ++first;
  std::uint32_t last = first;
  while (last + 1 < key_groups && own(last + 1)) ++last;
  if (first == key_groups) return;
  restored.for_each(vertex.name, section::rows, first, last, load);
}

void RowLoader::read_key(std::byte* key) { readers_.front().reader->read(bytes_, key); }

void RowLoader::read_states(std::byte* row) {
  for (std::size_t i = 1; i < readers_.size(); ++i) {
    const Part& part = readers_[i];
    if (part.reader == nullptr) {
      skip_value(bytes_, part.schema);
    } else {
      part.reader->read(bytes_, row + part.offset);
    }
  }
}

}  // namespace streamwork::typed
