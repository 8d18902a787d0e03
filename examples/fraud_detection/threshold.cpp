#include "threshold.hpp"

#include <algorithm>

namespace fraud {

Threshold best_threshold(std::vector<Sample> samples, std::int64_t frauds) {
  std::ranges::sort(samples, std::ranges::greater(), &Sample::value);
  Threshold best;
  for (const bool above : {true, false}) {
    if (!above) std::ranges::reverse(samples);
    Hits hits{.frauds = frauds};
    for (std::size_t i = 0; i < samples.size(); ++i) {
      ++hits.alerts;
      hits.true_alerts += samples[i].fraud ? 1 : 0;
      if (i + 1 < samples.size() && samples[i + 1].value == samples[i].value) continue;
      if (hits.f1() > best.f1) best = {samples[i].value, above, hits.f1()};
    }
  }
  return best;
}

}  // namespace fraud
