#include <algorithm>
#include <cmath>
#include <vehicle_count_demo/town_traffic.hpp>

namespace {

/// Vehicles per second at each full hour; linear in between.
constexpr std::array<double, 25> hourly_rates = {400,  300,  250,  250,  400,  800,  1800, 3200, 3400,
                                                 2200, 1600, 1500, 1700, 1600, 1600, 2000, 2900, 3600,
                                                 3300, 2300, 1500, 1100, 800,  600,  400};

constexpr std::array<DayPart, 7> day_parts = {{{0, "night"},
                                               {5, "the town wakes up"},
                                               {6.5, "morning rush"},
                                               {9.5, "a quiet forenoon"},
                                               {15.5, "evening rush"},
                                               {19.5, "a quiet evening"},
                                               {23, "night"}}};

struct VehicleKind {
  std::string_view type;
  double by_day;    ///< share of the traffic at noon, in per cent
  double by_night;  ///< and at midnight
};

constexpr std::array<VehicleKind, 9> vehicle_kinds = {{{"car", 61, 58},
                                                       {"van", 12, 7},
                                                       {"bicycle", 8, 1.5},
                                                       {"truck", 6.5, 24},
                                                       {"motorcycle", 5, 2},
                                                       {"bus", 4, 1},
                                                       {"taxi", 3, 6},
                                                       {"ambulance", 0.3, 0.5},
                                                       {"tractor", 0.2, 0}}};

/// 1 at noon, 0 at midnight.
double light_at(TownTime time) { return (1 - std::cos(time.count() / 12 * 3.14159265)) / 2; }

double share_at(const VehicleKind& kind, double light) { return kind.by_night + (kind.by_day - kind.by_night) * light; }

}  // namespace

double TownTraffic::rate_at(TownTime time) {
  const double hour = std::clamp(time.count(), 0.0, 23.999);
  const auto full_hour = static_cast<std::size_t>(hour);
  const double before = hourly_rates[full_hour];
  return before + (hourly_rates[full_hour + 1] - before) * (hour - static_cast<double>(full_hour));
}

const DayPart& TownTraffic::part_of_day(TownTime time) {
  const auto next = std::ranges::upper_bound(day_parts, time.count(), {}, &DayPart::begins);
  return *std::prev(next);
}

int TownTraffic::vehicles_within(double seconds, TownTime time) {
  return std::poisson_distribution<int>(rate_at(time) * seconds)(random_);
}

std::string_view TownTraffic::next_vehicle(TownTime time) {
  const double light = light_at(time);
  double all = 0;
  for (const VehicleKind& kind : vehicle_kinds) all += share_at(kind, light);
  double left = std::uniform_real_distribution<double>(0, all)(random_);
  for (const VehicleKind& kind : vehicle_kinds) {
    left -= share_at(kind, light);
    if (left < 0) return kind.type;
  }
  return vehicle_kinds.front().type;
}
