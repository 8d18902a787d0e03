#include "kit/window_reference.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <memory>
#include <ostream>
#include <sstream>
#include <tuple>
#include <utility>

namespace streamwork::testkit {

namespace {

constexpr std::int64_t never = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t end_of_input = std::numeric_limits<std::int64_t>::max();

std::int64_t ticks(EventTime time) { return time.time_since_epoch().count(); }
EventTime at(std::int64_t ticks) { return EventTime(Duration(ticks)); }

/// The greatest multiple of `step` up to `value`.
std::int64_t rounded_down(std::int64_t value, std::int64_t step) {
  std::int64_t quotient = value / step;
  while (quotient * step > value) --quotient;
  return quotient * step;
}

/// One event after the other; the kinds of windows differ in what they do with an event and with a watermark.
class Reference {
 public:
  explicit Reference(const WindowRules& rules) : rules_(rules) {}
  Reference(const Reference&) = delete;
  Reference& operator=(const Reference&) = delete;
  virtual ~Reference() = default;

  WindowOutcome outcome_of(const std::vector<Timed>& events) {
    std::int64_t greatest = never;
    for (const Timed& event : events) {
      take(event);
      greatest = std::max(greatest, ticks(event.time));
      reach(rounded_down(greatest - rules_.out_of_order.count(), rules_.granularity.count()));
    }
    watermark_ = end_of_input;
    fire_due();
    outcome_.sort();
    return std::move(outcome_);
  }

 protected:
  virtual void take(const Timed& event) = 0;
  virtual void fire_due() = 0;

  /// True if what ends there takes events no more.
  bool over(std::int64_t end) const {
    return watermark_ == end_of_input || (watermark_ != never && watermark_ >= end + rules_.lateness.count());
  }
  bool closed(std::int64_t end) const { return watermark_ >= end; }
  std::int64_t watermark() const { return watermark_; }
  const WindowRules& rules() const { return rules_; }
  void late(const Timed& event) { outcome_.late.push_back(event.id); }
  void emit(const WindowRow& row) { outcome_.rows.push_back(row); }

 private:
  void reach(std::int64_t watermark) {
    if (watermark <= watermark_) return;
    watermark_ = watermark;
    fire_due();
  }

  WindowRules rules_;
  std::int64_t watermark_ = never;
  WindowOutcome outcome_;
};

class AlignedReference final : public Reference {
 public:
  using Reference::Reference;

 private:
  struct Window {
    Content content;
    bool had_result = false;
    bool fired_at_end = false;
  };
  using Id = std::tuple<std::int64_t, std::int64_t, std::int64_t>;  // key, start, end

  std::vector<std::pair<std::int64_t, std::int64_t>> windows_of(std::int64_t time) const {
    const std::int64_t length = rules().length.count();
    const std::int64_t step = rules().step.count();
    std::vector<std::pair<std::int64_t, std::int64_t>> windows;
    if (rules().kind == WindowKind::tumbling) {
      windows.emplace_back(rounded_down(time, length), rounded_down(time, length) + length);
    } else if (rules().kind == WindowKind::sliding) {
      for (std::int64_t start = rounded_down(time, step); start + length > time; start -= step)
        windows.emplace_back(start, start + length);
    } else {
      const std::int64_t start = rounded_down(time, length);
      for (std::int64_t end = start + step; end <= start + length; end += step) {
        if (time < end) windows.emplace_back(start, end);
      }
    }
    return windows;
  }

  void take(const Timed& event) override {
    bool taken = false;
    for (const auto& [start, end] : windows_of(ticks(event.time))) {
      if (over(end)) continue;
      taken = true;
      Window& window = windows_[{event.key, start, end}];
      window.content.add(event.id);
      if (closed(end)) fire({event.key, start, end}, window);
    }
    if (!taken) late(event);
  }

  void fire_due() override {
    for (auto& [id, window] : windows_) {
      if (!window.fired_at_end && closed(std::get<2>(id))) fire(id, window);
    }
  }

