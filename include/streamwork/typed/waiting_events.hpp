// Events and markers that wait in a segment when a barrier passes, as they become part of the snapshot.
#pragma once

#include <cstdint>
#include <streamwork/typed/guarded_stage.hpp>
#include <streamwork/typed/instance_states.hpp>
#include <utility>
#include <vector>

namespace streamwork::typed {

/// An event that waits, as it is stored.
template <class T>
struct WaitingEvent {
  T event;
  EventTime time;
};

/// A watermark, or a pause of event time, behind so many of the events that wait.
struct WaitingMarker {
  std::uint64_t behind;
  bool idle;
  EventTime time;

  MarkerKind kind() const { return idle ? MarkerKind::idle : MarkerKind::watermark; }
};

/// They stand between events of one instance, and mean nothing when those are dealt out anew.
inline void share_markers(std::vector<WaitingMarker>& value, SavedValues<std::vector<WaitingMarker>>& saved,
                          const VertexInstance& vertex) {
  if (!std::cmp_equal(saved.size(), vertex.parallelism)) return;
  for (auto& [instance, markers] : saved) {
    if (instance == vertex.instance) value = std::move(*markers);
  }
}

/// What waits in one segment. It holds something only while that is saved or restored.
template <class T>
class WaitingEvents {
 public:
  explicit WaitingEvents(const VertexInstance& vertex) : vertex_(vertex), states_(vertex) {}

  /// Takes up what was saved, if that was not done yet. Failures name the vertex.
  void open(TaskContext& task) {
    if (events_ != nullptr) return;
    try {
      states_.restore_from(task.restored());
      events_ = &states_.template open<Events>("waiting", false, {}, {}, share_in_turn<WaitingEvent<T>>);
      markers_ = &states_.template open<Markers>("markers", false, {}, {}, share_markers);
      states_.require_all_opened();
      if (task.takes_checkpoints()) states_.require_storable();
    } catch (...) {
      rethrow_for(vertex_);
    }
  }

  /// Calls `event(WaitingEvent<T>)` and `marker(WaitingMarker)` in their order, and forgets them.
  template <class OnEvent, class OnMarker>
  void take(OnEvent&& on_event, OnMarker&& on_marker) {
    std::uint64_t taken = 0;
    auto next = markers_->get().begin();
    const auto take_markers = [&] {
      for (; next != markers_->get().end() && next->behind <= taken; ++next) on_marker(*next);
    };
    take_markers();
    for (WaitingEvent<T>& waiting : events_->get()) {
      on_event(std::move(waiting));
      ++taken;
      take_markers();
    }
    forget();
  }

  // To save: everything is added in its order, then saved.

  void add(const T& event, EventTime time) { events_->get().push_back({event, time}); }
  void add_marker(bool idle, EventTime time) { markers_->get().push_back({events_->get().size(), idle, time}); }
  void begin_saving(SnapshotTarget& target) {
    states_.begin_saving(target);
    forget();
  }
  bool save_some() { return states_.save_some(); }

 private:
  using Events = std::vector<WaitingEvent<T>>;
  using Markers = std::vector<WaitingMarker>;

  void forget() {
    events_->get() = Events();
    markers_->get() = Markers();
  }

  const VertexInstance& vertex_;
  InstanceStates states_;
  InstanceStateOf<Events>* events_ = nullptr;
  InstanceStateOf<Markers>* markers_ = nullptr;
};

/// The same of a segment where nothing waits when a barrier passes.
class NothingWaits {
 public:
  explicit NothingWaits(const VertexInstance& vertex) : vertex_(vertex) {}
  /// Throws `StateMismatch`, with the vertex, if something was saved.
  void open(TaskContext& task) const {
    try {
      InstanceStates states(vertex_);
      states.restore_from(task.restored());
      states.require_all_opened();
    } catch (...) {
      rethrow_for(vertex_);
    }
  }
  template <class OnEvent, class OnMarker>
  static void take(OnEvent&&, OnMarker&&) {}
  template <class T>
  static void add(const T&, EventTime) {}
  static void add_marker(bool, EventTime) {}
  static void begin_saving(SnapshotTarget&) {}
  static bool save_some() { return true; }

 private:
  const VertexInstance& vertex_;
};

}  // namespace streamwork::typed
