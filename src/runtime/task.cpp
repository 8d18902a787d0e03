#include "runtime/task.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

namespace streamwork::runtime {

using typed::WaitReason;

namespace {

/// Some thousands a minute and source instance: enough for the slowest thousandth, too few to be noticed.
constexpr std::chrono::milliseconds latency_marker_interval{20};

}  // namespace

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
  ++(*found)->channels;
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
        if (!(inputs_.empty() ? run_source() : run_inputs()) && !begin_awaiting()) return pause();
        break;
      case Life::attending:
        if (!attend()) return pause();
        life_ = Life::running;
        if (!time_is_up()) break;
        wait_for(WaitReason::none);
        return Outcome::again;
      case Life::awaiting:
        if (!settle_behind()) {
          waited_behind_ = true;
          return pause();
        }
        life_ = awaiting_in_;
        // Replies that came while the task waited for something else have spent their wake-up already: look again.
        if (std::exchange(waited_behind_, false)) break;
        wait_for(WaitReason::calls);
        return Outcome::waiting;
      case Life::settling:
        if (!settle() || !save_the_rest()) {
          waited_since_looking_ = true;
          return pause();
        }
        life_ = Life::running;
        // Input that came while the task waited for something else has spent its wake-up already: look again.
        if (std::exchange(waited_since_looking_, false)) break;
        wait_for(WaitReason::input);
        return Outcome::waiting;
      case Life::finishing:
        if (finish()) {
          begin_lingering();
        } else if (!begin_awaiting()) {
          return pause();
        }
        break;
      case Life::lingering:
        if (!linger()) return pause();
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
  for (; opened_ < segments_.size(); ++opened_) {
    typed::Segment& segment = *segments_[segments_.size() - 1 - opened_].segment;
    segment.open(*this);
    std::erase(checked_, &segment);
  }
}

void Task::check_restored() {
  for (std::size_t i = segments_.size(); i-- > 0;) {
    typed::Segment& segment = *segments_[i].segment;
    if (segment.check_restored(*this)) checked_.push_back(&segment);
  }
}

