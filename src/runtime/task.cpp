#include "runtime/task.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace streamwork::runtime {

using typed::WaitReason;

typed::TaskDelivery& Task::entry(int exchange) {
  for (const auto& entry : entries_) {
    if (entry->exchange == exchange) return entry->delivery;
  }
  entries_.push_back(std::make_unique<Entry>(exchange));
  return entries_.back()->delivery;
}

void Task::add_input(int exchange, Channel& channel) {
  entry(exchange);
  const auto found = std::ranges::find_if(entries_, [&](const auto& entry) { return entry->exchange == exchange; });
  inputs_.push_back({&channel, static_cast<std::size_t>(found - entries_.begin()), (*found)->merger.add_input()});
}

void Task::keep(std::unique_ptr<typed::BatchLane> lane, std::unique_ptr<typed::BatchBase> batch) {
  lanes_.push_back(std::move(lane));
  batches_.push_back(std::move(batch));
}

bool Task::time_is_up() { return host_->slice_is_over(slice_start_); }

Task::Outcome Task::run() {
  slice_start_ = clock().steady_now();
  // From the moment it was woken, it waited for its worker.
  const SteadyTime ready_since = ready_since_.load(std::memory_order_relaxed);
  if (ready_since > accounted_until_.load(std::memory_order_relaxed))
    account(std::min(ready_since, slice_start_), &queued_);
  account(slice_start_, &busy_);
  if (wake_time_ <= slice_start_) wake_time_ = SteadyTime::max();
  Outcome outcome = Outcome::ended;
  try {
    if (control_.cancelled() && life_ != Life::ended) life_ = Life::closing;
    outcome = live();
  } catch (const std::exception& error) {
    end_badly(error.what());
  } catch (...) {
    end_badly("an exception that is no std::exception");
  }
  account(clock().steady_now(), outcome == Outcome::ended ? nullptr : ready() ? &queued_ : &share_of_wait());
  return outcome;
}

Task::Outcome Task::live() {
  while (true) {
    switch (life_) {
      case Life::opening:
        open();
        life_ = Life::running;
        break;
      case Life::running:
        if (!(inputs_.empty() ? run_source() : run_inputs())) return pause();
        break;
      case Life::settling:
        if (!settle()) {
          waited_since_looking_ = true;
          return pause();
        }
        life_ = Life::running;
        // Input that came while the task waited for something else has spent its wake-up already: look again.
        if (std::exchange(waited_since_looking_, false)) break;
        wait_for(WaitReason::input);
        return Outcome::waiting;
      case Life::finishing:
        if (!finish()) return pause();
        life_ = Life::closing;
        break;
      case Life::closing:
        life_ = Life::ended;  // also if closing throws
        close();
        break;
      case Life::ended:
        return Outcome::ended;
    }
  }
}

void Task::open() {
  // Consumers first: nobody emits to an operator that is not open.
  for (; opened_ < segments_.size(); ++opened_) segments_[segments_.size() - 1 - opened_].segment->open(*this);
}

/// False: cannot go on now. True: go on, perhaps in another stage of life.
bool Task::run_source() {
  typed::SourceSegment& source = *segments_.front().source;
  while (true) {
    if (stop_requested()) {
      life_ = Life::finishing;
      return true;
    }
    if (!source.advance()) {
      waited_since_looking_ = true;  // it may have looked for input already, and now hands on what it had found before
      return false;
    }
    switch (source.status()) {
      case typed::ReadStatus::more:
        if (time_is_up()) {
          wait_for(WaitReason::none);
          return false;
        }
        break;
      case typed::ReadStatus::waiting:
      case typed::ReadStatus::idle:
        life_ = Life::settling;
        return true;
      case typed::ReadStatus::ended:
        life_ = Life::finishing;
        return true;
    }
  }
}

bool Task::run_inputs() {
  while (true) {
    if (current_batch_ != nullptr && !deliver()) return false;
    if (ended_inputs_ == inputs_.size()) {
      life_ = Life::finishing;
      return true;
    }
    if (!take_input()) {
      life_ = Life::settling;
      return true;
    }
    if (time_is_up()) {
      wait_for(WaitReason::none);
      return false;
    }
  }
}

bool Task::deliver() {
  if (!entries_[current_input_->entry]->delivery.deliver(*current_batch_)) return false;
  current_input_->channel->give_back(*std::exchange(current_batch_, nullptr));
  return true;
}

/// Takes the next batch, from each input in turn.
bool Task::take_input() {
  for (std::size_t looked = 0; looked < inputs_.size(); ++looked) {
    current_input_ = &inputs_[turn_];
    turn_ = turn_ + 1 == inputs_.size() ? 0 : turn_ + 1;
    if (current_input_->ended) continue;
    current_batch_ = current_input_->channel->take();
    if (current_batch_ != nullptr) {
      merge_markers();
      return true;
    }
  }
  return false;
}

