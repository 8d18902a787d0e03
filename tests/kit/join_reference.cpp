#include "kit/join_reference.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <ostream>
#include <sstream>
#include <streamwork/window_result.hpp>
#include <tuple>
#include <utility>

namespace streamwork::testkit {

namespace {

struct Arrived {
  Timed event;
  EventTime reached;  ///< by its own input, when it came
  bool on_time() const { return event.time >= reached; }
};

std::vector<Arrived> arrivals(const JoinSide& side, Duration granularity) {
  const std::vector<EventTime> reached = watermarks_at(side, granularity);
  std::vector<Arrived> arrived;
  for (std::size_t i = 0; i < side.events.size(); ++i) arrived.push_back({side.events[i], reached[i]});
  return arrived;
}

/// The greatest multiple of `step` up to the time.
EventTime rounded_down(EventTime time, Duration step) {
  const std::int64_t ticks = time.time_since_epoch().count();
  std::int64_t quotient = ticks / step.count();
  while (quotient * step.count() > ticks) --quotient;
  return EventTime(quotient * step);
}

std::vector<TimeWindow> windows_of(const JoinRules& rules, EventTime time) {
  if (rules.kind == JoinKind::tumbling) {
    const EventTime start = rounded_down(time, rules.length);
    return {{start, start + rules.length}};
  }
  std::vector<TimeWindow> windows;
  if (rules.kind == JoinKind::sliding) {
    for (EventTime start = rounded_down(time, rules.step); start + rules.length > time; start -= rules.step)
      windows.push_back({start, start + rules.length});
    return windows;
  }
  const EventTime start = rounded_down(time, rules.length);
  for (EventTime end = start + rules.step; end <= start + rules.length; end += rules.step) {
    if (time < end) windows.push_back({start, end});
  }
  return windows;
}

struct Met {
  std::vector<std::int64_t> left;
  std::vector<std::int64_t> right;
  std::vector<std::int64_t>& of(bool is_left) { return is_left ? left : right; }
};

class Reference {
 public:
  Reference(const JoinRules& rules, const JoinSide& left, const JoinSide& right)
      : rules_(rules), left_(arrivals(left, rules.granularity)), right_(arrivals(right, rules.granularity)) {}

  JoinOutcome outcome() {
    switch (rules_.kind) {
      case JoinKind::tumbling:
      case JoinKind::sliding:
      case JoinKind::cumulative:
        join_windows();
        break;
      case JoinKind::session:
        join_sessions();
        break;
      case JoinKind::interval:
        join_intervals();
        break;
      case JoinKind::as_of:
      case JoinKind::latest:
        join_table();
        break;
    }
    outcome_.sort();
    return std::move(outcome_);
  }

 private:
  void join_windows() {
    std::map<std::tuple<std::int64_t, EventTime, EventTime>, Met> windows;  // by key, start, end
    for (const bool is_left : {true, false}) {
      for (const Arrived& arrived : is_left ? left_ : right_) {
        bool taken = false;
        for (const TimeWindow& window : windows_of(rules_, arrived.event.time)) {
          if (window.end <= arrived.reached) continue;
          windows[{arrived.event.key, window.start, window.end}].of(is_left).push_back(arrived.event.id);
          taken = true;
        }
        if (!taken) late(arrived);
      }
    }
    for (const auto& [window, met] : windows)
      add_rows(std::get<0>(window), std::get<1>(window), std::get<2>(window), met);
  }

  void join_sessions() {
    std::map<std::int64_t, std::vector<std::pair<Timed, bool>>> keys;
    for (const bool is_left : {true, false}) {
      for (const Arrived& arrived : is_left ? left_ : right_) {
        if (arrived.on_time()) {
          keys[arrived.event.key].emplace_back(arrived.event, is_left);
        } else {
          late(arrived);
        }
      }
    }
    for (auto& [key, events] : keys) {
      std::ranges::sort(events, {}, [](const auto& event) { return event.first.time; });
      for (std::size_t i = 0; i < events.size();) {
        const EventTime start = events[i].first.time;
        EventTime end = start;
        Met met;
        for (; i < events.size() && (events[i].first.time <= end); ++i) {
          end = std::max(end, events[i].first.time + gap_of(rules_, events[i].first));
          met.of(events[i].second).push_back(events[i].first.id);
        }
        add_rows(key, start, end, met);
      }
    }
  }

  void join_intervals() {
    std::map<std::int64_t, std::size_t> matches;  // by id
    for (const Arrived& left : left_) {
      if (!left.on_time()) continue;
      for (const Arrived& right : right_) {
        const Duration distance = right.event.time - left.event.time;
        if (!right.on_time() || right.event.key != left.event.key || distance < rules_.lower || distance > rules_.upper)
          continue;
        outcome_.rows.push_back({left.event.key, {}, {}, left.event.id, right.event.id});
        ++matches[left.event.id];
        ++matches[right.event.id];
      }
    }
    for (const bool is_left : {true, false}) {
      for (const Arrived& arrived : is_left ? left_ : right_) {
        const auto& [event, reached] = arrived;
        if (!arrived.on_time()) {
          late(arrived);
        } else if (matches[event.id] == 0 && (is_left ? keeps_left(rules_.type) : keeps_right(rules_.type))) {
          outcome_.rows.push_back({event.key, {}, {}, is_left ? event.id : -1, is_left ? -1 : event.id});
        }
      }
    }
  }

