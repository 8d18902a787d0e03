// Sessions: windows of activity, per key. Events whose distance is at most the gap are in one; it ends a gap after its last.
//
// An event joins first and is judged by the session it made (its end, with the allowed lateness, against the watermark).
// Where that changes the bounds of sessions that have results out already, those are taken back. So a session that has
// fired stays: a late event may join it by itself, or through a later session that late events make reach back to it, one
// gap at a time. The latter could go on for ever; a session is forgotten when that would take some thirty steps.
//
// A result that a trigger has brought early is one like any other: it is taken back when the bounds of its session change. What
// it said is kept for that if it cannot be seen from the session any more (`Shown`).
#pragma once

#include <algorithm>
#include <limits>
#include <optional>
#include <stdexcept>
#include <streamwork/aggregates.hpp>
#include <streamwork/operators/window_time.hpp>
#include <streamwork/side_output.hpp>
#include <streamwork/triggers.hpp>
#include <streamwork/window_result.hpp>
#include <streamwork/windows.hpp>
#include <utility>
#include <vector>

namespace streamwork::operators {

template <class T, class K, class Windows, class Time, class Aggregate>
class SessionWindows {
  using State = typename Aggregate::State;
  using Value = aggregates::ResultOf<Aggregate, K>;
  using Result = WindowResult<K, Value>;
  static constexpr bool by_event_time = std::is_same_v<typename Time::TimePoint, EventTime>;

  /// A result that is out with the bounds of its session, and is not what the session would say now.
  struct Shown {
    State state;
    bool update;
  };
  struct Session {
    std::int64_t start;
    std::int64_t end;
    State state;
    bool fired = false;       ///< it has come to its end, and its result is out
    bool had_result = false;  ///< a result is out, or was and has been taken back
    bool was_update = false;  ///< its last result said so
    bool early = false;       ///< a result is out that came before its end
    std::int64_t since_fired = 0;
    /// Accumulating: the last result, if events have come since; discarding: all results, whose events the state has not.
    std::vector<Shown> shown{};
  };
  struct Sessions {
    std::vector<Session> list;  ///< by start
    std::int64_t greatest_gap = 0;
    std::int64_t clean_up_at = never;  ///< there is a timer for then
    std::int64_t looks_at = never;     ///< the first timer for the end of a session: not behind the first end of all
  };
  static constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

 public:
  SessionWindows(Windows windows, Aggregate aggregate, Duration lateness, std::optional<SideOutput<T>> late,
                 const Triggers& triggers = {})
      : windows_(std::move(windows)),
        aggregate_(std::move(aggregate)),
        lateness_(lateness.count()),
        late_tag_(std::move(late)),
        triggers_(triggers),
        at_end_only_(triggers.at_end_only()) {}

  void open(OperatorContext& context) {
    time_.open(context);
    key_ = context.current_key<K>();
    sessions_ = context.value_state<Sessions>("sessions");
    if (triggers_.early_every) early_.open(context);
    if (triggers_.early_every_by_wall_clock) early_by_wall_clock_.open(context);
    if (late_tag_) late_ = &context.side_output(*late_tag_);
  }

  void apply(const T& event, Output<Result>& out) {
    const std::int64_t now = time_.now();
    const std::int64_t gap = windows::length_of(windows_.gap(event), "the gap of a session");
    std::vector<Session>& sessions = sessions_->list;
    if (goes_on(sessions, now, now + gap)) {
      Session& session = sessions.back();
      sessions_->greatest_gap = std::max(sessions_->greatest_gap, gap);
      session.end = std::max(session.end, now + gap);
      ++session.since_fired;
      aggregates::add(aggregate_, session.state, event, time_.event_time());
      return;
    }
    // Those the event belongs to stand side by side.
    const auto first = std::ranges::lower_bound(sessions, now, {}, &Session::end);
    const auto last =
        std::find_if(first, sessions.end(), [&](const Session& session) { return session.start > now + gap; });
    std::int64_t end = now + gap;
    for (auto at = first; at != last; ++at) end = std::max(end, at->end);
    if (by_event_time && end + lateness_ <= time_.reached()) {
      time_.count_late(event);
      if (late_ != nullptr) late_->emit(event);
      return;
    }
    sessions_->greatest_gap = std::max(sessions_->greatest_gap, gap);
    Session& session = first == last ? make(first, now) : merge(first, last, now, end, out);
    session.end = end;
    const bool closed = end <= time_.reached();
    ++session.since_fired;
    const bool fires = closed || (triggers_.every_events && session.since_fired >= *triggers_.every_events);
    if (!fires && session.early && !triggers_.discarding && session.shown.empty())
      session.shown.push_back({session.state, session.was_update});
    aggregates::add(aggregate_, session.state, event, time_.event_time());
    if (fires) fire(session, out);
    if (closed) {
      session.fired = true;
      plan_clean_up(time_.reached());
    } else {
      look_at(end);
      arm_early_timers(session);
    }
  }

