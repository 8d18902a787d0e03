// The traffic of a made-up town: how much of it there is at which hour, and what kinds of vehicles.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <random>
#include <string_view>

/// Time of day as it passes in the town.
using TownTime = std::chrono::duration<double, std::ratio<3600>>;  // hours since midnight, below 24

/// A stretch of the day with a name for it.
struct DayPart {
  double begins;  ///< hour
  std::string_view name;
};

class TownTraffic {
 public:
  /// Equal seeds give equal traffic.
  explicit TownTraffic(std::uint64_t seed) : random_(seed) {}

  /// Vehicles per second, on the average, at that time of day: some hundred at night, some thousand in the rush hours.
  static double rate_at(TownTime time);
  static const DayPart& part_of_day(TownTime time);

  /// How many vehicles pass while `seconds` go by. They come at random, as vehicles do (a Poisson process).
  int vehicles_within(double seconds, TownTime time);
  /// The type of the next vehicle. Trucks drive at night, buses and bicycles by day.
  std::string_view next_vehicle(TownTime time);

 private:
  std::mt19937_64 random_;
};
