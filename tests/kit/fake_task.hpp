// A task that runs nothing: it stands behind the context of a source or a sink that a test drives by hand.
// Thread rule: used by one thread.
#pragma once

#include <poll.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <streamwork/clock.hpp>
#include <streamwork/typed/segment.hpp>
#include <string>
#include <vector>

namespace streamwork::testkit {

/// A clock that goes as the machine's, or stands still until a test moves it.
class SettableClock final : public Clock {
 public:
  ProcessingTime now() const override { return SystemClock::instance().now(); }
  SteadyTime steady_now() const override { return stopped_ ? steady_ : SystemClock::instance().steady_now(); }
  void set(SteadyTime time) {
    stopped_ = true;
    steady_ = time;
  }
  void advance(std::chrono::nanoseconds by) { set(steady_now() + by); }
  bool stopped() const { return stopped_; }

 private:
  bool stopped_ = false;
  SteadyTime steady_{};
};

class FakeTask final : public typed::TaskContext {
 public:
  const SettableClock& clock() const override { return time; }
  bool time_is_up() override { return false; }
  bool stop_requested() const override { return false; }
  void wake_at(SteadyTime at) override { wake_time = std::min(wake_time, at); }
  void wake_when_readable(int descriptor) override { watched.push_back({descriptor, POLLIN, 0}); }
  void wake_when_writable(int descriptor) override { watched.push_back({descriptor, POLLOUT, 0}); }
  void wake() override {}
  std::shared_ptr<typed::BackgroundWork> background_work(const std::string&, int) override { return nullptr; }

  /// True if something was asked for that would wake the task.
  bool will_wake() const { return wake_time != SteadyTime::max() || !watched.empty(); }

  /// Sleeps as a worker would: until a watched descriptor is ready or the wake time has come (a clock that stands still
  /// is moved there). Throws if nothing would ever wake it, or nothing does for ten seconds.
  void sleep() {
    if (!will_wake()) throw std::logic_error("the task waits for something it has not asked for");
    int timeout_ms = 10'000;
    if (wake_time != SteadyTime::max()) {
      if (time.stopped()) {
        time.set(std::max(wake_time, time.steady_now()));
        timeout_ms = 0;
      } else {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(wake_time - time.steady_now()).count();
        timeout_ms = static_cast<int>(std::clamp<std::int64_t>(left, 0, 10'000));
      }
    }
    if (::poll(watched.data(), watched.size(), timeout_ms) == 0 && wake_time == SteadyTime::max()) {
      throw std::runtime_error("nothing has happened for ten seconds");
    }
    watched.clear();
    wake_time = SteadyTime::max();
  }

  SettableClock time;
  SteadyTime wake_time = SteadyTime::max();
  std::vector<pollfd> watched;
};

}  // namespace streamwork::testkit
