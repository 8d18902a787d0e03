// When states with a time-to-live were written, and whether that is too long ago.
// Thread rule: one task.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <streamwork/state_lifetime.hpp>
#include <streamwork/stored.hpp>
#include <streamwork/typed/operator_clock.hpp>
#include <tuple>
#include <utility>

namespace streamwork::typed {

/// The beginning of time: whatever is allowed as a time-to-live is over.
inline constexpr std::int64_t never_written = std::numeric_limits<std::int64_t>::min();

/// A value and the tick at which it was last written.
template <class T>
struct Aged {
  T value{};
  std::int64_t written = never_written;

  template <class Self>
  static auto stored_fields(Self& self) {
    return std::tuple(stored<"value">(self.value), stored<"written">(self.written));
  }
};

/// The lifetime of one state, with the clock it goes by.
class StateAge {
 public:
  /// Throws `std::logic_error` if the operator has no such clock, or the lifetime is out of bounds.
  StateAge(const StateLifetime& lifetime, const OperatorClock& clock);

  std::int64_t now() const {
    return by_event_time_ ? std::max(clock_->event_time, clock_->fired_up_to).time_since_epoch().count()
                          : clock_->clock->now().time_since_epoch().count();
  }
  /// What is written at an earlier time than something before it counts as written together with that.
  bool expired(std::int64_t written, std::int64_t now) const {
    return now > written && static_cast<std::uint64_t>(now) - static_cast<std::uint64_t>(written) >= time_to_live_;
  }
  bool reads_renew() const { return reads_renew_; }
  bool by_event_time() const { return by_event_time_; }
  /// Expired things are looked for this often, in ticks: so they take an eighth more memory than they must.
  std::int64_t sweep_interval() const { return static_cast<std::int64_t>(time_to_live_ / 8 + 1); }
  /// The wall clock, or up to where event time has come for all keys.
  std::int64_t now_for_all() const { return by_event_time_ ? clock_->fired_up_to.time_since_epoch().count() : now(); }

 private:
  std::uint64_t time_to_live_;
  bool by_event_time_;
  bool reads_renew_;
  const OperatorClock* clock_;
};

/// What is left of a state after something has been looked at.
enum class Remainder : std::uint8_t {
  nothing,  ///< it is as if never written
  some,
  unknown,  ///< there is more to look at
};

}  // namespace streamwork::typed
