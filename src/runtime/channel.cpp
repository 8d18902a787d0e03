#include "runtime/channel.hpp"

#include <cassert>
#include <utility>

#include "runtime/task.hpp"

namespace streamwork::runtime {

Channel::Channel(Task& producer, Task& consumer, int exchange, typed::BatchFactory make_batch, std::size_t channels)
    : producer_(producer),
      consumer_(consumer),
      exchange_(exchange),
      make_batch_(std::move(make_batch)),
      channels_(channels) {}

typed::BatchBase* Channel::make_batch() {
  batches_.push_back(make_batch_(channels_));
  return batches_.back().get();
}

typed::BatchBase* Channel::empty_batch() {
  typed::BatchBase* batch = nullptr;
  if (empty_.pop(batch)) return batch;
  assert(batches_.size() < capacity + 2 && "a batch was lost");
  return make_batch();
}

bool Channel::hand_over(typed::BatchBase*& batch) {
  if (!full_.push(batch)) {
    // Announce the wait, then look once more: the consumer looks for the announcement after it has taken a batch.
    producer_waits_.exchange(true);
    if (!full_.push(batch)) {
      producer_.wait_for(typed::WaitReason::output, exchange_);
      return false;
    }
    producer_waits_.exchange(false);
  }
  batch = empty_batch();
  consumer_.wake();
  return true;
}

typed::BatchBase* Channel::take() {
  typed::BatchBase* batch = nullptr;
  if (!full_.pop(batch)) return nullptr;
  if (producer_waits_.exchange(false)) producer_.wake();
  meter_.pass(*batch);
  return batch;
}

void Channel::give_back(typed::BatchBase& batch) {
  batch.clear();
  [[maybe_unused]] const bool returned = empty_.push(&batch);
  assert(returned);
}

}  // namespace streamwork::runtime
