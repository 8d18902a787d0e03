// How barriers come to a task, pass through it, and what is saved on the way (Carbone et al. 2015, after Chandy and Lamport).
#include <chrono>
#include <utility>

#include "runtime/task.hpp"

namespace streamwork::runtime {

using typed::WaitReason;

namespace {

/// How soon a task looks again whether the storage has taken some of what it has saved.
constexpr std::chrono::milliseconds congestion_pause{1};

}  // namespace

const typed::RestoredState* Task::restored() const {
  return checkpoints_ == nullptr ? nullptr : checkpoints_->restored();
}

/// Of a task that begins with a source. True: no barrier is due.
bool Task::send_barrier() {
  if (checkpoints_ == nullptr) return true;
  if (cut_ == Cut::none) {
    const typed::Barrier requested = checkpoints_->requested();
    if (requested.checkpoint <= barrier_.checkpoint) return true;
    barrier_ = requested;
    begin_snapshot(requested);
    cut_ = Cut::passing;
  }
  if (!segments_.front().source->cut(barrier_)) return false;
  end_cut();
  return true;
}

/// The source of the task hears which checkpoint is complete.
void Task::tell_completed() {
  if (checkpoints_ == nullptr) return;
  const std::uint64_t completed = checkpoints_->completed();
  if (completed == told_completed_) return;
  told_completed_ = completed;
  segments_.front().source->completed(completed);
}

/// An input has brought a barrier, with what stands before it in `batch` delivered.
void Task::meet_barrier(Input& input, typed::BatchBase& batch, const typed::Barrier& barrier) {
  if (barrier.checkpoint > barrier_.checkpoint) begin_alignment(barrier);
  Entry& entry = *entries_[input.entry];
  if (barrier.checkpoint == barrier_.checkpoint && !input.met) {
    input.met = true;
    ++met_;
    if (++entry.met == entry.channels) {
      batch.clear();
      batch.add_barrier(barrier);
      entry.barrier_batch = &batch;
      entry.barrier_channel = input.channel;
      if (met_ == inputs_.size()) {
        begin_snapshot(barrier);
        cut_ = Cut::passing;
      }
      return;
    }
  }
  input.channel->give_back(batch);
}

/// A new barrier; one that was still waited for was given up by the coordinator.
void Task::begin_alignment(const typed::Barrier& barrier) {
  barrier_ = barrier;
  cut_ = Cut::meeting;
  checkpoints_->met(*this, barrier);
  met_ = 0;
  for (Input& input : inputs_) input.met = false;
  for (const auto& entry : entries_) {
    entry->met = 0;
    if (entry->barrier_batch != nullptr)
      entry->barrier_channel->give_back(*std::exchange(entry->barrier_batch, nullptr));
  }
}

/// Hands the barrier through the segments. True: it is behind them.
bool Task::pass_barrier() {
  for (; passed_entries_ < entries_.size(); ++passed_entries_) {
    Entry& entry = *entries_[passed_entries_];
    if (!entry.delivery.deliver(*entry.barrier_batch)) return false;
    entry.barrier_channel->give_back(*std::exchange(entry.barrier_batch, nullptr));
  }
  passed_entries_ = 0;
  end_cut();
  for (Input& input : inputs_) input.met = false;
  return true;
}

void Task::begin_snapshot(const typed::Barrier& barrier) {
  snapshot_ = checkpoints_->begin(*this, barrier);
  saved_segments_ = segments_.size();  // none has anything left to save before the barrier has passed
}

void Task::end_cut() {
  cut_ = Cut::none;
  saved_segments_ = 0;
  checkpoints_->passed(*this, barrier_);
}

/// Saves a little of what the segments have left. True: nothing is left.
bool Task::save_some() {
  if (snapshot_ == nullptr || cut_ != Cut::none) return snapshot_ == nullptr;
  if (snapshot_->congested()) return false;
  for (; saved_segments_ < segments_.size(); ++saved_segments_) {
    if (!segments_[saved_segments_].segment->save_more()) return false;
  }
  checkpoints_->saved(*this, std::move(snapshot_));
  return true;
}

/// Saves on while there is nothing else to do. False: the slice is over, or the storage is slow.
bool Task::save_the_rest() {
  while (!save_some()) {
    if (cut_ != Cut::none) return true;
    if (snapshot_->congested()) {
      wake_at(clock().steady_now() + congestion_pause);
      wait_for(WaitReason::outside);
      return false;
    }
    if (time_is_up()) {
      wait_for(WaitReason::none);
      return false;
    }
  }
  return true;
}

}  // namespace streamwork::runtime
