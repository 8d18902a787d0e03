// Brings the transactions of an account into the order of their times, so that what looks at them need not care how they
// came in.
#pragma once

#include <algorithm>
#include <tuple>
#include <vector>

#include "transaction.hpp"

namespace fraud {

/// Holds a transaction back until event time has passed it. One that is late goes on at once, and is counted.
class InOrderOfTime {
 public:
  void open(sw::OperatorContext& context) {
    waiting_ = context.value_state<std::vector<Transaction>>("waiting");
    timers_ = context.event_timers();
    time_ = context.time();
  }
  void apply(const Transaction& transaction, sw::Output<Transaction>&) {
    if (transaction.time < time_.watermark()) time_.count_late(transaction);
    waiting_->push_back(transaction);
    timers_.set(transaction.time + sw::Duration(1));  // then no other one of this very instant can come
  }
  void on_timer(sw::EventTime now, sw::Output<Transaction>& out) {
    std::ranges::sort(*waiting_, {}, [](const Transaction& of) { return std::tie(of.time, of.id); });
    const auto first_to_stay = std::ranges::lower_bound(*waiting_, now, {}, &Transaction::time);
    for (auto next = waiting_->begin(); next != first_to_stay; ++next) out.emit(*next, next->time);
    waiting_->erase(waiting_->begin(), first_to_stay);
  }

 private:
  sw::ValueState<std::vector<Transaction>> waiting_;
  sw::EventTimers timers_;
  sw::OperatorTime time_;
};

}  // namespace fraud
