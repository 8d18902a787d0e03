// What joins must come to, written down as the rules are: every event is compared with every other, and nothing is dropped.
// Which events are late follows from the order in which each input brings its own, so inputs are looked at one by one.
// Thread rule: plain values and pure functions.
#pragma once

#include <compare>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <streamwork/join_result.hpp>
#include <streamwork/time.hpp>
#include <string>
#include <vector>

#include "kit/window_reference.hpp"

namespace streamwork::testkit {

enum class JoinKind { tumbling, sliding, cumulative, session, interval, as_of, latest };
const char* name_of(JoinKind kind);

struct JoinRules {
  JoinKind kind = JoinKind::tumbling;
  JoinType type = JoinType::inner;
  Duration length{};       ///< of a window; the greatest length; the least gap of a session
  Duration step{};         ///< slide, or step of a cumulative window
  Duration gap_of_each{};  ///< the gap behind an event is longer by `id % 5` of these
  Duration lower{};        ///< of an interval
  Duration upper{};
  std::optional<Duration> retention{};  ///< of `as_of`
  Duration granularity{};
};
std::ostream& operator<<(std::ostream& out, const JoinRules& rules);

/// One input, in the order in which its events come. Ids are those of no event of the other input.
struct JoinSide {
  std::vector<Timed> events;
  Duration out_of_order{};
};

/// Ids; nobody: -1.
struct JoinRow {
  std::int64_t key = 0;
  EventTime start{};  ///< of windows only
  EventTime end{};
  std::int64_t left = -1;
  std::int64_t right = -1;
  friend auto operator<=>(const JoinRow&, const JoinRow&) = default;
};

/// Each in ascending order: they are compared as multisets.
struct JoinOutcome {
  std::vector<JoinRow> rows;
  std::vector<std::int64_t> late;
  void sort();
  friend bool operator==(const JoinOutcome&, const JoinOutcome&) = default;
};
std::string difference(const JoinOutcome& got, const JoinOutcome& expected);

/// How long behind an event another one still belongs to its session.
Duration gap_of(const JoinRules& rules, const Timed& event);

/// How far event time of an input had come when each of its events came, and at its last.
std::vector<EventTime> watermarks_at(const JoinSide& side, Duration granularity);

/// `latest`: with the whole table, of facts that are on time.
JoinOutcome outcome_by_the_rules(const JoinRules& rules, const JoinSide& left, const JoinSide& right);

}  // namespace streamwork::testkit
