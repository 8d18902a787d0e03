#include <stdexcept>
#include <streamwork/typed/keyed_rows.hpp>

namespace streamwork::typed {

void NoKey::check(const RestoredState& restored, const VertexInstance& vertex) {
  if (restored.drops_state()) return;
  restored.for_each_schema(vertex.name, section::rows, [](std::string_view) {
    throw StateMismatch(
        "the checkpoint has state by key, and the operator's input is not grouped by key any more: write .key_by(…) "
        "before it, or allow the state to be dropped (--allow-dropped-state)");
  });
}

void refuse_key() {
  throw std::logic_error("its key is of a type that cannot be stored in a checkpoint (see stored.hpp)");
}

void check_key_group(std::uint32_t hash, const StoredFrame& frame) {
  if (key_group_of(hash) != frame.key_group)
    throw std::runtime_error(
        "a key has another hash than when the checkpoint was taken: its stable_hash_value has changed");
}

}  // namespace streamwork::typed