  void join_table() {
    for (const Arrived& fact : left_) {
      if (!fact.on_time()) {
        late(fact);
        continue;
      }
      const Timed* found = nullptr;
      for (const Arrived& version : right_) {
        if (version.event.key != fact.event.key) continue;
        if (rules_.kind == JoinKind::latest) found = &version.event;
        if (rules_.kind == JoinKind::latest || !version.on_time() || version.event.time > fact.event.time) continue;
        if (found == nullptr || version.event.time >= found->time) found = &version.event;
      }
      if (found != nullptr && rules_.retention && found->time < fact.event.time - *rules_.retention) found = nullptr;
      if (found == nullptr && !keeps_left(rules_.type)) continue;
      outcome_.rows.push_back({fact.event.key, {}, {}, fact.event.id, found == nullptr ? -1 : found->id});
    }
    if (rules_.kind == JoinKind::latest) return;  // a row of the table is taken whenever it comes
    for (const Arrived& version : right_) {
      if (!version.on_time()) late(version);
    }
  }

  void add_rows(std::int64_t key, EventTime start, EventTime end, const Met& met) {
    for (const std::int64_t left : met.left) {
      for (const std::int64_t right : met.right) outcome_.rows.push_back({key, start, end, left, right});
      if (met.right.empty() && keeps_left(rules_.type)) outcome_.rows.push_back({key, start, end, left, -1});
    }
    if (!met.left.empty() || !keeps_right(rules_.type)) return;
    for (const std::int64_t right : met.right) outcome_.rows.push_back({key, start, end, -1, right});
  }

  void late(const Arrived& arrived) { outcome_.late.push_back(arrived.event.id); }

  JoinRules rules_;
  std::vector<Arrived> left_;
  std::vector<Arrived> right_;
  JoinOutcome outcome_;
};

void describe(std::ostream& out, const JoinRow& row) {
  out << "key " << row.key << " from " << row.start.time_since_epoch().count() << " to "
      << row.end.time_since_epoch().count() << ": " << row.left << " and " << row.right;
}

template <class Row, class Describe>
void list_missing(std::ostream& out, const char* what, const std::vector<Row>& of, const std::vector<Row>& in,
                  Describe&& describe_row) {
  std::vector<Row> missing;
  std::ranges::set_difference(of, in, std::back_inserter(missing));
  for (std::size_t i = 0; i < std::min<std::size_t>(missing.size(), 5); ++i) {
    out << what;
    describe_row(out, missing[i]);
    out << '\n';
  }
}

}  // namespace

const char* name_of(JoinKind kind) {
  constexpr const char* names[] = {"tumbling", "sliding", "cumulative", "session", "interval", "as_of", "latest"};
  return names[static_cast<int>(kind)];
}

std::ostream& operator<<(std::ostream& out, const JoinRules& rules) {
  constexpr const char* types[] = {"inner", "left", "right", "full"};
  out << name_of(rules.kind) << ", " << types[static_cast<int>(rules.type)] << ", length " << rules.length.count()
      << ", step " << rules.step.count() << ", gap of each " << rules.gap_of_each.count() << ", from "
      << rules.lower.count() << " to " << rules.upper.count() << ", granularity " << rules.granularity.count();
  if (rules.retention) out << ", retention " << rules.retention->count();
  return out;
}

void JoinOutcome::sort() {
  std::ranges::sort(rows);
  std::ranges::sort(late);
}

std::string difference(const JoinOutcome& got, const JoinOutcome& expected) {
  std::ostringstream out;
  const auto id = [](std::ostream& stream, std::int64_t event) { stream << event; };
  list_missing(out, "missing: ", expected.rows, got.rows, describe);
  list_missing(out, "too much: ", got.rows, expected.rows, describe);
  list_missing(out, "not late: ", expected.late, got.late, id);
  list_missing(out, "late: ", got.late, expected.late, id);
  return out.str();
}

Duration gap_of(const JoinRules& rules, const Timed& event) {
  return rules.length + rules.gap_of_each * (event.id % 5);
}

std::vector<EventTime> watermarks_at(const JoinSide& side, Duration granularity) {
  std::vector<EventTime> reached{EventTime::min()};
  EventTime greatest = EventTime::min();
  for (const Timed& event : side.events) {
    greatest = std::max(greatest, event.time);
    reached.push_back(rounded_down(greatest - side.out_of_order, granularity));
  }
  return reached;
}

JoinOutcome outcome_by_the_rules(const JoinRules& rules, const JoinSide& left, const JoinSide& right) {
  return Reference(rules, left, right).outcome();
}

}  // namespace streamwork::testkit
