#include <streamwork/clock.hpp>

namespace streamwork {

ProcessingTime SystemClock::now() const {
  return ProcessingTime{std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch())};
}

SteadyTime SystemClock::steady_now() const { return std::chrono::steady_clock::now(); }

const SystemClock& SystemClock::instance() {
  static const SystemClock clock;
  return clock;
}

}  // namespace streamwork
