#include <streamwork/typed/segment.hpp>

namespace streamwork::typed {

void TaskDelivery::add_consumer(Segment& consumer, std::size_t input) { consumers_.push_back({&consumer, input}); }

bool TaskDelivery::deliver(BatchBase& batch) {
  if (!under_way_) {
    if (consumers_.empty()) return true;
    under_way_ = true;
    next_ = 0;
    offer(batch);
  }
  while (consumers_[next_].segment->advance()) {
    if (++next_ == consumers_.size()) {
      under_way_ = false;
      return true;
    }
    offer(batch);
  }
  return false;
}

void TaskDelivery::offer(BatchBase& batch) {
  consumers_[next_].segment->accept(batch, consumers_[next_].input, next_ + 1 == consumers_.size());
}

BuiltSegment::BuiltSegment() = default;
BuiltSegment::BuiltSegment(BuiltSegment&&) noexcept = default;
BuiltSegment& BuiltSegment::operator=(BuiltSegment&&) noexcept = default;
BuiltSegment::~BuiltSegment() = default;

}  // namespace streamwork::typed
