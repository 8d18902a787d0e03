// What the best threshold on one field alone would have reached: the measure that the job has to beat.
//
// Every value that occurs is tried as a threshold, from above and from below, with the truth at hand to choose the best
// one, which no real threshold has. Thread rule: pure functions.
#pragma once

#include <string>
#include <vector>

#include "reading.hpp"
#include "score.hpp"

namespace maintenance {

/// What a window of one machine had in each field.
struct Sample {
  std::int64_t machine = 0;
  sw::EventTime end;
  double vibration = 0;
  double temperature = 0;
  double load = 0;
};

struct BestThreshold {
  std::string field;
  double threshold = 0;
  double f1 = 0;
};

/// The threshold whose alerts score best. Windows beyond it become incidents and alerts as the job's anomalies do.
BestThreshold best_by_alerts(const std::vector<Sample>& samples, double Sample::* field, bool above,
                             const FailureBook& book);
/// The threshold that tells best, window by window, whether the bearing is worn.
BestThreshold best_by_windows(const std::vector<Sample>& samples, double Sample::* field, bool above,
                              const FailureBook& book);

}  // namespace maintenance
