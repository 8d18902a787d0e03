// A join of what two streams have in the same session: events of either whose distance is at most the gap.
//
// An event that the watermark of its own input has passed is late. So whatever may still come has a time not before the watermark of
// both, and a session is certain, also where its events are late for each other, once that has passed its end: an event at
// exactly the end would still belong to it. It comes out then and never changes.
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <limits>
#include <optional>
#include <streamwork/join_result.hpp>
#include <streamwork/operator.hpp>
#include <streamwork/operators/cross_product.hpp>
#include <streamwork/side_output.hpp>
#include <streamwork/windows.hpp>
#include <utility>
#include <variant>
#include <vector>

namespace streamwork::operators {

/// `Windows`: sessions whose gap is told of a `std::variant<L, R>`.
template <class L, class R, class K, class Windows>
class SessionJoin {
  using Either = std::variant<L, R>;
  using Row = WindowJoinResult<K, L, R>;

  struct Session {
    std::int64_t start;
    std::int64_t end;
    std::vector<L> left{};
    std::vector<R> right{};
  };
  struct Sessions {
    std::vector<Session> list;      ///< by start, and so by end: they do not touch
    std::int64_t looks_at = never;  ///< the first timer: not behind the time at which the first session is certain
  };
  static constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

 public:
  SessionJoin(Windows windows, JoinType type, std::optional<SideOutput<Either>> late)
      : windows_(std::move(windows)), type_(type), late_tag_(std::move(late)) {}

  void open(OperatorContext& context) {
    time_ = context.time();
    timers_ = context.event_timers();
    key_ = context.current_key<K>();
    sessions_ = context.value_state<Sessions>("sessions");
    if (late_tag_) late_ = &context.side_output(*late_tag_);
  }

  void apply_left(const L& event, Output<Row>&) {
    if (Session* session = session_of(Either(std::in_place_index<0>, event))) session->left.push_back(event);
  }
  void apply_right(const R& event, Output<Row>&) {
    if (Session* session = session_of(Either(std::in_place_index<1>, event))) session->right.push_back(event);
  }

  /// A session comes out a tick behind its end, with the last instant before the end as its time: event time behind the join
  /// must not have come to the end before.
  EventTime passes_on(EventTime watermark) const {
    if (watermark == EventTime::max()) return watermark;
    return std::max(watermark, EventTime::min() + Duration(1)) - Duration(1);
  }

  void on_timer(EventTime now, Output<Row>& out) {
    std::vector<Session>& sessions = sessions_->list;
    const std::int64_t reached = ticks(now);
    if (sessions_->looks_at <= reached) sessions_->looks_at = never;
    auto done = sessions.begin();
    for (; done != sessions.end() && done->end < reached; ++done) {
      out.emit_all(CrossProduct<K, L, R>(*key_, {at(done->start), at(done->end)}, std::move(done->left),
                                         std::move(done->right), type_),
                   at(done->end - 1));
    }
    sessions.erase(sessions.begin(), done);
    if (sessions.empty()) return key_.forget();
    look_behind(sessions.front().end);
  }

 private:
  static std::int64_t ticks(EventTime time) { return time.time_since_epoch().count(); }
  static EventTime at(std::int64_t ticks) { return EventTime(Duration(ticks)); }

  /// The session that the event at hand belongs to, made of all that it joins; nullptr if it is late.
  Session* session_of(const Either& event) {
    if (time_.event_time() < time_.own_watermark()) {
      time_.count_late(event);
      if (late_ != nullptr) late_->emit(event);
      return nullptr;
    }
    const std::int64_t now = ticks(time_.event_time());
    const std::int64_t end = now + windows::length_of(windows_.gap(event), "the gap of a session");
    std::vector<Session>& sessions = sessions_->list;
    // Those the event belongs to stand side by side.
    auto first = std::ranges::lower_bound(sessions, now, {}, &Session::end);
    const auto last =
        std::find_if(first, sessions.end(), [end](const Session& session) { return session.start > end; });
    if (first == last) {
      first = sessions.insert(first, Session{now, end});
    } else {
      first->start = std::min(first->start, now);
      first->end = std::max((last - 1)->end, end);
      for (auto other = first + 1; other != last; ++other) {
        std::ranges::move(other->left, std::back_inserter(first->left));
        std::ranges::move(other->right, std::back_inserter(first->right));
      }
      sessions.erase(first + 1, last);
    }
    look_behind(first->end);
    return &*first;
  }

  /// Sees to it that a timer comes not later than just behind `end`. Most events only move the end of their session on; the timer
  /// that is set finds that out when it comes, and sets another.
  void look_behind(std::int64_t end) {
    if (end + 1 >= sessions_->looks_at) return;
    sessions_->looks_at = end + 1;
    timers_.set(at(end + 1));
  }

  Windows windows_;
  JoinType type_;
  std::optional<SideOutput<Either>> late_tag_;
  OperatorTime time_;
  EventTimers timers_;
  CurrentKey<K> key_;
  ValueState<Sessions> sessions_;
  Output<Either>* late_ = nullptr;
};

}  // namespace streamwork::operators