  void fire(const Id& id, Window& window) {
    const auto& [key, start, end] = id;
    emit({key, at(start), at(end), window.content, window.had_result, false});
    window.had_result = window.fired_at_end = true;
  }

  std::map<Id, Window> windows_;
};

/// A session knows all rows that are out with its bounds. Whatever changes them takes those back.
class SessionReference final : public Reference {
 public:
  using Reference::Reference;

 private:
  struct Session {
    std::int64_t start;
    std::int64_t end;
    Content content;
    Content since_row;             ///< of the content, what no row that is out has
    std::int64_t since_fired = 0;  ///< events
    bool fired_at_end = false;
    bool had_result = false;
    std::vector<WindowRow> rows{};  ///< those that are out; if they accumulate, the last one
  };

  void take(const Timed& event) override {
    const std::int64_t time = ticks(event.time);
    const std::int64_t gap = gap_of(rules(), event).count();
    std::vector<Session>& sessions = sessions_[event.key];
    const auto joins = [&](const Session& session) { return session.start - gap <= time && time <= session.end; };

    Session merged{time, time + gap, {}, {}};
    for (const Session& session : sessions) {
      if (!joins(session)) continue;
      merged.start = std::min(merged.start, session.start);
      merged.end = std::max(merged.end, session.end);
    }
    if (over(merged.end)) return late(event);
    for (const Session& session : sessions) {
      if (!joins(session)) continue;
      const bool same = session.start == merged.start && session.end == merged.end;
      merged.content.add(session.content);
      merged.since_row.add(same ? session.since_row : session.content);
      merged.since_fired += session.since_fired;
      merged.had_result = merged.had_result || session.had_result;
      if (same) {
        merged.rows = session.rows;
      } else {
        take_back(session);
      }
    }
    merged.content.add(event.id);
    merged.since_row.add(event.id);
    ++merged.since_fired;
    std::erase_if(sessions, joins);
    sessions.push_back(merged);
    if (closed(merged.end)) {
      fire_at_end(event.key, sessions.back());
    } else if (rules().every_events > 0 && merged.since_fired >= rules().every_events) {
      fire(event.key, sessions.back());
    }
  }

  void take_back(const Session& session) {
    for (WindowRow row : session.rows) {
      row.retract = true;
      emit(row);
    }
  }

  void fire_due() override {
    for (auto& [key, sessions] : sessions_) {
      for (Session& session : sessions) {
        fire_early(key, session);
        if (!session.fired_at_end && closed(session.end)) fire_at_end(key, session);
      }
    }
    reached_ = watermark();
  }

  /// At the multiples that event time has come to by now and not before, behind the start and before the end: at the first
  /// of them, if there is something new.
  void fire_early(std::int64_t key, Session& session) {
    const std::int64_t every = rules().early_every.count();
    if (every == 0 || (session.since_fired == 0 && !session.rows.empty())) return;
    const std::int64_t next = rounded_down(std::max(session.start, reached_), every) + every;
    if (next <= watermark() && next < session.end) fire(key, session);
  }

  void fire_at_end(std::int64_t key, Session& session) {
    if (!rules().discarding || session.since_fired > 0 || session.rows.empty()) fire(key, session);
    session.fired_at_end = true;
  }

  void fire(std::int64_t key, Session& session) {
    const Content& content = rules().discarding ? session.since_row : session.content;
    const WindowRow row{key, at(session.start), at(session.end), content, session.had_result, false};
    emit(row);
    if (!rules().discarding) session.rows.clear();
    session.rows.push_back(row);
    session.since_row = {};
    session.since_fired = 0;
    session.had_result = true;
  }

  std::int64_t reached_ = never;
  std::map<std::int64_t, std::vector<Session>> sessions_;
};

/// The last `events` events of a key, after every `every` of them; at the end of input once more, if some came since: what
/// would be in the next window if it were full.
class CountReference final : public Reference {
 public:
  using Reference::Reference;

