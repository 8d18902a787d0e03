#include <chrono>
#include <stdexcept>
#include <streamwork/typed/state_age.hpp>

namespace streamwork::typed {

namespace {

/// So that the beginning of time is longer ago at any event time there may be (73,000 years around 1970).
constexpr Duration longest_life = std::chrono::years(36'000);

}  // namespace

StateAge::StateAge(const StateLifetime& lifetime, const OperatorClock& clock)
    : time_to_live_(static_cast<std::uint64_t>(lifetime.time_to_live.count())),
      by_event_time_(lifetime.by == StateLifetime::By::event_time),
      reads_renew_(lifetime.reads_renew),
      clock_(&clock) {
  if (lifetime.time_to_live <= Duration::zero() || lifetime.time_to_live > longest_life)
    throw std::logic_error("a time-to-live is more than nothing and at most 36,000 years");
  if (by_event_time_ && !clock.timed)
    throw std::logic_error("a time-to-live by event time needs event times: write .event_time(…) before");
}

}  // namespace streamwork::typed
