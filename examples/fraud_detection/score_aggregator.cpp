#include "score_aggregator.hpp"

#include <algorithm>
#include <cmath>

#include "proximity.hpp"
#include "transactions_per_window.hpp"

namespace fraud {

namespace {

constexpr double threshold = 1;
/// After so much time there are no more scores of a transaction.
constexpr sw::Duration horizon = std::max(proximity_window, count_window) + std::chrono::minutes(1);

double rounded(double score) { return std::round(score * 1000) / 1000; }

void take(JoinedScores& scores, Analyzer analyzer, double score) {
  double& known = analyzer == Analyzer::ticket      ? scores.ticket
                  : analyzer == Analyzer::proximity ? scores.proximity
                                                    : scores.count;
  known = std::max(known, rounded(score));
}

}  // namespace

void ScoreAggregator::open(sw::OperatorContext& context) {
  joined_ = context.value_state<Joined>("joined");
  id_ = context.current_key<std::string>();
  timers_ = context.event_timers();
  time_ = context.time();
  verdicts_ = &context.side_output(verdicts);
}

void ScoreAggregator::apply(const Score& score, sw::Output<Alert>&) {
  if (!joined_->transaction) {
    joined_->transaction = score.transaction;
    timers_.set(score.transaction.time + horizon);
  }
  joined_->waiting.push_back({score.analyzer, score.score, time_.event_time()});
  timers_.set(time_.event_time() + sw::Duration(1));  // then no other one of this very instant can come
}

void ScoreAggregator::on_timer(sw::EventTime now, sw::Output<Alert>& out) {
  std::ranges::stable_sort(joined_->waiting, {}, &Evidence::time);
  auto next = joined_->waiting.begin();
  while (next != joined_->waiting.end() && next->time < now) {
    const sw::EventTime time = next->time;
    for (; next != joined_->waiting.end() && next->time == time; ++next)
      take(joined_->scores, next->analyzer, next->score);
    raise_if_due(time, out);
  }
  joined_->waiting.erase(joined_->waiting.begin(), next);
  if (now < joined_->transaction->time + horizon) return;
  verdicts_->emit({*id_, joined_->scores});
  id_.forget();
}

void ScoreAggregator::raise_if_due(sw::EventTime time, sw::Output<Alert>& out) {
  if (joined_->alerted || joined_->scores.total() < threshold) return;
  joined_->alerted = true;
  const Transaction& of = *joined_->transaction;
  // A window speaks at its last instant: in whole milliseconds that is its end.
  const sw::EventTime raised = std::chrono::ceil<std::chrono::milliseconds>(time);
  out.emit({of.id, of.account, of.time, raised, of.amount, rounded(joined_->scores.total()), joined_->scores});
}

}  // namespace fraud
