// The report at the end of the job.
#pragma once

#include <string>
#include <vector>

#include "incidents.hpp"
#include "score.hpp"
#include "threshold.hpp"

namespace maintenance {

/// What was collected while the job ran.
struct Findings {
  std::vector<Alert> alerts;
  std::vector<Incident> incidents;
  std::vector<Sample> means_of_a_minute;
  std::vector<Sample> greatest_of_a_minute;
  std::vector<Sample> means_of_ten_minutes;
};

/// Failures after the last reading are left out: a job that was ended early is judged by what it has seen.
std::string report_of(const Findings& findings, const std::vector<Machine>& machines,
                      const std::vector<Failure>& failures);

}  // namespace maintenance