/// Puts what all channels of the exchange have come to in the place of what this one tells, and drops what is nothing new.
void Task::merge_markers() {
  using Change = typed::WatermarkMerger::Change;
  typed::WatermarkMerger& merger = entries_[current_input_->entry]->merger;
  const std::size_t input = current_input_->number;
  bool behind = merger.behind(input);
  std::vector<typed::Marker>& markers = current_batch_->markers();
  auto kept = markers.begin();
  for (typed::Marker& marker : markers) {
    if (marker.kind == typed::MarkerKind::end) {
      current_input_->ended = true;
      ++ended_inputs_;
    }
    const Change change = merger.update(input, marker.kind, marker.time);
    if (change == Change::nothing) continue;
    *kept++ = {marker.position, change == Change::idle ? typed::MarkerKind::idle : typed::MarkerKind::watermark,
               merger.watermark()};
  }
  markers.erase(kept, markers.end());
  entries_[current_input_->entry]->watermark.set(merger.watermark());
  entries_[current_input_->entry]->holder.store(merger.holder(), std::memory_order_relaxed);
  behind = behind || merger.behind(input);
  current_batch_->set_behind(behind && !current_input_->ended);
}

const Task* Task::held_back_by() const {
  const Entry* slowest = nullptr;
  for (const auto& entry : entries_) {
    const bool holds = entry->holder.load(std::memory_order_relaxed) >= 0;
    if (holds && (slowest == nullptr || entry->watermark.value() < slowest->watermark.value())) slowest = entry.get();
  }
  if (slowest == nullptr) return nullptr;
  const int holder = slowest->holder.load(std::memory_order_relaxed);
  for (const Input& input : inputs_) {
    if (entries_[input.entry].get() == slowest && static_cast<int>(input.number) == holder)
      return &input.channel->producer();
  }
  return nullptr;
}

bool Task::settle() {
  for (; step_ < segments_.size(); ++step_) {
    if (!segments_[step_].segment->settle()) return false;
  }
  step_ = 0;
  return true;
}

bool Task::finish() {
  for (; step_ < segments_.size(); ++step_) {
    if (!segments_[step_].segment->finish()) return false;
  }
  return true;
}

void Task::close() {
  while (opened_ > 0) {
    typed::Segment& segment = *segments_[segments_.size() - opened_].segment;
    --opened_;
    segment.close();
  }
}

void Task::end_badly(const std::string& reason) {
  control_.fail(reason);
  life_ = Life::ended;
  while (opened_ > 0) {
    try {
      close();
    } catch (const std::exception&) {
      // The job has failed already, and the first failure is the one to report; the rest is closed all the same.
    }
  }
}

/// Closes the stretch at hand and begins the next one.
void Task::account(SteadyTime until, std::atomic<std::int64_t>* from_now_on) {
  shares_version_.fetch_add(1, std::memory_order_acq_rel);
  if (auto* share = accounting_.load(std::memory_order_relaxed)) {
    const std::int64_t elapsed = (until - accounted_until_.load(std::memory_order_relaxed)).count();
    share->store(share->load(std::memory_order_relaxed) + elapsed, std::memory_order_relaxed);
  }
  accounted_until_.store(until, std::memory_order_relaxed);
  accounting_.store(from_now_on, std::memory_order_relaxed);
  shares_version_.fetch_add(1, std::memory_order_release);
}

std::atomic<std::int64_t>& Task::share_of_wait() {
  switch (wait_reason()) {
    case WaitReason::none:
      return queued_;
    case WaitReason::input:
      return idle_;
    case WaitReason::output:
      return blocked_by_[static_cast<std::size_t>(wait_exchange())];
    case WaitReason::outside:
      return blocked_outside_;
  }
  return idle_;
}

/// Calls `read(value of)`, where `value of(share)` includes the stretch at hand, until nothing has changed meanwhile.
template <class Read>
auto Task::read_shares(Read read) const {
  while (true) {
    const std::uint32_t version = shares_version_.load(std::memory_order_acquire);
    const auto* accounting = accounting_.load(std::memory_order_acquire);
    const SteadyTime until = accounted_until_.load(std::memory_order_acquire);
    const auto result = read([&](const std::atomic<std::int64_t>& share) {
      const std::chrono::nanoseconds closed(share.load(std::memory_order_acquire));
      return &share == accounting ? closed + std::max(clock().steady_now() - until, std::chrono::nanoseconds::zero())
                                  : closed;
    });
    if (version % 2 == 0 && shares_version_.load(std::memory_order_acquire) == version) return result;
  }
}

TimeShares Task::times() const {
  return read_shares([this](const auto& value_of) {
    TimeShares shares{value_of(busy_), value_of(queued_), value_of(blocked_outside_), value_of(idle_)};
    for (const auto& blocked : blocked_by_) shares.blocked += value_of(blocked);
    return shares;
  });
}

std::chrono::nanoseconds Task::blocked_by(int exchange) const {
  return read_shares([&](const auto& value_of) { return value_of(blocked_by_[static_cast<std::size_t>(exchange)]); });
}

}  // namespace streamwork::runtime
