// How far an amount is from what an account usually spends at a time (its "average ticket").
#pragma once

#include "transaction.hpp"

namespace fraud {

/// Gives every transaction a score, 0 if its account is hardly known yet.
class AverageTicketAnalyzer {
 public:
  void open(sw::OperatorContext& context);
  void apply(const Transaction& transaction, sw::Output<Score>& out);

 private:
  /// Of the logarithms of amounts: spending is a matter of factors.
  struct Tickets {
    std::int64_t seen = 0;
    double mean = 0;
    double variance = 0;
  };

  static double deviation(const Tickets& tickets, double log_amount);
  static void learn(Tickets& tickets, double log_amount);

  sw::ValueState<Tickets> tickets_;
};

}  // namespace fraud
