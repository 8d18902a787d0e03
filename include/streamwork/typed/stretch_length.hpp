// How much a source instance reserves ahead, so that it neither stands still between two checkpoints nor loses much in a crash.
// Thread rule: one task.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <streamwork/clock.hpp>
#include <utility>

namespace streamwork::typed {

/// Lengths are in the units in which the source numbers its places.
class StretchLength {
 public:
  /// What was reserved has been read, and there may be more.
  void ran_dry() { ran_dry_ = true; }

  /// The next stretch: what is read during two `interval`s at the rate since the last call; four times as much as before, if
  /// it was too little. `read`: units by now.
  std::uint64_t next(std::uint64_t read, SteadyTime now, std::chrono::nanoseconds interval) {
    const std::chrono::duration<double> elapsed = now - asked_;
    if (std::exchange(ran_dry_, false)) {
      length_ = std::min(length_ * 4, greatest);
    } else if (elapsed.count() > 0 && read > 0) {
      const double rate = static_cast<double>(read - read_) / elapsed.count();
      const double wanted = rate * 2 * std::chrono::duration<double>(interval).count();
      length_ =
          static_cast<std::uint64_t>(std::clamp(wanted, static_cast<double>(least), static_cast<double>(greatest)));
    }
    asked_ = now;
    read_ = read;
    return length_;
  }

 private:
  /// What a slow source may lose. A fast one is at its length after a few stretches, each as long as a checkpoint takes.
  static constexpr std::uint64_t least = 16;
  static constexpr std::uint64_t greatest = std::uint64_t{1} << 40U;

  std::uint64_t length_ = least;
  std::uint64_t read_ = 0;
  SteadyTime asked_{};
  bool ran_dry_ = false;
};

}  // namespace streamwork::typed
