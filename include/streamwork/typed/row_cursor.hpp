// The row of the key at hand; behind all handles of an operator.
// Thread rule: one task.
#pragma once

#include <cstddef>

namespace streamwork::typed {

/// The task moves it from event to event.
struct RowCursor {
  std::byte* row = nullptr;
  bool forget = false;  ///< the operator has no more use for the row
};

}  // namespace streamwork::typed