 private:
  void take(const Timed& event) override {
    std::vector<Timed>& events = events_[event.key];
    events.push_back(event);
    if (size_of(events) % rules().every == 0) fire(events, size_of(events));
  }
  void fire_due() override {
    if (!closed(end_of_input)) return;
    for (const auto& [key, events] : events_) {
      if (size_of(events) % rules().every != 0)
        fire(events, rounded_down(size_of(events), rules().every) + rules().every);
    }
  }
  static std::int64_t size_of(const std::vector<Timed>& events) { return static_cast<std::int64_t>(events.size()); }

  /// The window that ends behind event number `end`.
  void fire(const std::vector<Timed>& events, std::int64_t end) {
    WindowRow row{events.front().key, EventTime::max(), EventTime::min(), {}};
    for (std::int64_t i = std::max<std::int64_t>(0, end - rules().events); i < std::min(end, size_of(events)); ++i) {
      const Timed& event = events[static_cast<std::size_t>(i)];
      row.content.add(event.id);
      row.start = std::min(row.start, event.time);
      row.end = std::max(row.end, event.time);
    }
    emit(row);
  }

  std::map<std::int64_t, std::vector<Timed>> events_;
};

void describe(std::ostream& out, const WindowRow& row) {
  out << "key " << row.key << " [" << ticks(row.start) << ", " << ticks(row.end) << ") " << row.content.events
      << " events, marks " << row.content.marks << (row.update ? ", update" : "") << (row.retract ? ", retract" : "");
}
void describe(std::ostream& out, std::int64_t late_id) { out << "late " << late_id; }

template <class T>
void list_missing(std::ostream& out, const char* what, const std::vector<T>& from, const std::vector<T>& in) {
  constexpr std::size_t most = 12;
  std::vector<T> missing;
  std::ranges::set_difference(from, in, std::back_inserter(missing));
  for (std::size_t i = 0; i < std::min(most, missing.size()); ++i) {
    out << what;
    describe(out, missing[i]);
    out << '\n';
  }
  if (missing.size() > most) out << what << missing.size() - most << " more\n";
}

}  // namespace

void Content::add(std::int64_t id) {
  ++events;
  const std::uint64_t spread = (static_cast<std::uint64_t>(id) + 1) * 0x9E37'79B9'7F4A'7C15ULL;
  marks += (spread ^ (spread >> 29U)) * 0xBF58'476D'1CE4'E5B9ULL;
}

void Content::add(const Content& other) {
  events += other.events;
  marks += other.marks;
}

void WindowOutcome::sort() {
  std::ranges::sort(rows);
  std::ranges::sort(late);
}

std::string difference(const WindowOutcome& got, const WindowOutcome& expected) {
  std::ostringstream out;
  list_missing(out, "missing: ", expected.rows, got.rows);
  list_missing(out, "too much: ", got.rows, expected.rows);
  list_missing(out, "missing: ", expected.late, got.late);
  list_missing(out, "too much: ", got.late, expected.late);
  return out.str();
}

const char* name_of(WindowKind kind) {
  constexpr const char* names[] = {"tumbling", "sliding", "cumulative", "session", "count"};
  return names[static_cast<int>(kind)];
}

Duration gap_of(const WindowRules& rules, const Timed& event) {
  return rules.length + rules.gap_of_each * (event.id % 5);
}

std::ostream& operator<<(std::ostream& out, const WindowRules& rules) {
  return out << name_of(rules.kind) << " length " << rules.length.count() << " us, step " << rules.step.count()
             << " us, gap of each " << rules.gap_of_each.count() << " us, events " << rules.events << " every "
             << rules.every << ", out of order " << rules.out_of_order.count() << " us, lateness "
             << rules.lateness.count() << " us, granularity " << rules.granularity.count() << " us";
}

WindowOutcome outcome_by_the_rules(const WindowRules& rules, const std::vector<Timed>& events) {
  std::unique_ptr<Reference> reference;
  switch (rules.kind) {
    case WindowKind::session:
      reference = std::make_unique<SessionReference>(rules);
      break;
    case WindowKind::count:
      reference = std::make_unique<CountReference>(rules);
      break;
    default:
      reference = std::make_unique<AlignedReference>(rules);
  }
  return reference->outcome_of(events);
}

}  // namespace streamwork::testkit
