// The event time of one source instance: a strategy and a watermark per split, and which splits are idle.
//
// The split at hand lives in the stage itself (typed/assign_event_time.hpp), on the stack while a batch is under way;
// here is the rest, which changes once per watermark at most.
// Thread rule: one task.
#pragma once

#include <optional>
#include <streamwork/event_time.hpp>
#include <streamwork/typed/event_time_leads.hpp>
#include <streamwork/typed/saved_entries.hpp>
#include <streamwork/typed/segment.hpp>
#include <streamwork/typed/watermark_merger.hpp>
#include <tuple>
#include <utility>
#include <vector>

namespace streamwork::typed {

/// The part that does not know the strategy.
class SplitProgress {
 public:
  explicit SplitProgress(const EventTimeOptions& options) : options_(options) {}

  void open(TaskContext& task, VertexCounters& counters) {
    task_ = &task;
    counters_ = &counters;
    if (!options_.greatest_lead) return;
    leads_ = task.event_time_leads();
    if (leads_ != nullptr) place_ = &leads_->join();
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

  /// True if the source must not be read until slower ones have come further.
  bool too_far_ahead() const {
    return place_ != nullptr && merger_.watermark() != beginning_of_time && !merger_.idle() &&
           merger_.watermark() - *options_.greatest_lead > leads_->least();
  }
  /// Nobody waits for the source any more.
  void leave() {
    if (place_ != nullptr) place_->reached.set(end_of_time);
  }

  bool is_open(std::size_t split) const { return splits_[split].open; }
  bool idle(std::size_t split) const { return splits_[split].idle; }
  EventTime watermark(std::size_t split) const { return merger_.watermark(split); }
  EventTime floor(EventTime time) const;
  Duration granularity() const { return options_.granularity; }

  /// Gives the markers that are due to `terminal`.
  template <class Terminal>
  [[gnu::always_inline]] void release(Terminal& terminal) {
    if (watermark_due_) terminal.mark(MarkerKind::watermark, merger_.watermark());
    counters_->watermark.set(merger_.watermark());
    if (place_ != nullptr) place_->reached.set(merger_.idle() ? end_of_time : merger_.watermark());
    if (idle_due_) terminal.mark(MarkerKind::idle, merger_.watermark());
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
  EventTimeLeads* leads_ = nullptr;
  EventTimeLeads::Place* place_ = nullptr;  ///< nullptr: it may be as far ahead as it likes
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

/// What a checkpoint holds of the event time of a split.
template <class Strategy>
struct SavedSplitTime {
  explicit SavedSplitTime(const Strategy& fresh) : strategy(fresh) {}
  SavedSplitTime(std::uint64_t its_place, EventTime its_watermark, const Strategy& its_strategy)
      : place(its_place), watermark(its_watermark), strategy(its_strategy) {}

  template <class Self>
  static auto stored_fields(Self& self) {
    return std::tuple(stored<"split">(self.place), stored<"watermark">(self.watermark),
                      stored<"strategy">(self.strategy));
  }

  std::uint64_t place = 0;  ///< in the list of splits
  EventTime watermark = beginning_of_time;
  Strategy strategy;
};

template <class Strategy>
struct SplitClocks : SplitProgress {
  explicit SplitClocks(const EventTimeSetup<Strategy>& setup) : SplitProgress(setup.options), fresh(setup.strategy) {}

  void open(const VertexInstance& vertex, TaskContext& task) {
    SplitProgress::open(task, *vertex.counters);
    if constexpr (Storable<Strategy>) {
      if (task.restored() != nullptr)
        saved = saved_entries(*task.restored(), vertex.name, section::split_times, Saved(fresh));
    } else if (task.takes_checkpoints()) {
      throw std::logic_error(
          "its watermark strategy cannot be stored in a checkpoint: make it a plain struct, or let the "
          "class name its fields (stored.hpp)");
    }
  }

  /// `place` tells the split from others in a checkpoint.
  std::size_t add(std::uint64_t place) {
    const std::size_t split = add_split();
    if (split == strategies.size()) {
      strategies.push_back(fresh);
      places.push_back(place);
    } else {
      strategies[split] = fresh;
      places[split] = place;
    }
    return split;
  }

  // Checkpoints.

  void save(const VertexInstance& vertex, SnapshotTarget& target) const {
    if constexpr (Storable<Strategy>) {
      std::vector<Saved> now;
      for (std::size_t split = 0; split < places.size(); ++split) {
        if (is_open(split)) now.push_back({places[split], watermark(split), strategies[split]});
      }
      save_entries<Saved>(target, vertex, section::split_times, now);
    }
  }
  /// What the checkpoint says of the split of this place, or nullptr.
  const SavedSplitTime<Strategy>* find(std::uint64_t place) const {
    for (const auto& [instance, split] : saved) {
      if (split.place == place) return &split;
    }
    return nullptr;
  }
  /// What it says of the only split of this instance; after a change of parallelism, that of the instance that was behind all
  /// others.
  const SavedSplitTime<Strategy>* find(const VertexInstance& vertex) const {
    const SavedSplitTime<Strategy>* found = nullptr;
    for (const auto& [instance, split] : saved) {
      if (instance == vertex.instance && std::cmp_equal(saved.size(), vertex.parallelism)) return &split;
      if (found == nullptr || split.watermark < found->watermark) found = &split;
    }
    return found;
  }
  bool restore(std::size_t split, const SavedSplitTime<Strategy>* from) {
    if (from == nullptr) return false;
    strategies[split] = from->strategy;
    return from->watermark != beginning_of_time && advance(split, from->watermark);
  }

  using Saved = SavedSplitTime<Strategy>;

  const Strategy fresh;
  std::vector<Strategy> strategies;                   ///< by split; that of the split at hand is out
  std::vector<std::uint64_t> places;                  ///< by split
  std::vector<std::pair<std::int64_t, Saved>> saved;  ///< in the checkpoint the job goes on from
};

}  // namespace streamwork::typed