  void on_timer([[maybe_unused]] EventTime at, [[maybe_unused]] Output<Result>& out) {
    if constexpr (by_event_time) {
      const std::int64_t now = at.time_since_epoch().count();
      if (is_multiple(at, triggers_.early_every)) fire_early(now, now, out);
      fire_due(at, out);
    }
  }
  void on_timer([[maybe_unused]] ProcessingTime at, Output<Result>& out) {
    if constexpr (by_event_time) {
      fire_early(never, time_.reached(), out);
      if (sessions_->list.empty()) key_.forget();
    } else {
      if (is_multiple(at, triggers_.early_every_by_wall_clock)) fire_early(never, at.time_since_epoch().count(), out);
      fire_due(at, out);
    }
  }

 private:
  /// True if an event only makes the last session longer, as most do: it is open, has no result out, and waits for its timer.
  bool goes_on(const std::vector<Session>& sessions, std::int64_t now, std::int64_t end) const {
    if (sessions.empty() || !at_end_only_) return false;
    const Session& last = sessions.back();
    return last.start <= now && now <= last.end && !last.had_result && end > time_.reached() &&
           (sessions.size() == 1 || sessions[sessions.size() - 2].end < now);
  }

  void fire_due(typename Time::TimePoint at, Output<Result>& out) {
    const std::int64_t now = at.time_since_epoch().count();
    time_.note_timer(now);
    std::vector<Session>& sessions = sessions_->list;
    if (sessions.empty()) return key_.forget();
    if (sessions_->looks_at <= now) sessions_->looks_at = never;
    for (Session& session : sessions) {
      if (session.fired) continue;
      if (session.end > now) {
        look_at(session.end);
        continue;
      }
      if (!triggers_.discarding || has_news(session)) fire(session, out);
      session.fired = true;
    }
    if (by_event_time && now < sessions_->clean_up_at) return plan_clean_up(now);
    sessions_->clean_up_at = never;
    forget_unreachable(now);
    if (sessions.empty()) return key_.forget();
    if (by_event_time) plan_clean_up(now);
  }

  /// Sees to it that a timer comes not later than `end`. Most events only move the end of their session on; the timer that is
  /// set finds that out when it comes, and sets another.
  void look_at(std::int64_t end) {
    if (end >= sessions_->looks_at) return;
    sessions_->looks_at = end;
    time_.set_timer(end);
  }

  // --- early results

  template <class TimePoint>
  static bool is_multiple(TimePoint at, const std::optional<Duration>& step) {
    return step && at.time_since_epoch().count() % step->count() == 0;
  }
  static std::int64_t next_multiple(std::int64_t time, Duration step) {
    return windows::floor_to(time, step.count()) + step.count();
  }
  static bool has_news(const Session& session) { return session.since_fired > 0 || !(session.early || session.fired); }
  /// At the first multiple that lies behind the session's start and has not been yet.
  void arm_early_timers(const Session& session) {
    if (triggers_.early_every) {
      const std::int64_t next = next_multiple(std::max(session.start, early_.reached()), *triggers_.early_every);
      if (next < session.end) early_.set_timer(next);
    }
    if (triggers_.early_every_by_wall_clock)
      early_by_wall_clock_.set_timer(next_multiple(early_by_wall_clock_.now(), *triggers_.early_every_by_wall_clock));
  }
  /// Fires the sessions that have news, begin before one time, and end after the other.
  void fire_early(std::int64_t begun_before, std::int64_t ended_after, Output<Result>& out) {
    for (Session& session : sessions_->list) {
      if (session.start < begun_before && session.end > ended_after && has_news(session)) fire(session, out);
    }
  }

  // --- forgetting

