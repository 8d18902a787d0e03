// What windows must come to, written down as the rules are: every event and every window is kept for ever, in plain maps,
// and nothing is shared, sliced or dropped. Slow, and easy to check by eye.
// Thread rule: used by one thread.
#pragma once

#include <compare>
#include <cstdint>
#include <iosfwd>
#include <streamwork/time.hpp>
#include <string>
#include <vector>

namespace streamwork::testkit {

/// One event of the tests: `id` tells it from all others.
struct Timed {
  std::int64_t key = 0;
  EventTime time{};
  std::int64_t id = 0;
  friend auto operator<=>(const Timed&, const Timed&) = default;
};

/// What was in a window: how many events, and a sum of their scrambled ids, which no other set of events has.
struct Content {
  std::int64_t events = 0;
  std::uint64_t marks = 0;
  void add(std::int64_t id);
  void add(const Content& other);
  friend auto operator<=>(const Content&, const Content&) = default;
};

struct WindowRow {
  std::int64_t key = 0;
  EventTime start{};
  EventTime end{};
  Content content;
  bool update = false;
  bool retract = false;
  friend auto operator<=>(const WindowRow&, const WindowRow&) = default;
};

/// Rows and ids of late events, each in ascending order: they are compared as multisets.
struct WindowOutcome {
  std::vector<WindowRow> rows;
  std::vector<std::int64_t> late;
  void sort();
  friend bool operator==(const WindowOutcome&, const WindowOutcome&) = default;
};

/// What is in one outcome and not in the other, a line for each row, up to a few.
std::string difference(const WindowOutcome& got, const WindowOutcome& expected);

enum class WindowKind { tumbling, sliding, cumulative, session, count };
const char* name_of(WindowKind kind);

struct WindowRules {
  WindowKind kind = WindowKind::tumbling;
  Duration length{};        ///< of a window; the greatest length; the gap of a session
  Duration step{};          ///< slide, or step of a cumulative window
  Duration gap_of_each{};   ///< the gap behind an event is longer by `id % 5` of these
  std::int64_t events = 1;  ///< of a count window
  std::int64_t every = 1;   ///< its step
  Duration out_of_order{};
  Duration lateness{};
  Duration granularity{};
  // Of sessions beside at their ends; nothing: never.
  Duration early_every{};
  std::int64_t every_events = 0;
  bool discarding = false;
};
std::ostream& operator<<(std::ostream& out, const WindowRules& rules);

/// How long behind an event another one still belongs to its session.
Duration gap_of(const WindowRules& rules, const Timed& event);

/// What the rules say of events that come in this order from one source.
WindowOutcome outcome_by_the_rules(const WindowRules& rules, const std::vector<Timed>& events);

}  // namespace streamwork::testkit
