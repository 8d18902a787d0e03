#include "wear_watch.hpp"

#include <algorithm>
#include <cmath>

namespace maintenance {

namespace {

/// From where on a type's excess counts: by experience of its maintenance crew.
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
constexpr std::size_t windows_of_a_trend = 40;
constexpr double least_share_of_limit_by_trend = 0.7;
constexpr int windows_in_a_row = 3;

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

/// By how much the smaller of both excesses is above its limit; 0 unless both have grown lately.
double WearWatch::score(const Watched& watched, const Seen& now, const std::string& type) {
  const Limits& limits = limits_of(type);
  if (watched.recent.size() < windows_of_a_trend) return 0;
  const Excess& before = watched.recent[watched.recent.size() - windows_of_a_trend].excess;
  const double vibration_trend = (now.excess.vibration - before.vibration) / limits.vibration;
  const double temperature_trend = (now.excess.temperature - before.temperature) / limits.temperature;
  if (std::min(vibration_trend, temperature_trend) < least_share_of_limit_by_trend) return 0;
  return std::max(0.0, std::min(now.excess.vibration / limits.vibration, now.excess.temperature / limits.temperature));
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
  Seen now{{1, summary.load, watched.slow_load}, summary.log_vibration, summary.temperature, false, {}};
  now.excess = watched.normal.excess(now.features, now.log_vibration, now.temperature);
  const bool known = watched.normal.windows_learnt >= windows_to_know_a_machine;
  const double worn = known ? score(watched, now, window.right ? window.right->type : "") : 0;
  now.anomalous = worn >= 1;
  watched.anomalous_in_a_row = now.anomalous ? watched.anomalous_in_a_row + 1 : 0;
  if (watched.anomalous_in_a_row >= windows_in_a_row) {
    out.emit({window.key, name_of(window), window.left->end, now.excess.vibration, now.excess.temperature, worn});
  }
  if (known) levels_->emit({window.key, name_of(window), window.left->end, worn});
  watched.recent.push_back(now);
  if (watched.recent.size() > windows_until_learnt) {
    const Seen& oldest = watched.recent.front();
    if (!oldest.anomalous) watched.normal.learn(oldest.features, oldest.log_vibration, oldest.temperature);
    watched.recent.pop_front();
  }
}

}  // namespace maintenance
