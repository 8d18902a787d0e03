// The operator of the job: counts the transactions and the frauds of each merchandise.
#pragma once

#include <memory>

#include "score_store.hpp"
#include "transaction.hpp"

namespace system_usage {

/// A transaction as it was counted, and how often its merchandise was bought by then.
struct Usage {
  std::uint64_t transaction;
  std::int64_t merchandise;
  bool fraud;
  std::int64_t transactions;
  std::int64_t frauds;
};

/// Behind `key_by(&Transaction::merchandise)`.
class UsageAnalyzer {
 public:
  explicit UsageAnalyzer(std::shared_ptr<const ScoreStore> scores) : scores_(std::move(scores)) {}

  void open(sw::OperatorContext& context) {
    transactions_ = context.value_state<std::int64_t>("transactions");
    frauds_ = context.value_state<std::int64_t>("frauds");
  }
  void apply(const Transaction& transaction, sw::Output<Usage>& out) {
    const bool fraud = scores_->is_fraud(transaction.merchandise);
    ++*transactions_;
    if (fraud) ++*frauds_;
    out.emit({transaction.id, transaction.merchandise, fraud, *transactions_, *frauds_});
  }

 private:
  std::shared_ptr<const ScoreStore> scores_;
  sw::ValueState<std::int64_t> transactions_;
  sw::ValueState<std::int64_t> frauds_;
};

}  // namespace system_usage
