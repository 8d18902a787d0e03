#include <streamwork/typed/state_sweep.hpp>

#include <algorithm>

namespace streamwork::typed {

StateSweep::StateSweep(const StateLayout& layout, StateIndex& index)
    : layout_(layout), index_(index), rows_may_go_(layout.all_aging()) {
  layout.for_each_aging([&](std::uint32_t offset, StateColumn& column) {
    states_.push_back({offset, &column, never_written, never_written, false});
  });
}

std::unique_ptr<StateSweep> StateSweep::make(const StateLayout& layout, StateIndex& index) {
  auto sweep = std::make_unique<StateSweep>(layout, index);
  return sweep->states_.empty() ? nullptr : std::move(sweep);
}

/// False: there is nothing to do yet.
bool StateSweep::begin() {
  bool due = under_way_;
  for (Aging& state : states_) {
    state.now = state.column->age()->now_for_all();
    // By event time nothing can have been written before event time has begun, nor can it expire.
    due = due || (index_.size() > 0 && state.now > state.pass_begun &&
                  static_cast<std::uint64_t>(state.now) - static_cast<std::uint64_t>(state.pass_begun) >=
                      static_cast<std::uint64_t>(state.column->age()->sweep_interval()));
  }
  if (due && !under_way_) {
    under_way_ = true;
    for (Aging& state : states_) state.pass_begun = state.now;
  }
  return due;
}

void StateSweep::end_pass() {
  under_way_ = false;
  table_done_ = false;
  place_ = {};
  next_state_ = 0;
}

Remainder StateSweep::expire(std::byte* row, std::uint32_t& looks) {
  // What was looked at in another portion may have been written since, and the row may be another one.
  for (std::size_t earlier = 0; earlier < next_state_; ++earlier) states_[earlier].anything = true;
  for (; next_state_ < states_.size(); ++next_state_) {
    Aging& state = states_[next_state_];
    const Remainder remainder = state.column->expire(row + state.offset, state.now, looks);
    if (remainder == Remainder::unknown) return remainder;
    state.anything = remainder == Remainder::some;
  }
  const bool anything = std::ranges::any_of(states_, &Aging::anything);
  return rows_may_go_ && !anything && layout_.unqueued(row) ? Remainder::nothing : Remainder::some;
}

std::optional<std::int64_t> StateSweep::next_look() const {
  std::optional<std::int64_t> next;
  if (index_.size() == 0) return next;
  for (const Aging& state : states_) {
    const StateAge& age = *state.column->age();
    if (age.by_event_time()) continue;
    const std::int64_t due = under_way_ ? state.now : state.pass_begun + age.sweep_interval();
    next = std::min(next.value_or(due), due);
  }
  return next;
}

}  // namespace streamwork::typed
