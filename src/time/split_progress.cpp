#include <algorithm>
#include <streamwork/typed/split_clocks.hpp>

namespace streamwork::typed {

namespace {

/// How often event time is moved on while it follows the wall clock.
constexpr std::chrono::milliseconds follow_interval{100};

}  // namespace

std::size_t SplitProgress::add_split() {
  const auto unused = std::ranges::find_if(splits_, [](const Split& split) { return !split.open; });
  std::size_t number = static_cast<std::size_t>(unused - splits_.begin());
  // The split that ended last is kept as it is until there is another one to hold event time where it was.
  if (unused == splits_.end() || number == ended_last_) {
    number = merger_.add_input();
    splits_.emplace_back();
  } else {
    merger_.reopen(number);
    splits_[number] = {};
  }
  ++open_splits_;
  if (ended_last_) merger_.update(*ended_last_, MarkerKind::end, end_of_time);
  ended_last_.reset();
  return number;
}

bool SplitProgress::resume(std::size_t split) {
  splits_[split].waiting_since.reset();
  if (!splits_[split].idle) return false;
  splits_[split].idle = false;
  idle_since_.reset();
  return note(merger_.update(split, MarkerKind::watermark, merger_.watermark(split)));
}

bool SplitProgress::wait(std::size_t split) {
  Split& at = splits_[split];
  const SteadyTime now = task_->clock().steady_now();
  if (at.idle) return follow_wall_clock(split, now);
  if (!options_.idle_after) return false;
  if (!at.waiting_since) at.waiting_since = now;
  const SteadyTime idle_at = *at.waiting_since + *options_.idle_after;
  if (now >= idle_at) return declare_idle(split);
  task_->wake_at(idle_at);
  return false;
}

bool SplitProgress::declare_idle(std::size_t split) {
  const SteadyTime now = task_->clock().steady_now();
  if (splits_[split].idle) return follow_wall_clock(split, now);
  splits_[split].idle = true;
  const bool due = note(merger_.update(split, MarkerKind::idle, beginning_of_time));
  return follow_wall_clock(split, now) || due;
}

/// Moves on what this idle split offers, if the job asks for it.
bool SplitProgress::follow_wall_clock(std::size_t split, SteadyTime now) {
  if (!options_.follow_wall_clock_when_idle || !merger_.idle() || merger_.watermark() == beginning_of_time)
    return false;
  if (!idle_since_) {
    idle_since_ = now;
    idle_from_ = merger_.watermark();
  }
  task_->wake_at(now + follow_interval);
  const auto passed = std::chrono::duration_cast<Duration>(now - *idle_since_);
  bool due = false;
  for (std::size_t i = 0; i < splits_.size(); ++i) {
    if (splits_[i].open && (i == split || splits_[i].idle))
      due = note(merger_.update(i, MarkerKind::idle, floor(idle_from_ + passed))) || due;
  }
  return due;
}

bool SplitProgress::end(std::size_t split) {
  splits_[split].open = false;
  if (--open_splits_ == 0) {
    ended_last_ = split;
    return false;
  }
  return note(merger_.update(split, MarkerKind::end, end_of_time));
}

void SplitProgress::stop_idle_clock() {
  for (Split& split : splits_) split.waiting_since.reset();
}

EventTime SplitProgress::floor(EventTime time) const {
  const std::int64_t ticks = time.time_since_epoch().count();
  const std::int64_t step = options_.granularity.count();
  std::int64_t whole = ticks / step;
  if (ticks < whole * step) --whole;
  return EventTime(Duration(whole * step));
}

bool SplitProgress::note(WatermarkMerger::Change change) {
  switch (change) {
    case WatermarkMerger::Change::nothing:
      break;
    case WatermarkMerger::Change::watermark:
      watermark_due_ = true;
      idle_due_ = false;
      return true;
    case WatermarkMerger::Change::idle:
      idle_due_ = true;
      return true;
  }
  return false;
}

}  // namespace streamwork::typed
