#include "proximity.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace fraud {

namespace {

constexpr double earth_radius = 6371;  // km
constexpr double area_radius = 25;     // km: purchases no farther apart are in one place
constexpr double slack = 40;           // km that need no time: shops are large and clocks are wrong
constexpr double fastest = 500;        // km/h, from door to door
constexpr double score_of_suspect = 1.1;
constexpr double remembered = 0.98;  // of the weight of an area, with every purchase
constexpr double least_weight = 0.1;

double distance(double latitude, double longitude, double other_latitude, double other_longitude) {
  constexpr double radians = std::numbers::pi / 180;
  const double north = std::sin((latitude - other_latitude) * radians / 2);
  const double east = std::sin((longitude - other_longitude) * radians / 2);
  const double square = north * north + std::cos(latitude * radians) * std::cos(other_latitude * radians) * east * east;
  return 2 * earth_radius * std::asin(std::min(1.0, std::sqrt(square)));
}
double distance(const Transaction& from, const Transaction& to) {
  return distance(*from.latitude, *from.longitude, *to.latitude, *to.longitude);
}

bool is_possible(const Transaction& from, const Transaction& to) {
  const double hours = std::chrono::duration<double, std::ratio<3600>>(to.time - from.time).count();
  return distance(from, to) - slack <= fastest * std::abs(hours);
}

}  // namespace

void ProximityAnalyzer::open(sw::OperatorContext& context) {
  whereabouts_ = context.value_state<Whereabouts>("whereabouts");
}

double ProximityAnalyzer::usual(const Whereabouts& whereabouts, const Transaction& transaction) {
  double weight = 0;
  for (const Area& area : whereabouts.areas) {
    if (distance(area.latitude, area.longitude, *transaction.latitude, *transaction.longitude) <= area_radius)
      weight += area.weight;
  }
  return whereabouts.weights > 0 ? weight / whereabouts.weights : 0;
}

void ProximityAnalyzer::learn(Whereabouts& whereabouts, const Transaction& transaction) {
  for (Area& area : whereabouts.areas) area.weight *= remembered;
  std::erase_if(whereabouts.areas, [](const Area& area) { return area.weight < least_weight; });
  const auto known = std::ranges::find_if(whereabouts.areas, [&](const Area& area) {
    return distance(area.latitude, area.longitude, *transaction.latitude, *transaction.longitude) <= area_radius;
  });
  if (known == whereabouts.areas.end()) {
    whereabouts.areas.push_back({*transaction.latitude, *transaction.longitude, 1});
  } else {
    known->weight += 1;
  }
  whereabouts.weights = 0;
  for (const Area& area : whereabouts.areas) whereabouts.weights += area.weight;
}

void ProximityAnalyzer::compare(Visit& earlier, Visit& now, sw::Output<Score>& out) {
  if (!is_possible(earlier.transaction, now.transaction)) {
    Visit& suspect = earlier.usual < now.usual ? earlier : now;
    if (!suspect.suspicious) out.emit({suspect.transaction, Analyzer::proximity, score_of_suspect});
    suspect.suspicious = true;
  }
}

void ProximityAnalyzer::apply(const Transaction& transaction, sw::Output<Score>& out) {
  if (!transaction.latitude || !transaction.longitude) return;
  Whereabouts& whereabouts = *whereabouts_;
  std::erase_if(whereabouts.recent,
                [&](const Visit& visit) { return visit.transaction.time + proximity_window < transaction.time; });
  Visit now{transaction, usual(whereabouts, transaction), false};
  for (Visit& earlier : whereabouts.recent) {
    if (!earlier.suspicious) compare(earlier, now, out);
  }
  // Where one purchase was a thief's, so are those around it, before and after, until the owner is seen there.
  const auto beside = [&](const Visit& visit) { return distance(visit.transaction, now.transaction) <= area_radius; };
  const bool among_thieves =
      std::ranges::any_of(whereabouts.recent, [&](const Visit& visit) { return visit.suspicious && beside(visit); });
  if (among_thieves && !now.suspicious) {
    out.emit({transaction, Analyzer::proximity, score_of_suspect});
    now.suspicious = true;
  }
  if (!now.suspicious) learn(whereabouts, transaction);
  whereabouts.recent.push_back(now);
}

}  // namespace fraud
