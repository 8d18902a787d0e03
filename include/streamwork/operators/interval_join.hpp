// Joins each left event with the right events of its key whose time lies in an interval around its own.
//
// Each side waits in the state of its key until no match can come any more: that is when a null row comes out, if it had
// none. A pair comes out as soon as its second event is there.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
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
  static constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

 public:
  /// Matches are right events from `lower` before or after the left one's time up to `upper`, both included.
  IntervalJoin(Duration lower, Duration upper, JoinType type, std::optional<SideOutput<std::variant<L, R>>> late)
      : lower_(lower.count()), upper_(upper.count()), type_(type), late_tag_(std::move(late)) {
    patience_ = std::max(timer_step, upper_ - lower_);
    if (keeps_left(type)) longest_wait_ = std::max(longest_wait_, upper + Duration(timer_step));
    if (keeps_right(type)) longest_wait_ = std::max(longest_wait_, Duration(timer_step) - lower);
  }

  void open(OperatorContext& context) {
    time_ = context.time();
    timers_ = context.event_timers();
    key_ = context.current_key<K>();
    left_ = context.value_state<Side<L>>("left");
    right_ = context.value_state<Side<R>>("right");
    looks_at_ = context.value_state<std::int64_t>("looks at", never);
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
    if (!keeps_left(type_)) make_room(*left_, upper_);
    keep(*left_, event, now, !pairs.empty());
    plan(now + upper_, keeps_left(type_) && pairs.empty());
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
    if (!keeps_right(type_)) make_room(*right_, -lower_);
    keep(*right_, event, now, !pairs.empty());
    plan(now - lower_, keeps_right(type_) && pairs.empty());
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
    if (*looks_at_ <= reached) *looks_at_ = never;
    Rows rows(out);
    bool gone = let_go(*left_, reached, upper_, [&](const Waiting<L>& left) {
      if (keeps_left(type_) && !left.matched) rows.add(Result{*key_, left.event, std::nullopt}, at(left.time));
    });
    gone |= let_go(*right_, reached, -lower_, [&](const Waiting<R>& right) {
      if (keeps_right(type_) && !right.matched) rows.add(Result{*key_, std::nullopt, right.event}, at(right.time));
    });
    rows.finish();
    if (!left_->empty()) look_at(left_->front().time + upper_);
    if (!right_->empty()) look_at(right_->front().time - lower_);
    if (!timers_.empty()) return;
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

  /// Before a side would take more memory, what is over goes: a key that has events does not wait for its timer.
  template <class Event>
  void make_room(Side<Event>& side, std::int64_t reach) {
    if (side.size() == side.capacity()) let_go(side, ticks(time_.watermark()), reach, [](const Waiting<Event>&) {});
  }
  template <class Event>
  static void keep(Side<Event>& side, const Event& event, std::int64_t now, bool matched) {
    if (side.empty() || side.back().time <= now) {
      side.push_back(Waiting<Event>{now, event, matched});
    } else {
      const auto place = std::ranges::upper_bound(side, now, {}, &Waiting<Event>::time);
      side.insert(place, Waiting<Event>{now, event, matched});
    }
  }
  /// Sees to it that an event goes when its last match may have come: at once if a row without a match is due then.
  void plan(std::int64_t last_match, bool row_is_due) {
    if (!row_is_due) return look_at(last_match);
    timers_.set(at(windows::floor_to(last_match + timer_step, timer_step)));
  }
  /// A key has one timer for all whose going nobody sees, and they may stay some time longer.
  void look_at(std::int64_t last_match) {
    const std::int64_t time = windows::floor_to(last_match + patience_, patience_);
    if (time >= *looks_at_) return;
    *looks_at_ = time;
    timers_.set(at(time));
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
  std::int64_t patience_ = 0;  ///< how much longer events may wait whose going nobody sees
  Duration longest_wait_{};    ///< of a row without a match
  std::optional<SideOutput<std::variant<L, R>>> late_tag_;
  OperatorTime time_;
  EventTimers timers_;
  CurrentKey<K> key_;
  ValueState<Side<L>> left_;
  ValueState<Side<R>> right_;
  ValueState<std::int64_t> looks_at_;  ///< there is a timer for then
  Output<std::variant<L, R>>* late_ = nullptr;
};

}  // namespace streamwork::operators
