// The way from an exchange to its consumers in the same task: a call.
#pragma once

#include <streamwork/typed/segment.hpp>

namespace streamwork::runtime {

class CallLane final : public typed::BatchLane {
 public:
  void add_consumer(typed::Segment& consumer, std::size_t input) { delivery_.add_consumer(consumer, input); }

  typed::EdgeMeter& meter() { return meter_; }

  bool hand_over(typed::BatchBase*& batch) override {
    if (!delivery_.under_way()) meter_.pass(*batch);
    if (!delivery_.deliver(*batch)) return false;
    batch->clear();
    return true;
  }
  bool consumer_waits() const override { return true; }

 private:
  typed::TaskDelivery delivery_;
  typed::EdgeMeter meter_;
};

}  // namespace streamwork::runtime
