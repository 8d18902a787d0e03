// How good alerts are, when it is known which failures came.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "reading.hpp"

namespace maintenance {

/// Counts of right and wrong, and what is made of them.
struct Score {
  std::int64_t alerts = 0;
  std::int64_t true_alerts = 0;
  std::int64_t failures = 0;
  std::int64_t found = 0;

  double precision() const { return share(true_alerts, alerts); }
  double recall() const { return share(found, failures); }
  double f1() const {
    const double sum = precision() + recall();
    return sum > 0 ? 2 * precision() * recall() / sum : 0;
  }

 private:
  static double share(std::int64_t part, std::int64_t whole) {
    return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0;
  }
};

/// The failures of each machine, to be asked by time.
class FailureBook {
 public:
  explicit FailureBook(std::vector<Failure> failures);

  const std::vector<Failure>& failures() const { return failures_; }
  /// The failure before which a bearing of the machine was worn at that time.
  std::optional<std::size_t> worn_at(std::int64_t machine, sw::EventTime time) const;

 private:
  std::vector<Failure> failures_;  ///< by machine and time
};

/// An alert is true if it was raised between the beginning of the wear and the failure; a failure is found if at least
/// one alert was.
struct AlertTime {
  std::int64_t machine = 0;
  sw::EventTime raised;
};
Score score_of(const std::vector<AlertTime>& alerts, const FailureBook& book);

}  // namespace maintenance
