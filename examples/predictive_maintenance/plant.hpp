// A made-up plant: every reading is a pure function of the seed and the reading's number.
//
// Machines differ by type and by nature; their load changes by the hour, and with it vibration (at once) and temperature
// (slowly). On top of that come slow drift, noise, single spikes, and long episodes that mean nothing: rough material makes
// a machine shake, a blocked air inlet makes it warm. A worn bearing does both, and ends in a failure and a repair.
// Thread rule: immutable once made.
#pragma once

#include <cstdint>
#include <vector>

#include "reading.hpp"

namespace maintenance {

/// What happens to a machine for a while.
struct Episode {
  double begin = 0;   ///< minutes after the start
  double peak = 0;    ///< when it is at its worst
  double end = 0;     ///< when it is over; nothing is an episode that ends where it begins
  double shake = 0;   ///< how much it adds to the logarithm of the vibration, at its worst
  double warmth = 0;  ///< and to the temperature
  bool wear = false;  ///< it is a worn bearing: the machine fails at the peak and stands still until the end
};

/// What a machine is like.
struct Nature {
  double vibration = 0;     ///< at half load
  double temperature = 0;   ///< without load
  double heating = 0;       ///< by full load
  double cycle = 0;         ///< minutes between changes of load
  double drift_period = 0;  ///< minutes
  double vibration_phase = 0;
  double temperature_phase = 0;
  std::uint64_t seed = 0;
  double last_episode = 0;  ///< minutes: what would go on after this does not begin
};

/// Longer than anybody looks on: a hundred years.
inline constexpr std::int64_t hours_without_end = 1'000'000;

class Plant {
 public:
  Plant(std::uint64_t seed, std::int64_t machines, std::int64_t hours);

  std::uint64_t readings() const;
  /// Of all machines together.
  std::uint64_t readings_per_hour() const;
  /// REQUIRES: `number` is below `readings()`.
  Reading reading(std::uint64_t number) const;

  const std::vector<Machine>& machines() const { return machines_; }
  /// All failures of the plant's time, by machine and time. REQUIRES: it has an end.
  std::vector<Failure> failures() const;

 private:
  std::int64_t hours_;
  std::vector<Machine> machines_;
  std::vector<Nature> natures_;
};

}  // namespace maintenance
