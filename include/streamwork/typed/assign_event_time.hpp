// The stage behind `event_time`: gives each event its time, and those behind it a watermark whenever event time has come
// further by a granule.
//
// The stage and the ending's writer live in registers while a batch is under way. So the address of neither may leave the
// loop, and what is called with them is inlined, however rare it is.
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
  void open(const VertexInstance& vertex, TaskContext& task) { clocks_->open(vertex, task); }
  /// Saves how far each split has come.
  void save(const VertexInstance& vertex, TaskContext& task) {
    if (split_ != none) clocks_->strategies[split_] = strategy_;
    clocks_->save(vertex, task.snapshot());
  }

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

  /// `place` tells it from others in a checkpoint.
  std::size_t add_split(std::uint64_t place) { return clocks_->add(place); }
  /// Takes up what a checkpoint says about a split that was just added.
  void restore_split(std::size_t split, std::uint64_t saved_place) {
    due_ = clocks_->restore(split, clocks_->find(saved_place)) || due_;
  }
  /// The same for the only split of a segment that begins with a batch.
  void restore_instance(const VertexInstance& vertex) { due_ = clocks_->restore(0, clocks_->find(vertex)) || due_; }
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

  // How far it is ahead of other sources.

  bool limits_lead() const { return setup_->options.greatest_lead.has_value(); }
  bool too_far_ahead() const { return clocks_->too_far_ahead(); }
  bool finish(TaskContext&) {
    clocks_->leave();
    return true;
  }

  bool due() const { return due_; }
  template <class Terminal>
  [[gnu::always_inline]] void release(Terminal& terminal) {
    due_ = false;
    clocks_->release(terminal);
  }

 private:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  [[gnu::always_inline]] void advance(EventTime reached) {
    due_ = clocks_->advance(split_, clocks_->floor(reached)) || due_;
    set_next_step();
  }
  [[gnu::always_inline]] void set_next_step() {
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
