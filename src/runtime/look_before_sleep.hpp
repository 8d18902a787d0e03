// How long a worker looks for work before it falls asleep.
// Thread rule: one thread.
#pragma once

#include <chrono>

namespace streamwork::runtime {

/// To look costs processor time, to sleep costs the time of being woken. As long as the one as the other costs is at most twice
/// of what the better choice would have (competitive spinning: Karlin, Li, Manasse and Owicki 1991). Where work is rare it is half as
/// long after each sleep that was not short, down to nothing: a job of some thousand events a second does not keep a core warm.
class LookBeforeSleep {
 public:
  using Time = std::chrono::nanoseconds;
  /// About what falling asleep and being woken costs.
  static constexpr Time longest = std::chrono::microseconds(20);

  Time time() const { return time_; }
  /// Something came while it looked.
  void found() { time_ = longest; }
  /// It slept so long. What came in twice the time, most of which is the waking, would have been found.
  void slept(Time time) { time_ = time <= 2 * longest ? longest : time_ / 2; }

 private:
  Time time_ = longest;
};

}  // namespace streamwork::runtime
