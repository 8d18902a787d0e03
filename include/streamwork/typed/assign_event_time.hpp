// The stage behind `event_time`: gives each event its time, and those behind it a watermark whenever event time has come
// further by a granule.
#pragma once

#include <functional>
#include <memory>
#include <streamwork/bad_event.hpp>
#include <streamwork/event_time.hpp>
#include <streamwork/typed/split_clocks.hpp>
#include <utility>

namespace streamwork::typed {

template <class Extract, class Strategy>
class AssignEventTime {
 public:
  /// Tells a list of stages that this one speaks to the ending about time.
  static constexpr bool assigns_time = true;

  /// REQUIRES: `setup` outlives the stage.
  AssignEventTime(Extract extract, const EventTimeSetup<Strategy>& setup)
      : extract_(std::move(extract)), strategy_(setup.strategy), setup_(&setup) {}

  /// Makes what the stage keeps beside the stack. It lives as long as what is returned.
  std::shared_ptr<void> attach() {
    auto clocks = std::make_shared<SplitClocks<Strategy>>(*setup_);
    clocks_ = clocks.get();
    return clocks;
  }
  void open(const VertexInstance& vertex, TaskContext& task) { clocks_->open(task, *vertex.counters); }

  template <class Event, class Next, class Terminal>
  bool push(Event&& event, Next&& next, Terminal& terminal) {
    const EventTime time = std::invoke(extract_, std::as_const(event));
    if (time < EventTime(-most_distant_event_time) || time > EventTime(most_distant_event_time)) [[unlikely]]
      throw BadEvent("its event time is more than 73,000 years from 1970: is it in the right unit?");
    const EventTime reached = strategy_.watermark(std::as_const(event), time);
    if (idle_) [[unlikely]] {
      idle_ = false;
      if (clocks_->resume(split_)) release(terminal);
    }
    terminal.time = time;
    const bool room = next(std::forward<Event>(event));
    if (reached >= next_step_) [[unlikely]]
      advance(reached);
    return room;
  }

  // What the head of the segment tells about its splits. A segment that begins with a batch has one.

  std::size_t add_split() { return clocks_->add(); }
  /// What comes from now on is from this split.
  void select(std::size_t split) {
    if (split == split_) return;
    if (split_ != none) clocks_->strategies[split_] = std::move(strategy_);
    split_ = split;
    strategy_ = clocks_->strategies[split];
    set_next_step();
    idle_ = clocks_->idle(split);
  }
  void wait(std::size_t split) {
    due_ = clocks_->wait(split) || due_;
    note_waiting(split);
  }
  void declare_idle(std::size_t split) {
    due_ = clocks_->declare_idle(split) || due_;
    note_waiting(split);
  }
  void end(std::size_t split) { due_ = clocks_->end(split) || due_; }
  void stop_idle_clock() {
    if (waits_) clocks_->stop_idle_clock();
  }

  bool due() const { return due_; }
  template <class Terminal>
  void release(Terminal& terminal) {
    due_ = false;
    clocks_->release([&](MarkerKind kind, EventTime time) { terminal.mark(kind, time); });
  }

 private:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  void advance(EventTime reached) {
    due_ = clocks_->advance(split_, clocks_->floor(reached)) || due_;
    set_next_step();
  }
  void set_next_step() {
    const EventTime watermark = clocks_->watermark(split_);
    next_step_ = watermark == beginning_of_time ? watermark + Duration(1) : watermark + clocks_->granularity();
  }
  /// The next event of the split must end its waiting.
  void note_waiting(std::size_t split) {
    waits_ = true;
    if (split == split_) idle_ = true;
  }

  [[no_unique_address]] Extract extract_;
  Strategy strategy_;  ///< of the split at hand
  EventTime next_step_ = beginning_of_time;
  std::size_t split_ = none;
  bool idle_ = false;  ///< the split at hand waited, and may be idle
  bool due_ = false;   ///< there are markers to release
  bool waits_ = false;
  const EventTimeSetup<Strategy>* setup_;
  SplitClocks<Strategy>* clocks_ = nullptr;
};

}  // namespace streamwork::typed
