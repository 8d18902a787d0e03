// More transactions in a short time than people usually make.
#pragma once

#include <algorithm>
#include <vector>

#include "transaction.hpp"

namespace fraud {

inline constexpr sw::Duration count_window = std::chrono::minutes(15);
inline constexpr sw::Duration count_window_step = std::chrono::minutes(1);

/// The scores of the transactions of one window of an account: none unless there are several. Purchases in shops and on the
/// internet count apart: the owner who buys a coffee does not belong to those who try out his number.
inline std::vector<Score> scores_of_window(const std::vector<Transaction>& transactions) {
  constexpr double unsuspicious = 2;
  constexpr double enough_alone = 5.22;
  constexpr double most = 1.2;
  const auto on_the_internet = [](const Transaction& transaction) { return !transaction.latitude; };
  const auto online = static_cast<double>(std::ranges::count_if(transactions, on_the_internet));
  const double in_shops = static_cast<double>(transactions.size()) - online;
  std::vector<Score> scores;
  for (const Transaction& transaction : transactions) {
    const double more = (on_the_internet(transaction) ? online : in_shops) - unsuspicious;
    if (more > 0)
      scores.push_back({transaction, Analyzer::count, std::min(most, more / (enough_alone - unsuspicious))});
  }
  return scores;
}

}  // namespace fraud
