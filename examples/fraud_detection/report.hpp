// The report at the end of the job.
#pragma once

#include <string>
#include <vector>

#include "transaction.hpp"

namespace fraud {

/// What was collected while the job ran.
struct Findings {
  std::vector<LabelledTransaction> transactions;
  std::vector<Alert> alerts;
  std::vector<Verdict> verdicts;
};

/// How good the alerts are, by the labels of the transactions, and what thresholds would have reached.
std::string report_of(const Findings& findings);

}  // namespace fraud
