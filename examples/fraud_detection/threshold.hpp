// What the best threshold on one number alone would have reached: the measure that the job has to beat.
//
// Every value that occurs is tried, from above and from below, with the truth at hand to choose the best one, which no
// real threshold has. Thread rule: pure functions.
#pragma once

#include <cstdint>
#include <vector>

namespace fraud {

/// Counts of right and wrong, and what is made of them.
struct Hits {
  std::int64_t frauds = 0;
  std::int64_t alerts = 0;
  std::int64_t true_alerts = 0;

  double precision() const { return share(true_alerts, alerts); }
  double recall() const { return share(true_alerts, frauds); }
  double f1() const {
    const double sum = precision() + recall();
    return sum > 0 ? 2 * precision() * recall() / sum : 0;
  }

 private:
  static double share(std::int64_t part, std::int64_t whole) {
    return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0;
  }
};

/// A number of a transaction, and whether it was a fraud.
struct Sample {
  double value = 0;
  bool fraud = false;
};

struct Threshold {
  double value = 0;
  bool above = true;  ///< suspicious is what is at least the value; otherwise, what is at most that
  double f1 = 0;
};

/// `frauds`: of all transactions, also of those without a sample.
Threshold best_threshold(std::vector<Sample> samples, std::int64_t frauds);

}  // namespace fraud
