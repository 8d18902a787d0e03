// From windows that look like wear to incidents: windows of one machine that are never far apart are one incident.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <streamwork/streamwork.hpp>
#include <string>

#include "reading.hpp"
#include "wear_watch.hpp"

namespace maintenance {

/// After so much time without an anomaly, the next one is another incident.
inline constexpr sw::Duration incident_gap = std::chrono::minutes(45);

inline double rounded(double value, double digits = 10) { return std::round(value * digits) / digits; }

/// What the maintenance crew gets, as soon as an incident begins.
struct Alert {
  std::string machine;
  std::int64_t number = 0;  ///< of the machine
  sw::EventTime raised;
  double vibration_percent = 0;  ///< above normal
  double degrees = 0;            ///< above normal
};

/// Lets the first anomaly of each incident through. A session tells of an incident when it is over, and then the machine
/// stands still; so the session makes the history, and this the alerts.
class FirstOfIncident {
 public:
  void open(sw::OperatorContext& context) { last_ = context.value_state<std::optional<sw::EventTime>>("last anomaly"); }
  void apply(const Anomaly& anomaly, sw::Output<Alert>& out) {
    const bool first = !*last_ || anomaly.time - **last_ > incident_gap;
    *last_ = anomaly.time;
    if (!first) return;
    out.emit({anomaly.name, anomaly.machine, anomaly.time, rounded(100 * (std::exp(anomaly.vibration_excess) - 1)),
              rounded(anomaly.temperature_excess)});
  }

 private:
  sw::ValueState<std::optional<sw::EventTime>> last_;
};

/// What is told of an incident afterwards.
struct IncidentHistory {
  struct State {
    std::int64_t windows = 0;
    double worst_score = 0;
  };
  static void add(State& state, const Anomaly& anomaly) {
    ++state.windows;
    state.worst_score = std::max(state.worst_score, anomaly.score);
  }
  static void combine(State& state, const State& later) {
    state.windows += later.windows;
    state.worst_score = std::max(state.worst_score, later.worst_score);
  }
  static const State& result(const State& state) { return state; }
};
using Incident = sw::WindowResult<std::int64_t, IncidentHistory::State>;

}  // namespace maintenance