/// False: cannot go on now. True: go on, perhaps in another stage of life.
bool Task::run_source() {
  typed::SourceSegment& source = *segments_.front().source;
  while (true) {
    tell_completed();
    if (!send_barrier()) {
      waited_since_looking_ = true;
      return false;
    }
    if (barrier_.last) {
      life_ = Life::lingering;
      return true;
    }
    save_some();
    if (stop_requested()) {
      life_ = Life::finishing;
      return true;
    }
    if (!source.advance()) {
      waited_since_looking_ = true;  // it may have looked for input already, and now hands on what it had found before
      return false;
    }
    send_latency_marker();
    switch (source.status()) {
      case typed::ReadStatus::more:
        if (!callers_.empty()) {
          life_ = Life::attending;
          return true;
        }
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

/// Beside events only: a source that gives out none is left alone. Called between two batches.
void Task::send_latency_marker() {
  if (slice_start_ < next_latency_marker_) return;
  const std::uint64_t events = source_counters_->events_out.value();
  if (events == marked_events_) return;
  marked_events_ = events;
  next_latency_marker_ = slice_start_ + latency_marker_interval;
  segments_.front().source->mark_latency({static_cast<std::uint32_t>(source_), slice_start_});
}

bool Task::run_inputs() {
  if (!consume()) return false;
  if (life_ == Life::attending) return true;
  life_ = cut_ == Cut::none && barrier_.last ? Life::lingering
          : ended_inputs_ == inputs_.size()  ? Life::finishing
                                             : Life::settling;
  return true;
}

/// Takes what there is. True: no input is left at the moment, or at all; or life goes on otherwise first.
bool Task::consume() {
  while (true) {
    if (current_batch_ != nullptr) {
      if (!deliver()) return false;
      if (!callers_.empty() && life_ == Life::running) {
        life_ = Life::attending;
        return true;
      }
    }
    if (cut_ == Cut::passing && !pass_barrier()) return false;
    if (life_ == Life::running && ended_inputs_ == inputs_.size()) return true;
    save_some();
    if (!take_input()) return true;
    if (time_is_up()) {
      wait_for(WaitReason::none);
      return false;
    }
  }
}

void Task::begin_lingering() {
  life_ = checkpoints_ == nullptr ? Life::closing : Life::lingering;
  if (checkpoints_ != nullptr) checkpoints_->task_lingers(*this);
}

/// Lets barriers pass until the last checkpoint is complete.
bool Task::linger() {
  const bool over = checkpoints_->over();
  if (inputs_.empty()) tell_completed();
  if (over) return true;
  if (!(inputs_.empty() ? send_barrier() : consume()) || !save_the_rest()) return false;
  wait_for(WaitReason::input);
  return false;
}

bool Task::deliver() {
  if (!entries_[current_input_->entry]->delivery.deliver(*current_batch_)) return false;
  typed::BatchBase& batch = *std::exchange(current_batch_, nullptr);
  if (current_barrier_) {
    meet_barrier(*current_input_, batch, *current_barrier_);
  } else {
    current_input_->channel->give_back(batch);
  }
  return true;
}

/// Takes the next batch, from each input in turn.
bool Task::take_input() {
  for (std::size_t looked = 0; looked < inputs_.size(); ++looked) {
    current_input_ = &inputs_[turn_];
    turn_ = turn_ + 1 == inputs_.size() ? 0 : turn_ + 1;
    if (checkpoints_ == nullptr ? current_input_->ended : current_input_->met && checkpoints_->aligned()) continue;
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
  current_barrier_.reset();
  if (const typed::Barrier* barrier = current_batch_->barrier()) {
    current_barrier_ = *barrier;
    markers.pop_back();
  }
  auto kept = markers.begin();
  for (typed::Marker& marker : markers) {
    if (marker.kind == typed::MarkerKind::latency) {
      *kept++ = marker;
      continue;
    }
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

/// Nothing is on its way between two segments: what comes back from outside may come in.
bool Task::attend() {
  for (; attended_ < callers_.size(); ++attended_) {
    if (!callers_[attended_]->settle()) return false;
  }
  attended_ = 0;
  return true;
}

/// If the task is to wait for calls: what is behind the segment that makes them is to hand on what it has, first.
bool Task::begin_awaiting() {
  if (wait_reason() != WaitReason::calls) return false;
  const auto calling = std::ranges::find_if(
      segments_, [this](const typed::BuiltSegment& built) { return built.segment.get() == caller(); });
  settled_behind_ = static_cast<std::size_t>(calling - segments_.begin()) + 1;
  awaiting_in_ = life_;
  life_ = Life::awaiting;
  return true;
}

bool Task::settle_behind() {
  set_input_held_up(true);
  for (; settled_behind_ < segments_.size(); ++settled_behind_) {
    if (!segments_[settled_behind_].segment->settle()) break;
  }
  set_input_held_up(false);
  return settled_behind_ == segments_.size();
}

/// What is behind a segment that holds nobody up comes to rest when it can: it is woken by those it waits for.
bool Task::settle() {
  for (; step_ < segments_.size(); ++step_) {
    if (!segments_[step_].segment->settle() && step_ < decoupled_) return false;
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
  close_checked();
}

void Task::close_checked() {
  while (!checked_.empty()) {
    typed::Segment& segment = *checked_.back();
    checked_.pop_back();
    try {
      segment.close();
    } catch (const std::exception&) {
      // It has done nothing yet that could be lost.
    }
  }
}

void Task::end_badly(const std::string& reason) {
  control_.fail(reason);
  life_ = Life::ended;
  while (opened_ > 0 || !checked_.empty()) {
    try {
      close();
    } catch (const std::exception&) {
      // The job has failed already, and the first failure is the one to report; the rest is closed all the same.
    }
  }
}

}  // namespace streamwork::runtime
