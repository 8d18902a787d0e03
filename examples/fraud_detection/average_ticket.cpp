#include "average_ticket.hpp"

#include <algorithm>
#include <cmath>

namespace fraud {

namespace {

constexpr std::int64_t tickets_until_known = 8;
constexpr double slowest_learning = 1.0 / 120;  // of what is new, when an account is well known
constexpr double least_deviation = 0.25;        // of logarithms: nobody always spends the same
constexpr double most_learnt = 2;               // deviations: a theft must not become usual
// Deviations that would be enough alone, if it did not take more than that to be.
constexpr double enough_above = 3.8;
constexpr double enough_below = 6;  // who tries out a number takes little
constexpr double usual_below = 1.2;
constexpr double most = 0.65;  // a fridge is no fraud, nor is a chewing gum

double score_of(double deviation) {
  return std::clamp(std::max(deviation / enough_above, (-deviation - usual_below) / enough_below), 0.0, most);
}

}  // namespace

void AverageTicketAnalyzer::open(sw::OperatorContext& context) { tickets_ = context.value_state<Tickets>("tickets"); }

double AverageTicketAnalyzer::deviation(const Tickets& tickets, double log_amount) {
  return (log_amount - tickets.mean) / std::max(std::sqrt(tickets.variance), least_deviation);
}

/// Moving mean and variance, with what is far off cut down.
void AverageTicketAnalyzer::learn(Tickets& tickets, double log_amount) {
  const double share = std::max(1.0 / static_cast<double>(++tickets.seen), slowest_learning);
  if (tickets.seen > tickets_until_known) {
    const double bound = most_learnt * std::max(std::sqrt(tickets.variance), least_deviation);
    log_amount = std::clamp(log_amount, tickets.mean - bound, tickets.mean + bound);
  }
  const double difference = log_amount - tickets.mean;
  tickets.mean += share * difference;
  tickets.variance = (1 - share) * (tickets.variance + share * difference * difference);
}

void AverageTicketAnalyzer::apply(const Transaction& transaction, sw::Output<Score>& out) {
  const double log_amount = std::log(transaction.amount);
  double score = 0;
  if (tickets_->seen >= tickets_until_known) score = score_of(deviation(*tickets_, log_amount));
  learn(*tickets_, log_amount);
  out.emit({transaction, Analyzer::ticket, score});
}

}  // namespace fraud
