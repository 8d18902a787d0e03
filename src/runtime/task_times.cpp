// Where a task's time goes: every moment belongs to one share, and anybody may read the shares while they change.
#include <algorithm>
#include <chrono>

#include "runtime/task.hpp"

namespace streamwork::runtime {

using typed::WaitReason;

/// Closes the stretch at hand and begins the next one.
void Task::account(SteadyTime until, std::atomic<std::int64_t>* from_now_on) {
  shares_version_.fetch_add(1, std::memory_order_acq_rel);
  if (auto* share = accounting_.load(std::memory_order_relaxed)) {
    const std::int64_t elapsed = (until - accounted_until_.load(std::memory_order_relaxed)).count();
    share->store(share->load(std::memory_order_relaxed) + elapsed, std::memory_order_relaxed);
  }
  accounted_until_.store(until, std::memory_order_relaxed);
  accounting_.store(from_now_on, std::memory_order_relaxed);
  shares_version_.fetch_add(1, std::memory_order_release);
}

std::atomic<std::int64_t>& Task::share_of_wait() {
  switch (wait_reason()) {
    case WaitReason::none:
      return queued_;
    case WaitReason::input:
      return idle_;
    case WaitReason::output:
      return blocked_by_[static_cast<std::size_t>(wait_exchange())];
    case WaitReason::outside:
      return blocked_outside_;
    case WaitReason::calls:
      return calling_;
  }
  return idle_;
}

/// Calls `read(value of)`, where `value of(share)` includes the stretch at hand, until nothing has changed meanwhile.
template <class Read>
auto Task::read_shares(Read read) const {
  while (true) {
    const std::uint32_t version = shares_version_.load(std::memory_order_acquire);
    const auto* accounting = accounting_.load(std::memory_order_acquire);
    const SteadyTime until = accounted_until_.load(std::memory_order_acquire);
    const auto result = read([&](const std::atomic<std::int64_t>& share) {
      const std::chrono::nanoseconds closed(share.load(std::memory_order_acquire));
      return &share == accounting ? closed + std::max(clock().steady_now() - until, std::chrono::nanoseconds::zero())
                                  : closed;
    });
    if (version % 2 == 0 && shares_version_.load(std::memory_order_acquire) == version) return result;
  }
}

TimeShares Task::times() const {
  return read_shares([this](const auto& value_of) {
    TimeShares shares{value_of(busy_), value_of(queued_), value_of(blocked_outside_), value_of(idle_),
                      value_of(calling_)};
    for (const auto& blocked : blocked_by_) shares.blocked += value_of(blocked);
    return shares;
  });
}

std::chrono::nanoseconds Task::blocked_by(int exchange) const {
  return read_shares([&](const auto& value_of) { return value_of(blocked_by_[static_cast<std::size_t>(exchange)]); });
}

}  // namespace streamwork::runtime
