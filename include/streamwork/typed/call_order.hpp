// In which order events whose calls are over, and the markers between them, may come out of an `async_map`.
//
// Events are parted into stretches: one may not come out before every event and the marker of the stretch in front of it
// have. Within a stretch they come out as they are done. Unordered, a stretch reaches from marker to marker; ordered, each
// event is a stretch of its own. Thread rule: one task.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <optional>
#include <streamwork/typed/batch.hpp>
#include <vector>

namespace streamwork::typed {

class CallOrder {
 public:
  /// `one_by_one`: the order of the events is kept.
  explicit CallOrder(bool one_by_one) : one_by_one_(one_by_one) {}

  /// An event behind all others, known by `place` until it is out. Places are small numbers and are used again.
  void add_event(std::uint32_t place);
  /// A marker behind all events so far. Of several markers with no event between them, those that a later one outdoes
  /// are dropped, so that their number is bounded by that of the events.
  void add_marker(const Marker& marker);
  /// The calls of the event are over.
  void set_done(std::uint32_t place);

  /// The event that may come out now, if there is one.
  std::optional<std::uint32_t> next_event() const {
    if (stretches_.empty() || stretches_.front().first_done == none) return std::nullopt;
    return stretches_.front().first_done;
  }
  /// The marker that may come out now, or nullptr.
  const Marker* next_marker() const {
    if (stretches_.empty() || !stretches_.front().may_mark()) return nullptr;
    return &*stretches_.front().marker;
  }
  /// What `next_event`, or `next_marker`, told is out.
  void pop_event();
  void pop_marker();

  bool empty() const { return stretches_.empty(); }

  /// Calls `event(place)` for all of `places`, which are those of the events that are not out, and `marker(marker)` for the
  /// markers between them, in an order in which they may have come.
  template <class OnEvent, class OnMarker>
  void for_each(std::vector<std::uint32_t> places, OnEvent&& on_event, OnMarker&& on_marker) const {
    std::ranges::stable_sort(places, {}, [&](std::uint32_t place) { return events_[place].stretch; });
    auto place = places.begin();
    for (std::size_t i = 0; i < stretches_.size(); ++i) {
      for (; place != places.end() && events_[*place].stretch == first_stretch_ + i; ++place) on_event(*place);
      if (stretches_[i].marker) on_marker(*stretches_[i].marker);
    }
  }

 private:
  static constexpr std::uint32_t none = 0xFFFFFFFFU;

  struct Stretch {
    std::uint32_t open = 0;  ///< events whose calls are not over
    std::uint32_t first_done = none;
    std::uint32_t last_done = none;
    std::optional<Marker> marker = std::nullopt;  ///< behind its events

    bool events_out() const { return open == 0 && first_done == none; }
    bool may_mark() const { return events_out() && marker.has_value(); }
  };
  struct Event {
    std::uint64_t stretch = 0;  ///< its number
    std::uint32_t next = none;  ///< the event of its stretch that was done after it
  };

  void pop_stretch_if_out();

  bool one_by_one_;
  std::vector<Event> events_;  ///< by place
  std::deque<Stretch> stretches_;
  std::uint64_t first_stretch_ = 0;  ///< number of the front one
};

}  // namespace streamwork::typed
