// The events that an `async_map` has taken and that are not out, with what became of their calls, each at a place of its own.
// Thread rule: one task.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <streamwork/clock.hpp>
#include <streamwork/typed/batch.hpp>
#include <streamwork/typed/call_order.hpp>
#include <streamwork/typed/reply_box.hpp>
#include <utility>
#include <vector>

namespace streamwork::typed {

template <class T, class Result>
class CallsInFlight {
 public:
  struct Call {
    T event;
    EventTime time;
    int attempts = 0;                                     ///< begun
    bool resting = false;                                 ///< between two attempts
    SteadyTime due{};                                     ///< end of the attempt, or of the rest
    std::weak_ptr<CallTicket<Result>> ticket{};           ///< of the attempt under way
    std::optional<Answer<Result>> answer = std::nullopt;  ///< set when the attempts are over
    std::optional<LatencyMark> latency = std::nullopt;    ///< a marker that came behind it
  };

  /// `one_by_one`: the order of the events is kept.
  explicit CallsInFlight(bool one_by_one) : order_(one_by_one) {}

  std::uint32_t size() const { return size_; }
  /// In which order they, and the markers between them, may come out.
  CallOrder& order() { return order_; }
  Call& operator[](std::uint32_t place) { return *calls_[place]; }
  /// The event that was added last, or nullptr if it is out.
  Call* newest() { return size_ > 0 && calls_[newest_] ? &*calls_[newest_] : nullptr; }

  template <class Event>
  std::uint32_t add(Event&& event, EventTime time) {
    if (free_.empty()) {
      free_.push_back(static_cast<std::uint32_t>(calls_.size()));
      calls_.emplace_back();
    }
    newest_ = free_.back();
    free_.pop_back();
    calls_[newest_].emplace(Call{std::forward<Event>(event), time});
    ++size_;
    order_.add_event(newest_);
    return newest_;
  }
  /// REQUIRES: it is the event that `order` tells to come out next.
  void remove(std::uint32_t place) {
    order_.pop_event();
    calls_[place].reset();
    free_.push_back(place);
    --size_;
  }
  void clear() {
    calls_.clear();
    size_ = 0;
  }

  /// Calls `visit(place, call)` for each.
  template <class Visit>
  void for_each(Visit&& visit) {
    for (std::uint32_t place = 0; place < calls_.size(); ++place) {
      if (calls_[place]) visit(place, *calls_[place]);
    }
  }
  /// Adds all, and the watermarks between them, to what is to be saved.
  template <class Saved>
  void add_to(Saved& saved) {
    std::vector<std::uint32_t> places;
    for_each([&](std::uint32_t place, const Call&) { places.push_back(place); });
    order_.for_each(
        std::move(places), [&](std::uint32_t place) { saved.add(calls_[place]->event, calls_[place]->time); },
        [&](const Marker& marker) {
          if (marker.kind != MarkerKind::latency) saved.add_marker(marker.kind == MarkerKind::idle, marker.time);
        });
  }

 private:
  CallOrder order_;
  std::vector<std::optional<Call>> calls_;  // by place
  std::vector<std::uint32_t> free_;         // places
  std::uint32_t size_ = 0;
  std::uint32_t newest_ = 0;  ///< place of the event that was added last
};

}  // namespace streamwork::typed
