// State of the current key.
//
// A stateful operator asks for its state handles in `open` and uses them in `apply`, where they always show the state
// of the key of the event at hand. Behind all handles of a vertex is one row per key (typed/state_table.hpp).
// Thread rule: used only inside the calls of the operator instance it was opened for.
#pragma once

#include <cstddef>
#include <cstdint>

namespace streamwork {

namespace typed {
/// The row of the key at hand; the task moves it from event to event.
struct RowCursor {
  std::byte* row = nullptr;
  bool forget = false;  ///< the operator has no more use for the row
};
}  // namespace typed

/// One value per key. A key that was never written holds the initial value given to `OperatorContext::value_state`.
/// REQUIRES of all uses: the handle was opened, and an event is at hand.
template <class T>
class ValueState {
 public:
  /// A handle that must be assigned from `OperatorContext::value_state` before it is used.
  ValueState() = default;

  T& operator*() const { return *pointer(); }
  T* operator->() const { return pointer(); }

  // For the engine.
  ValueState(const typed::RowCursor& cursor, std::uint32_t offset) : cursor_(&cursor), offset_(offset) {}

 private:
  T* pointer() const { return reinterpret_cast<T*>(cursor_->row + offset_); }

  const typed::RowCursor* cursor_ = nullptr;
  std::uint32_t offset_ = 0;
};

}  // namespace streamwork
