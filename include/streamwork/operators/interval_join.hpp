// Joins each left event with the right events of its key whose time lies in an interval around its own.
//
// Each side waits in the state of its key until no match can come any more: that is when a null row comes out, if it had
// none. A pair comes out as soon as its second event is there.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <streamwork/join_result.hpp>
#include <streamwork/operator.hpp>
#include <streamwork/side_output.hpp>
#include <streamwork/windows.hpp>
#include <variant>
#include <vector>

namespace streamwork::operators {

template <class L, class R, class K>
class IntervalJoin {
  using Result = JoinResult<K, L, R>;

  template <class Event>
  struct Waiting {
    std::int64_t time;
    Event event;
    bool matched = false;
  };
  template <class Event>
  using Side = std::vector<Waiting<Event>>;  // by time; of equal times, in the order in which they came
  using Rows = RowsOfCall<Result, Output<Result>>;
  /// Letting go a little later is no harm, and most events share a timer then.
  static constexpr std::int64_t timer_step = 1000;

 public:
  /// Matches are right events from `lower` before or after the left one's time up to `upper`, both included.
  IntervalJoin(Duration lower, Duration upper, JoinType type, std::optional<SideOutput<std::variant<L, R>>> late)
      : lower_(lower.count()), upper_(upper.count()), type_(type), late_tag_(std::move(late)) {
    if (keeps_left(type)) longest_wait_ = std::max(longest_wait_, upper + Duration(timer_step));
    if (keeps_right(type)) longest_wait_ = std::max(longest_wait_, Duration(timer_step) - lower);
  }

  void open(OperatorContext& context) {
    time_ = context.time();
    timers_ = context.event_timers();
    key_ = context.current_key<K>();
    left_ = context.value_state<Side<L>>("left");
    right_ = context.value_state<Side<R>>("right");
    if (late_tag_) late_ = &context.side_output(*late_tag_);
  }

  void apply_left(const L& event, Output<Result>& out) {
    if (refuse_late<0>(event)) return;
    const std::int64_t now = ticks(time_.event_time());
    Rows pairs(out);
    each_between(*right_, now + lower_, now + upper_, [&](Waiting<R>& other) {
      other.matched = true;
      pairs.add(Result{*key_, event, other.event}, at(std::max(now, other.time)));
    });
    keep(*left_, event, now, !pairs.empty(), now + upper_);
    pairs.finish();
  }

  void apply_right(const R& event, Output<Result>& out) {
    if (refuse_late<1>(event)) return;
    const std::int64_t now = ticks(time_.event_time());
    Rows pairs(out);
    each_between(*left_, now - upper_, now - lower_, [&](Waiting<L>& other) {
      other.matched = true;
      pairs.add(Result{*key_, other.event, event}, at(std::max(now, other.time)));
    });
    keep(*right_, event, now, !pairs.empty(), now - lower_);
    pairs.finish();
  }

  /// Rows without a match come out with their own times when that is certain, so that event time behind it waits for them.
  EventTime passes_on(EventTime watermark) const {
    if (watermark == EventTime::max()) return watermark;
    return std::max(watermark, EventTime::min() + longest_wait_) - longest_wait_;
  }

  /// Lets go what no event from now on can match.
  void on_timer(EventTime now, Output<Result>& out) {
    const std::int64_t reached = ticks(now);
    Rows rows(out);
    bool gone = let_go(*left_, reached, upper_, [&](const Waiting<L>& left) {
      if (keeps_left(type_) && !left.matched) rows.add(Result{*key_, left.event, std::nullopt}, at(left.time));
    });
    gone |= let_go(*right_, reached, -lower_, [&](const Waiting<R>& right) {
      if (keeps_right(type_) && !right.matched) rows.add(Result{*key_, std::nullopt, right.event}, at(right.time));
    });
    rows.finish();
    if (!left_->empty() || !right_->empty() || !timers_.empty()) return;
    if (!gone) return key_.forget();
    timers_.set(at(reached + upper_ - lower_ + 1));  // most keys that had an event will have another: they stay as long
  }

 private:
  static std::int64_t ticks(EventTime time) { return time.time_since_epoch().count(); }
  static EventTime at(std::int64_t ticks) { return EventTime(Duration(ticks)); }

  template <std::size_t side, class Event>
  bool refuse_late(const Event& event) {
    if (time_.event_time() >= time_.own_watermark()) return false;
    time_.count_late(event);
    if (late_ != nullptr) late_->emit(std::variant<L, R>(std::in_place_index<side>, event));
    return true;
  }

  template <class Event, class Visit>
  static void each_between(Side<Event>& side, std::int64_t from, std::int64_t to, Visit&& visit) {
    for (auto place = std::ranges::lower_bound(side, from, {}, &Waiting<Event>::time);
         place != side.end() && place->time <= to; ++place) {
      visit(*place);
    }
  }

  /// Keeps an event for matches that may come up to `last_match`.
  template <class Event>
  void keep(Side<Event>& side, const Event& event, std::int64_t now, bool matched, std::int64_t last_match) {
    if (side.empty() || side.back().time <= now) {
      side.push_back(Waiting<Event>{now, event, matched});
    } else {
      const auto place = std::ranges::upper_bound(side, now, {}, &Waiting<Event>::time);
      side.insert(place, Waiting<Event>{now, event, matched});
    }
    timers_.set(at(windows::floor_to(last_match + timer_step, timer_step)));
  }

  /// Takes away those whose matches would have come up to `reach` after their time. True: there were some.
  template <class Event, class Visit>
  static bool let_go(Side<Event>& side, std::int64_t reached, std::int64_t reach, Visit&& visit) {
    auto end = side.begin();
    while (end != side.end() && end->time + reach < reached) visit(std::as_const(*end++));
    const bool any = end != side.begin();
    side.erase(side.begin(), end);
    return any;
  }

  std::int64_t lower_;
  std::int64_t upper_;
  JoinType type_;
  Duration longest_wait_{};  ///< of a row without a match
  std::optional<SideOutput<std::variant<L, R>>> late_tag_;
  OperatorTime time_;
  EventTimers timers_;
  CurrentKey<K> key_;
  ValueState<Side<L>> left_;
  ValueState<Side<R>> right_;
  Output<std::variant<L, R>>* late_ = nullptr;
};

}  // namespace streamwork::operators
