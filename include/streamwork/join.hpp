// Joins: two streams grouped by keys of one type, matched by key and time.
//
//   auto pairs = sw::join(orders.key_by(&Order::id), payments.key_by(&Payment::order));
//   pairs.interval("paid", 0s, 1h)                        payments up to an hour after their order
//   pairs.windowed("together", sw::tumbling(5s))           all pairs of a window
//   pairs.within("seen", 10s)                              pairs at most 10 s apart (a regular join with time-to-live)
//   pairs.as_of("priced")                                  the right event that was valid at the left one's time
//   pairs.latest("named", sw::TableWait::the_whole)        the last right event of the key there is
//
// A table's stream (right, of `as_of` and `latest`) has events that are rows from then on, or changes (change.hpp), which can also
// take rows away. Each join gives a stream of `JoinResult`s (`WindowJoinResult`s). Unmatched events come out, with nothing on the
// other side, if the type says so; only when event time proves that no match can come, so that no row is ever taken back. An event
// is late if the watermark of its own input has passed it (or all its windows); it is counted, and goes to the side output given by
// `late`.
// Thread rule: a job is written by one thread.
#pragma once

#include <optional>
#include <streamwork/connect.hpp>
#include <streamwork/join_result.hpp>
#include <streamwork/operators/interval_join.hpp>
#include <streamwork/operators/session_join.hpp>
#include <streamwork/operators/table_joins.hpp>
#include <streamwork/operators/window_join.hpp>
#include <streamwork/windowed_stream.hpp>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

namespace streamwork {

template <class L, class LeftKey, class R, class RightKey>
class JoinedBy {
  using Key = typed::StoredKey<typename KeyedBy<L, LeftKey>::Key>;
  using Late = std::variant<L, R>;

 public:
  JoinedBy(const KeyedBy<L, LeftKey>& left, const KeyedBy<R, RightKey>& right)
      : inputs_(connect(left, right)), graph_(left.graph()), timed_(left.timed()) {}

  /// What is late goes to a side output of the join, as a `std::variant<Left, Right>`.
  JoinedBy late(const SideOutput<Late>& output) const {
    JoinedBy changed = *this;
    changed.late_ = output;
    return changed;
  }

  /// Makes left events that the watermark of their own input has passed late for `latest` too, which otherwise joins them whenever
  /// they come. So what is behind the join takes all that comes out of it, however long that had to wait for the table. Other joins
  /// are always so.
  JoinedBy on_time_only() const {
    JoinedBy changed = *this;
    changed.on_time_only_ = true;
    return changed;
  }

  /// All pairs within each window (windows.hpp: tumbling, sliding, cumulative, days, session). A session's gap that is a function
  /// is asked of a `std::variant<Left, Right>`. An event is late if its input's watermark has passed all its windows; for sessions,
  /// whose bounds are not known before, if it has passed the event.
  template <class Windows>
  auto windowed(std::string name, Windows windows, JoinType type = JoinType::inner) const {
    static_assert(typed::AlignedWindows<Windows> || typed::is_session<Windows>,
                  "a windowed join has tumbling, sliding, cumulative, daily or session windows");
    need_event_time(name);
    using Join = std::conditional_t<typed::is_session<Windows>, operators::SessionJoin<L, R, Key, Windows>,
                                    operators::WindowJoin<L, R, Key, Windows>>;
    const WindowShape shape = windows.shape();
    auto results = inputs_.apply(std::move(name), Join(std::move(windows), type, late_));
    graph_->set_windows(results.ports(), shape);
    return results;
  }

  /// Each left event with the right events whose time is in [left time + lower, left time + upper], both included.
  auto interval(std::string name, Duration lower, Duration upper, JoinType type = JoinType::inner) const {
    need_event_time(name);
    if (lower > upper || lower < -longest_duration || upper > longest_duration)
      graph_->add_problem("the interval of '" + name + "' ends before it begins, or is longer than 36,000 years");
    return inputs_.apply(std::move(name), operators::IntervalJoin<L, R, Key>(lower, upper, type, late_));
  }
  /// Pairs at most `distance` apart in event time; what is older is forgotten.
  auto within(std::string name, Duration distance, JoinType type = JoinType::inner) const {
    return interval(std::move(name), -distance, distance, type);
  }

  /// Each left event with the right event that was valid at its time: the one with the greatest time not after it. Right
  /// events are kept for `retention` after their time, or until there is a later one. REQUIRES: inner or left.
  auto as_of(std::string name, JoinType type = JoinType::inner,
             std::optional<Duration> retention = std::nullopt) const {
    need_event_time(name);
    need_table_type(name, type);
    return inputs_.apply(std::move(name), operators::AsOfJoin<L, R, Key>(type, retention, late_));
  }

  /// Each left event with the last right event of its key so far, perhaps after it has waited for the table. Facts that
  /// wait are kept in the state of their key. REQUIRES: inner or left.
  auto latest(std::string name, TableWait wait = TableWait::no, JoinType type = JoinType::inner) const {
    if (wait == TableWait::its_time || on_time_only_) need_event_time(name);
    need_table_type(name, type);
    return inputs_.apply(std::move(name), operators::LatestJoin<L, R, Key>(type, wait, on_time_only_, late_));
  }

 private:
  void need_event_time(const std::string& name) const {
    if (!timed_) {
      graph_->add_problem("the join '" + name +
                          "' goes by event time, and its inputs have none: write .event_time(…) in front of key_by");
    }
  }
  void need_table_type(const std::string& name, JoinType type) const {
    if (keeps_right(type)) {
      graph_->add_problem("the join '" + name +
                          "' with a table can be inner or left: a table has no rows of its own to give out");
    }
  }

  ConnectedByKey<L, LeftKey, R, RightKey> inputs_;
  std::shared_ptr<typed::JobGraph> graph_;
  bool timed_;
  bool on_time_only_ = false;
  std::optional<SideOutput<Late>> late_;
};

/// Joins two streams that are grouped by keys of one type, with the same parallelism.
template <class L, class LeftKey, class R, class RightKey>
auto join(const KeyedBy<L, LeftKey>& left, const KeyedBy<R, RightKey>& right) {
  return JoinedBy<L, LeftKey, R, RightKey>(left, right);
}

}  // namespace streamwork
