#include "wear_watch.hpp"

#include <algorithm>
#include <cmath>

namespace maintenance {

namespace {

/// From where on a type's growth counts: by experience of its maintenance crew.
struct Limits {
  const char* type;
  double vibration;
  double temperature;
};
constexpr Limits limits_of_types[] = {
    {"pump", 0.11, 1.7}, {"fan", 0.11, 1.6}, {"compressor", 0.11, 1.8}, {"press", 0.11, 1.7}};
constexpr Limits limits_of_others = {"", 0.15, 2.5};

constexpr std::size_t windows_until_learnt = 90;
constexpr std::int64_t windows_to_know_a_machine = 120;
constexpr std::size_t windows_of_growth = 40;
constexpr std::size_t least_windows_before = 10;
constexpr double least_score = 0.7;  // below, it may be drift and noise, and is told as 0
constexpr int windows_in_a_row = 3;
constexpr double odd_limits = 1.5;  // well above the limit: the daily drift alone comes near it
constexpr double odd_doubts = 3;
constexpr double growth_doubts = 2;
constexpr std::int64_t windows_until_odd_is_normal = 300;  // whatever it is, it has come to stay

const Limits& limits_of(const std::string& type) {
  for (const Limits& limits : limits_of_types) {
    if (type == limits.type) return limits;
  }
  return limits_of_others;
}

std::string name_of(const KnownWindow& window) { return window.right ? window.right->name : ""; }

}  // namespace

void WearWatch::open(sw::OperatorContext& context) {
  watched_ = context.value_state<Watched>("watched");
  levels_ = &context.side_output(wear_levels);
  standstills_ = &context.side_output(standstills);
}

/// Against the machine itself some time ago: how it drifts over the day, and what is wrong with the level that was learnt,
/// is the same then and now. Only what the load has changed since must be known; as far as it is not, more is asked for.
WearWatch::Growth WearWatch::growth(const Watched& watched, const Seen& now) {
  if (watched.recent.size() < windows_of_growth + least_windows_before) return {};
  const std::size_t windows = watched.recent.size() - windows_of_growth;
  NormalLevel::Features load_change = now.features;
  Growth growth{now.values};
  for (std::size_t i = 0; i < windows; ++i) {
    const Seen& before = watched.recent[i];
    for (std::size_t j = 0; j < load_change.size(); ++j)
      load_change[j] -= before.features[j] / static_cast<double>(windows);
    for (std::size_t j = 0; j < growth.grown.size(); ++j)
      growth.grown[j] -= before.values[j] / static_cast<double>(windows);
  }
  Both of_limit{};
  for (std::size_t i = 0; i < growth.grown.size(); ++i) {
    growth.grown[i] -= watched.normal[i].expected(load_change);
    of_limit[i] = growth.grown[i] / (1 + growth_doubts * watched.normal[i].doubt(load_change));
  }
  const double least = std::min(of_limit[0], of_limit[1]);
  growth.score = least < least_score ? 0 : least;
  return growth;
}

/// Wear is not normal, and neither is rough material or a blocked inlet: learnt, it would be taken for what load does.
void WearWatch::learn(Watched& watched, const Seen& oldest) {
  for (std::size_t i = 0; i < watched.normal.size(); ++i) {
    watched.odd_in_a_row[i] = oldest.odd[i] || oldest.anomalous ? watched.odd_in_a_row[i] + 1 : 0;
    const bool normal = watched.odd_in_a_row[i] == 0 || watched.odd_in_a_row[i] > windows_until_odd_is_normal;
    if (normal) watched.normal[i].learn(oldest.features, oldest.values[i]);
  }
}

/// What led to a repair is not normal: forget it.
void WearWatch::stand_still(Watched& watched, const KnownWindow& window) {
  watched.recent.clear();
  watched.anomalous_in_a_row = 0;
  if (!watched.stands_still) standstills_->emit({window.key, name_of(window), window.left->end});
  watched.stands_still = true;
}

void WearWatch::apply(const KnownWindow& window, sw::Output<Anomaly>& out) {
  Watched& watched = *watched_;
  const Summary& summary = window.left->value;
  watched.slow_load =
      watched.slow_load < 0 ? summary.load : watched.slow_load + (summary.load - watched.slow_load) / 12;
  if (summary.stood_still) return stand_still(watched, window);
  watched.stands_still = false;
  const Limits& limits = limits_of(window.right ? window.right->type : "");
  Seen now{{1, summary.load, watched.slow_load},
           {summary.log_vibration / limits.vibration, summary.temperature / limits.temperature}};
  const auto& [vibration, temperature] = watched.normal;
  const bool known = std::min(vibration.windows_learnt, temperature.windows_learnt) >= windows_to_know_a_machine;
  for (std::size_t i = 0; known && i < now.odd.size(); ++i) {
    const NormalLevel& normal = watched.normal[i];
    const double excess = std::abs(now.values[i] - normal.expected(now.features));
    now.odd[i] = excess > odd_limits + odd_doubts * normal.doubt(now.features);
  }
  const Growth worn = known ? growth(watched, now) : Growth{};
  now.anomalous = worn.score >= 1;
  watched.anomalous_in_a_row = now.anomalous ? watched.anomalous_in_a_row + 1 : 0;
  if (watched.anomalous_in_a_row >= windows_in_a_row) {
    out.emit({window.key, name_of(window), window.left->end, worn.grown[0] * limits.vibration,
              worn.grown[1] * limits.temperature, worn.score});
  }
  if (known) levels_->emit({window.key, name_of(window), window.left->end, worn.score});
  watched.recent.push_back(now);
  if (watched.recent.size() > windows_until_learnt) {
    learn(watched, watched.recent.front());
    watched.recent.pop_front();
  }
}

}  // namespace maintenance
