// A join of what two streams have in the same window, of windows whose bounds are the same for every key: tumbling, sliding,
// cumulative, calendar days.
//
// An event is in those of its windows that its own input's watermark had not closed when it came. It is kept with that watermark,
// because the other input may be behind, and a window that waits for it must not take what came too late for it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <streamwork/join_result.hpp>
#include <streamwork/operator.hpp>
#include <streamwork/operators/cross_product.hpp>
#include <streamwork/side_output.hpp>
#include <utility>
#include <variant>
#include <vector>

namespace streamwork::operators {

template <class L, class R, class K, class Windows>
class WindowJoin {
  using Row = WindowJoinResult<K, L, R>;

  template <class Event>
  struct Kept {
    std::int64_t time;
    std::int64_t closed;  ///< windows that end at this time or before it had closed when the event came
    Event event;
  };
  template <class Event>
  using Side = std::vector<Kept<Event>>;  // by time; of equal times, in the order in which they came
  struct Sides {
    Side<L> left;
    Side<R> right;
    std::int64_t looks_at = never;  ///< the first timer: not behind the first end to come of a window with events
    bool empty() const { return left.empty() && right.empty(); }
  };
  static constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

 public:
  /// `late` takes the events that came too late for all their windows.
  WindowJoin(Windows windows, JoinType type, std::optional<SideOutput<std::variant<L, R>>> late)
      : windows_(std::move(windows)), type_(type), late_tag_(std::move(late)) {}

  void open(OperatorContext& context) {
    time_ = context.time();
    timers_ = context.event_timers();
    key_ = context.current_key<K>();
    sides_ = context.value_state<Sides>("sides");
    if (late_tag_) late_ = &context.side_output(*late_tag_);
  }

  void apply_left(const L& event, Output<Row>&) { take<0>(sides_->left, event); }
  void apply_right(const R& event, Output<Row>&) { take<1>(sides_->right, event); }

  void on_timer(EventTime at, Output<Row>& out) {
    const std::int64_t now = ticks(at);
    Sides& sides = *sides_;
    if (sides.looks_at <= now) sides.looks_at = never;
    if (sides.empty()) return key_.forget();  // nothing came for a whole window
    if (windows_.is_end(now)) fire(now, out);
    const std::int64_t next = windows_.next_end(now);
    const std::int64_t needed = windows_.start_of(next);
    drop_before(sides.left, needed);
    drop_before(sides.right, needed);
    if (sides.empty()) return look_at(next);  // the key stays until then: most keys that had an event will have another
    look_at(std::max(next, windows_.first_end(windows_.slice_start(first_time(sides)))));
  }

 private:
  static std::int64_t ticks(EventTime time) { return time.time_since_epoch().count(); }
  static EventTime at(std::int64_t ticks) { return EventTime(Duration(ticks)); }

  template <std::size_t side, class Event>
  void take(Side<Event>& kept, const Event& event) {
    const std::int64_t now = ticks(time_.event_time());
    const std::int64_t closed = ticks(time_.own_watermark());
    if (now < slice_start_ || now >= slice_end_) [[unlikely]]
      look_up_slice(now);
    if (last_end_ <= closed) [[unlikely]]
      return refuse_late<side>(event);
    if (kept.empty() || kept.back().time <= now) {
      kept.push_back({now, closed, event});
    } else {
      kept.insert(std::ranges::upper_bound(kept, now, {}, &Kept<Event>::time), {now, closed, event});
    }
    const std::int64_t closed_for_both = ticks(time_.watermark());
    look_at(first_end_ > closed_for_both ? first_end_ : windows_.next_end(closed_for_both));
  }

  template <std::size_t side, class Event>
  void refuse_late(const Event& event) {
    time_.count_late(event);
    if (late_ != nullptr) late_->emit(std::variant<L, R>(std::in_place_index<side>, event));
  }

  void look_up_slice(std::int64_t time) {
    slice_start_ = windows_.slice_start(time);
    slice_end_ = windows_.slice_end(slice_start_);
    first_end_ = windows_.first_end(slice_start_);
    last_end_ = windows_.last_end(slice_start_);
  }

  /// Sees to it that a timer comes not later than `end`.
  void look_at(std::int64_t end) {
    if (end >= sides_->looks_at) return;
    sides_->looks_at = end;
    timers_.set(at(end));
  }

  void fire(std::int64_t end, Output<Row>& out) {
    const std::int64_t start = windows_.start_of(end);
    std::vector<L> left = those_in(sides_->left, start, end);
    if (left.empty() && !keeps_right(type_)) return;
    std::vector<R> right = those_in(sides_->right, start, end);
    if (right.empty() && !keeps_left(type_)) return;
    out.emit_all(CrossProduct<K, L, R>(*key_, {at(start), at(end)}, std::move(left), std::move(right), type_),
                 at(end - 1));
  }

  template <class Event>
  static std::vector<Event> those_in(const Side<Event>& side, std::int64_t start, std::int64_t end) {
    std::vector<Event> events;
    for (auto place = std::ranges::lower_bound(side, start, {}, &Kept<Event>::time);
         place != side.end() && place->time < end; ++place) {
      if (place->closed < end) events.push_back(place->event);
    }
    return events;
  }

  template <class Event>
  static void drop_before(Side<Event>& side, std::int64_t time) {
    side.erase(side.begin(), std::ranges::lower_bound(side, time, {}, &Kept<Event>::time));
  }
  /// REQUIRES: there are events.
  static std::int64_t first_time(const Sides& sides) {
    if (sides.left.empty()) return sides.right.front().time;
    if (sides.right.empty()) return sides.left.front().time;
    return std::min(sides.left.front().time, sides.right.front().time);
  }

  Windows windows_;
  JoinType type_;
  std::optional<SideOutput<std::variant<L, R>>> late_tag_;
  OperatorTime time_;
  EventTimers timers_;
  CurrentKey<K> key_;
  ValueState<Sides> sides_;
  Output<std::variant<L, R>>* late_ = nullptr;
  // The slice of the event before: most often that of the next one too.
  std::int64_t slice_start_ = 0;
  std::int64_t slice_end_ = 0;
  std::int64_t first_end_ = 0;
  std::int64_t last_end_ = 0;
};

}  // namespace streamwork::operators
