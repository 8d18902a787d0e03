// The event time of one source instance: a strategy and a watermark per split, and which splits are idle.
//
// The split at hand lives in the stage itself (typed/assign_event_time.hpp), on the stack while a batch is under way;
// here is the rest, which changes once per watermark at most.
// Thread rule: one task.
#pragma once

#include <optional>
#include <streamwork/event_time.hpp>
#include <streamwork/typed/segment.hpp>
#include <streamwork/typed/watermark_merger.hpp>
#include <vector>

namespace streamwork::typed {

/// The part that does not know the strategy.
class SplitProgress {
 public:
  explicit SplitProgress(const EventTimeOptions& options) : options_(options) {}

  void open(TaskContext& task, VertexCounters& counters) {
    task_ = &task;
    counters_ = &counters;
  }
  /// A split that has told nothing yet; it holds event time back. Numbers of ended splits are used again.
  std::size_t add_split();
  /// Each tells whether a marker is due for those behind.
  bool advance(std::size_t split, EventTime watermark) {
    return note(merger_.update(split, MarkerKind::watermark, watermark));
  }
  /// The split has brought an event after it was idle.
  bool resume(std::size_t split);
  /// The split was asked and had nothing. Arranges to be asked again when it would be idle.
  bool wait(std::size_t split);
  /// The split declares itself idle.
  bool declare_idle(std::size_t split);
  bool end(std::size_t split);
  /// What was waiting does not wait any more: the task is blocked by what is behind it, and its clock stands still.
  void stop_idle_clock();

  bool idle(std::size_t split) const { return splits_[split].idle; }
  EventTime watermark(std::size_t split) const { return merger_.watermark(split); }
  EventTime floor(EventTime time) const;
  Duration granularity() const { return options_.granularity; }

  /// Gives the markers that are due to `mark(kind, time)`.
  template <class Mark>
  void release(Mark&& mark) {
    if (watermark_due_) mark(MarkerKind::watermark, merger_.watermark());
    counters_->watermark.set(merger_.watermark());
    if (idle_due_) mark(MarkerKind::idle, merger_.watermark());
    watermark_due_ = idle_due_ = false;
  }

 private:
  struct Split {
    bool open = true;
    bool idle = false;
    std::optional<SteadyTime> waiting_since{};
  };

  bool note(WatermarkMerger::Change change);
  bool follow_wall_clock(std::size_t split, SteadyTime now);

  EventTimeOptions options_;
  TaskContext* task_ = nullptr;
  VertexCounters* counters_ = nullptr;
  WatermarkMerger merger_;
  std::vector<Split> splits_;
  std::size_t open_splits_ = 0;
  std::optional<std::size_t> ended_last_;  ///< its watermark counts until another split is opened
  std::optional<SteadyTime> idle_since_;
  EventTime idle_from_ = beginning_of_time;
  bool watermark_due_ = false;
  bool idle_due_ = false;
};

/// What the user said about event time; the job's graph keeps it.
template <class Strategy>
struct EventTimeSetup {
  Strategy strategy;
  EventTimeOptions options;
};

template <class Strategy>
struct SplitClocks : SplitProgress {
  explicit SplitClocks(const EventTimeSetup<Strategy>& setup) : SplitProgress(setup.options), fresh(setup.strategy) {}

  std::size_t add() {
    const std::size_t split = add_split();
    if (split == strategies.size()) {
      strategies.push_back(fresh);
    } else {
      strategies[split] = fresh;
    }
    return split;
  }

  const Strategy fresh;
  std::vector<Strategy> strategies;  ///< by split; that of the split at hand is out
};

}  // namespace streamwork::typed