  /// How far a session is from what may reach back to it, when it is forgotten.
  std::int64_t farthest() const {
    constexpr std::int64_t steps = 32;
    constexpr std::int64_t most = longest_duration.count() * 2;  // so that no sum overflows
    return std::min(sessions_->greatest_gap, most / steps) * steps;
  }

  /// Sets a timer for when the first of the sessions that have fired may be forgotten, if there is none.
  void plan_clean_up(std::int64_t now) {
    if (sessions_->clean_up_at != never) return;
    std::int64_t at = never;
    for (const Session& session : sessions_->list) {
      const std::int64_t over = session.end + lateness_ + farthest();
      if (session.fired && over > now) at = std::min(at, over);
    }
    if (at == never) return;
    sessions_->clean_up_at = at;
    time_.set_timer(at);
  }

  Session& make(typename std::vector<Session>::iterator place, std::int64_t now) {
    // No end yet: the caller sets it.
    return *sessions_->list.insert(place, Session{now, now, State()});
  }

  /// Makes one session of several neighbours and an event at `now`. Results whose bounds change are taken back.
  Session& merge(typename std::vector<Session>::iterator first, typename std::vector<Session>::iterator last,
                 std::int64_t now, std::int64_t end, Output<Result>& out) {
    const bool bounds_change = last - first > 1 || now < first->start || end != first->end;
    if (!bounds_change) return *first;
    bool had_result = false;
    for (auto session = first; session != last; ++session) {
      had_result = had_result || session->had_result;
      take_back(*session, out);
      if (session == first) continue;
      aggregate_.combine(first->state, session->state);
      first->since_fired += session->since_fired;
    }
    first->start = std::min(first->start, now);
    first->had_result = had_result;
    sessions_->list.erase(first + 1, last);
    return *first;
  }

  void fire(Session& session, Output<Result>& out) {
    emit(session, session.state, session.had_result, false, out);
    if (triggers_.discarding) {
      session.shown.push_back({std::exchange(session.state, State()), session.had_result});
    } else {
      session.shown.clear();
    }
    session.was_update = session.had_result;
    session.early = session.had_result = true;
    session.since_fired = 0;
  }

  /// Takes back the results that are out. Afterwards the state has all events again.
  void take_back(Session& session, Output<Result>& out) {
    if (session.shown.empty() && (session.early || session.fired))
      emit(session, session.state, session.was_update, true, out);
    for (const Shown& shown : session.shown) emit(session, shown.state, shown.update, true, out);
    if (triggers_.discarding && !session.shown.empty()) {
      State whole = std::move(session.shown.front().state);
      for (std::size_t i = 1; i < session.shown.size(); ++i) aggregate_.combine(whole, session.shown[i].state);
      aggregate_.combine(whole, session.state);
      session.state = std::move(whole);
    }
    session.shown.clear();
    session.early = session.fired = false;
  }

  void emit(const Session& session, const State& state, bool update, bool retract, Output<Result>& out) {
    const TimeWindow window{EventTime(Duration(session.start)), EventTime(Duration(session.end))};
    out.emit(
        Result{*key_, window.start, window.end, aggregates::result(aggregate_, state, *key_, window), update, retract},
        window.end - Duration(1));
  }

  /// Forgets the sessions that have fired and are far from all that may still change.
  void forget_unreachable(std::int64_t now) {
    std::vector<Session>& sessions = sessions_->list;
    const std::int64_t far = by_event_time ? farthest() : 0;
    std::int64_t next_start = never;
    for (std::size_t i = sessions.size(); i-- > 0;) {
      const Session& session = sessions[i];
      const bool from_new_ones = session.end + far + (by_event_time ? lateness_ : 0) <= now;
      const bool from_the_next = !by_event_time || session.end + far < next_start;
      if (session.fired && from_new_ones && from_the_next) {
        sessions.erase(sessions.begin() + static_cast<std::ptrdiff_t>(i));
      } else {
        next_start = session.start;
      }
    }
  }

  Windows windows_;
  Aggregate aggregate_;
  std::int64_t lateness_;
  std::optional<SideOutput<T>> late_tag_;
  Triggers triggers_;
  bool at_end_only_;
  Time time_;
  ByEventTime early_;
  ByProcessingTime early_by_wall_clock_;
  CurrentKey<K> key_;
  ValueState<Sessions> sessions_;
  Output<T>* late_ = nullptr;
};

}  // namespace streamwork::operators
