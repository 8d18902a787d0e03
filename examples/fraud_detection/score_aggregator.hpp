// Joins the scores of each transaction, and raises an alert as soon as they are too high together.
#pragma once

#include <vector>

#include "transaction.hpp"

namespace fraud {

/// What was found out about every transaction in the end, for the report.
inline const sw::SideOutput<Verdict> verdicts("verdicts");

/// Scores count in the order of their event times, however they come in: so an alert says the same in any layout of the job.
/// A transaction is forgotten when no more scores of it can come.
class ScoreAggregator {
 public:
  void open(sw::OperatorContext& context);
  void apply(const Score& score, sw::Output<Alert>& out);
  void on_timer(sw::EventTime now, sw::Output<Alert>& out);

 private:
  struct Evidence {
    Analyzer analyzer{};
    double score = 0;
    sw::EventTime time;
  };
  struct Joined {
    std::optional<Transaction> transaction;
    std::vector<Evidence> waiting;
    JoinedScores scores;
    bool alerted = false;
  };

  void raise_if_due(sw::EventTime time, sw::Output<Alert>& out);

  sw::ValueState<Joined> joined_;
  sw::CurrentKey<std::string> id_;
  sw::EventTimers timers_;
  sw::OperatorTime time_;
  sw::Output<Verdict>* verdicts_ = nullptr;
};

}  // namespace fraud
