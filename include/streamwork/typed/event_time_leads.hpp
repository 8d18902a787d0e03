// How far apart in event time the sources of a job may be: each tells how far it has come, and is not read while it is too far
// ahead of the slowest (greatest event-time lead).
// Thread rule: `expect` before any task runs; the rest by the tasks that begin with sources.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <streamwork/time.hpp>
#include <streamwork/typed/batch.hpp>
#include <streamwork/typed/counters.hpp>
#include <utility>

namespace streamwork::typed {

class EventTimeLeads {
 public:
  /// Where one source instance tells how far it has come.
  struct Place {
    EventTimeGauge reached;  ///< `end_of_time`: it is idle or has ended, and nobody waits for it
    Place* next = nullptr;
  };

  EventTimeLeads() = default;
  EventTimeLeads(const EventTimeLeads&) = delete;
  EventTimeLeads& operator=(const EventTimeLeads&) = delete;
  ~EventTimeLeads() {
    for (Place* place = first_.load(); place != nullptr;) delete std::exchange(place, place->next);
  }

  /// So many instances will join.
  void expect(std::int64_t instances) { missing_ = instances; }

  Place& join() {
    auto* const place = new Place;
    place->next = first_.load();
    while (!first_.compare_exchange_weak(place->next, place)) continue;
    --missing_;
    return *place;
  }

  /// How far the slowest has come; `beginning_of_time` until all have told something.
  EventTime least() const {
    if (missing_ > 0) return beginning_of_time;
    EventTime least = end_of_time;
    for (const Place* place = first_.load(); place != nullptr; place = place->next)
      least = std::min(least, place->reached.value());
    return least;
  }

 private:
  std::atomic<Place*> first_{nullptr};
  std::atomic<std::int64_t> missing_{0};
};

}  // namespace streamwork::typed
