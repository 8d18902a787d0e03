// Gives back the memory of what has expired: looks at the rows of a table in the order of memory, some at a time.
//
// A pass over all rows begins at most eight times per time-to-live, so that what has expired takes an eighth of the state's memory
// and the passes little time.
// Thread rule: one task.
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <streamwork/typed/state_layout.hpp>
#include <streamwork/typed/state_table.hpp>
#include <vector>

namespace streamwork::typed {

class StateSweep {
 public:
  /// Rows and elements that may be looked at in one go: some microseconds of a slice, or while there is no input.
  static constexpr std::uint32_t looks_between_batches = 64;
  static constexpr std::uint32_t looks_when_idle = 1024;
  static constexpr std::chrono::milliseconds pause_between_looks{1};

  /// REQUIRES: the layout is complete; both outlive this.
  StateSweep(const StateLayout& layout, StateIndex& index);
  /// nullptr if no state expires.
  static std::unique_ptr<StateSweep> make(const StateLayout& layout, StateIndex& index);

  /// Looks at about so many rows or elements, if a pass is under way or due. Calls `save(row)` before a row is changed and
  /// `remove(row)` if nothing is left of it. A pass ends with rows that are not in the table: `elsewhere(looks, expire)` calls
  /// `expire(row)` for some, and returns true when there are no more.
  template <class Save, class Remove, class Elsewhere>
  void go_on(std::uint32_t looks, Save&& save, Remove&& remove, Elsewhere&& elsewhere) {
    if (!begin()) return;
    table_done_ = table_done_ || expire_in_table(looks, save, remove);
    if (!table_done_) return;
    const auto expire_whole = [this](std::byte* row) {
      std::uint32_t all = std::numeric_limits<std::uint32_t>::max();
      next_state_ = 0;
      return expire(row, all);
    };
    if (elsewhere(looks, expire_whole)) end_pass();
  }

  /// When to look again by the wall clock, in its ticks; nothing if that does not depend on the wall clock.
  std::optional<std::int64_t> next_look() const;

 private:
  struct Aging {
    std::uint32_t offset;
    StateColumn* column;
    std::int64_t now;         ///< in this portion
    std::int64_t pass_begun;  ///< by its own clock
    bool anything;            ///< of the row at hand
  };

  bool begin();
  /// True: the end of the table is reached.
  template <class Save, class Remove>
  bool expire_in_table(std::uint32_t& looks, Save&& save, Remove&& remove) {
    const std::uint64_t rebuilds = index_.rebuilds();
    while (looks > 0 && index_.rebuilds() == rebuilds) {
      std::byte* const row = index_.row_at_or_after(place_);
      if (row == nullptr) return true;
      --looks;
      save(row);
      const Remainder remainder = expire(row, looks);
      if (remainder == Remainder::unknown) return false;
      if (remainder == Remainder::nothing) remove(row);
      ++place_.number;
      next_state_ = 0;
    }
    return false;
  }
  Remainder expire(std::byte* row, std::uint32_t& looks);
  void end_pass();

  const StateLayout& layout_;
  StateIndex& index_;
  std::vector<Aging> states_;
  bool rows_may_go_;
  bool under_way_ = false;
  bool table_done_ = false;     ///< the pass has come to what is not in the table
  StateIndex::Place place_;     ///< where the pass goes on
  std::size_t next_state_ = 0;  ///< of the row there
};

}  // namespace streamwork::typed
