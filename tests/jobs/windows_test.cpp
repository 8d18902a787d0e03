// Windows of every kind on random out-of-order input, against what the rules say (kit/window_reference.hpp): the same rows
// and the same late events, whatever the parallelism and the schedule.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <sstream>
#include <streamwork/connectors/collection.hpp>
#include <streamwork/testing.hpp>
#include <streamwork/windowed_stream.hpp>

#include "kit/jobs.hpp"
#include "kit/scale.hpp"
#include "kit/windowed_job.hpp"

namespace sw = streamwork;
using namespace std::chrono_literals;

namespace streamwork::testkit {
namespace {

/// Random rules and events; times are whole milliseconds, so that they often meet bounds.
class Inputs {
 public:
  explicit Inputs(std::uint64_t seed) : random_(seed) {}

  std::int64_t between(std::int64_t least, std::int64_t greatest) {
    return std::uniform_int_distribution<std::int64_t>(least, greatest)(random_);
  }
  Duration milliseconds(std::int64_t least, std::int64_t greatest) {
    return std::chrono::milliseconds(between(least, greatest));
  }

  WindowRules rules(WindowKind kind) {
    WindowRules rules{.kind = kind, .length = milliseconds(1, 30)};
    if (kind == WindowKind::sliding) rules.step = milliseconds(1, rules.length / 1ms);
    if (kind == WindowKind::cumulative) {
      rules.step = rules.length;
      rules.length = rules.step * between(1, 6);
    }
    if (kind == WindowKind::session && between(0, 1) == 0) rules.gap_of_each = milliseconds(1, 8);
    if (kind == WindowKind::count) rules.every = between(1, rules.events = between(1, 12));
    rules.out_of_order = between(0, 2) == 0 ? Duration() : milliseconds(0, 60);
    rules.lateness = between(0, 2) == 0 ? Duration() : milliseconds(0, between(0, 1) == 0 ? 10 : 200);
    rules.granularity = between(0, 1) == 0 ? Duration(1ms) : milliseconds(1, 25);
    return rules;
  }

  /// Times that go on by `pace` ms an event on average, from before 1970 on, each up to `disorder` ms back from there.
  std::vector<Timed> events(std::int64_t count, std::int64_t keys) {
    const std::int64_t pace = between(0, 8);
    const std::int64_t disorder = between(0, 3) == 0 ? 0 : between(0, 120);
    std::int64_t front = -between(0, count * pace + 1);
    std::vector<Timed> events;
    for (std::int64_t id = 0; id < count; ++id) {
      front += between(0, 2 * pace);
      if (between(0, 30) == 0) front += between(0, 150);
      const std::int64_t back = between(0, 3) == 0 ? between(0, disorder) : between(0, disorder / 8);
      events.push_back({between(0, keys - 1), EventTime(std::chrono::milliseconds(front - back)), id});
    }
    return events;
  }

 private:
  std::mt19937_64 random_;
};

void expect_outcome(const WindowRules& rules, const std::vector<Timed>& events, const WindowRun& run) {
  const WindowOutcome expected = outcome_by_the_rules(rules, events);
  const WindowOutcome got = outcome_of_job(rules, events, run);
  if (got == expected) return;
  std::ostringstream listing;
  if (events.size() <= 60) {
    for (const Timed& event : events)
      listing << event.id << ": key " << event.key << " at " << event.time.time_since_epoch().count() << '\n';
  }
  ADD_FAILURE() << rules << '\n' << difference(got, expected) << listing.str();
}

class WindowsByTheRules : public ::testing::TestWithParam<WindowKind> {};

}  // namespace

TEST_P(WindowsByTheRules, HoldForManySmallInputs) {
  const std::uint64_t seed = kit::seed();
  SCOPED_TRACE("STREAMWORK_TEST_SEED=" + std::to_string(seed));
  Inputs random(seed);
  for (std::uint64_t round = 0; round < kit::scaled(400) && !HasFailure(); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    const WindowRules rules = random.rules(GetParam());
    const std::vector<Timed> events = random.events(random.between(1, 60), random.between(1, 5));
    expect_outcome(rules, events, {.parallelism = static_cast<int>(random.between(1, 4)), .seed = seed + round});
  }
}

TEST_P(WindowsByTheRules, HoldForInputsOfThousandsOfEvents) {
  const std::uint64_t seed = kit::seed();
  SCOPED_TRACE("STREAMWORK_TEST_SEED=" + std::to_string(seed));
  Inputs random(seed);
  for (const std::int64_t keys : {1, 7, 2000}) {
    const WindowRules rules = random.rules(GetParam());
    const std::vector<Timed> events = random.events(4000, keys);
    for (const int parallelism : {1, 4}) expect_outcome(rules, events, {.parallelism = parallelism, .seed = seed});
  }
}

TEST_P(WindowsByTheRules, HoldWithRealWorkers) {
  const std::uint64_t seed = kit::seed();
  SCOPED_TRACE("STREAMWORK_TEST_SEED=" + std::to_string(seed));
  Inputs random(seed);
  for (int parallelism = 1; parallelism <= 4; ++parallelism) {
    const WindowRules rules = random.rules(GetParam());
    expect_outcome(rules, random.events(3000, 50), {.parallelism = parallelism, .seed = std::nullopt});
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, WindowsByTheRules,
                         ::testing::Values(WindowKind::tumbling, WindowKind::sliding, WindowKind::cumulative,
                                           WindowKind::session, WindowKind::count),
                         [](const auto& test) { return std::string(name_of(test.param)); });

TEST(Sessions, WithTriggersHoldForManySmallInputs) {
  const std::uint64_t seed = kit::seed();
  SCOPED_TRACE("STREAMWORK_TEST_SEED=" + std::to_string(seed));
  Inputs random(seed);
  for (std::uint64_t round = 0; round < kit::scaled(1200) && !HasFailure(); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    WindowRules rules = random.rules(WindowKind::session);
    if (random.between(0, 2) > 0) rules.early_every = random.milliseconds(1, 40);
    if (random.between(0, 2) > 0) rules.every_events = random.between(1, 6);
    rules.discarding = random.between(0, 1) == 0;
    const std::vector<Timed> events = random.events(random.between(1, 60), random.between(1, 5));
    expect_outcome(rules, events, {.parallelism = static_cast<int>(random.between(1, 4)), .seed = seed + round});
  }
}

namespace {

WindowOutcome sessions_of(std::vector<Timed> events, Duration out_of_order, Duration lateness) {
  const WindowRules rules{.kind = WindowKind::session,
                          .length = 3ms,
                          .out_of_order = out_of_order,
                          .lateness = lateness,
                          .granularity = 1ms};
  WindowOutcome outcome = outcome_of_job(rules, events, {.seed = 1});
  EXPECT_EQ(difference(outcome, outcome_by_the_rules(rules, events)), "");
  return outcome;
}

Timed at(std::int64_t milliseconds, std::int64_t id) {
  return {1, EventTime(std::chrono::milliseconds(milliseconds)), id};
}

}  // namespace

// The cases a reader of the rules would ask about, by hand.

TEST(Sessions, JoinAtADistanceOfExactlyTheGap) {
  EXPECT_EQ(sessions_of({at(0, 0), at(3, 1)}, 0ms, 0ms).rows.size(), 1U);
  EXPECT_EQ(sessions_of({at(0, 0), at(4, 1)}, 0ms, 0ms).rows.size(), 2U);
}

TEST(Sessions, TakeBackBothResultsThatALateEventJoins) {
  const WindowOutcome outcome = sessions_of({at(0, 0), at(6, 1), at(20, 2), at(3, 3)}, 0ms, 30ms);
  const auto count = [&](bool update, bool retract) {
    return std::ranges::count_if(outcome.rows,
                                 [&](const WindowRow& row) { return row.update == update && row.retract == retract; });
  };
  EXPECT_EQ(count(false, true), 2) << "both are taken back";
  EXPECT_EQ(count(true, false), 1) << "one takes their place";
  EXPECT_TRUE(outcome.late.empty());
}

TEST(Sessions, TakeBackEarlyResultsWhenTheirBoundsChange) {
  const WindowRules rules{.kind = WindowKind::session, .length = 3ms, .granularity = 1ms, .every_events = 2};
  // The second event fires it early; the third is within it, the fourth makes it longer.
  const WindowOutcome outcome = outcome_of_job(rules, {at(0, 0), at(2, 1), at(1, 2), at(4, 3)}, {.seed = 1});
  const auto row = [&](std::int64_t end, std::vector<std::int64_t> ids, bool update, bool retract) {
    Content content;
    for (const std::int64_t id : ids) content.add(id);
    return WindowRow{1, at(0, 0).time, at(end, 0).time, content, update, retract};
  };
  WindowOutcome expected{{row(5, {0, 1}, false, false), row(5, {0, 1}, false, true), row(7, {0, 1, 2, 3}, true, false),
                          row(7, {0, 1, 2, 3}, true, false)},
                         {}};
  expected.sort();
  EXPECT_EQ(difference(outcome, expected), "");
  EXPECT_EQ(outcome, expected);
}

TEST(Sessions, AreReachedByAnEventThatJoinsALaterOneLongAfterTheyFired) {
  // The session at 0 to 3 fired long ago; the one at 40 is open and reaches back through late events, one gap at a time.
  std::vector<Timed> events{at(0, 0), at(40, 1)};
  for (std::int64_t time = 37; time > 0; time -= 3) events.push_back(at(time, time));
  const WindowOutcome outcome = sessions_of(events, 0ms, 0ms);
  EXPECT_TRUE(outcome.late.empty());
  EXPECT_EQ(outcome.rows.size(), 3U) << "the result of the first, the same taken back, and one for all";
}

TEST(Sessions, AreForgottenLongAfterTheirEnd) {
  // A million keys with one session each. Every second one comes behind the watermark, within the allowed lateness, and
  // fires at once.
  const std::uint64_t events = kit::scaled(1'000'000);
  sw::Job job{"keys that come once"};
  std::int64_t megabytes_at_first = 0;
  std::int64_t megabytes_at_last = 0;
  std::uint64_t rows = 0;
  job.source("events", sw::generate<Timed>(
                           [](std::uint64_t i) {
                             const auto n = static_cast<std::int64_t>(i);
                             return Timed{n, EventTime(std::chrono::milliseconds(n - n % 2 * 10)), n};
                           },
                           {.count = events}))
      .event_time(&Timed::time, sw::ascending())
      .key_by(&Timed::key, {.parallelism = 1})
      .window(sw::session(1ms))
      .allowed_lateness(50ms)
      .aggregate("sessions", Contents{})
      .sink("rows", sw::for_each([&](const auto&) {
              if (++rows == events / 10) megabytes_at_first = kit::resident_megabytes();
              if (rows == events / 10 * 9) megabytes_at_last = kit::resident_megabytes();
            }));
  sw::testing::run(job);
  EXPECT_EQ(rows, events);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // which keep what is freed
  EXPECT_LE(megabytes_at_last, megabytes_at_first + 32);
#endif
}

TEST(Windows, OfAWholeStreamNeedNoKey) {
  sw::Job job{"whole"};
  sw::Collected<sw::WindowResult<sw::NoKeyAtAll, std::int64_t>> results;
  std::vector<Timed> events;
  for (std::int64_t i = 0; i < 1000; ++i) events.push_back({i, sw::EventTime(Duration(i * 1000)), i});
  job.source("events", sw::from_vector(events))
      .event_time(&Timed::time, sw::ascending())
      .window(sw::tumbling(250ms))
      .aggregate("windows", sw::count())
      .sink("rows", sw::collect(results));
  sw::testing::run(job);
  std::vector<std::int64_t> counts;
  for (const auto& row : results.take()) counts.push_back(row.value);
  EXPECT_EQ(counts, std::vector<std::int64_t>(4, 250));
}

TEST(Windows, BehindWindowsGoByTheTimesOfTheirResults) {
  using First = sw::WindowResult<std::int64_t, std::int64_t>;
  sw::Job job{"window after window"};
  sw::Collected<sw::WindowResult<sw::NoKeyAtAll, std::int64_t>> results;
  std::vector<Timed> events;
  for (std::int64_t i = 0; i < 6000; ++i) events.push_back({i % 7, sw::EventTime(std::chrono::milliseconds(i)), i});
  job.source("events", sw::from_vector(events))
      .event_time(&Timed::time, sw::ascending(), {.granularity = 1ms})
      .key_by(&Timed::key, {.parallelism = 3})
      .window(sw::sliding(200ms, 100ms))
      .aggregate("per key", sw::count())
      .window(sw::tumbling(1s))
      .aggregate("of all", sw::sum(&First::value))
      .sink("rows", sw::collect(results));
  sw::testing::run(job, {.seed = 3});
  std::vector<std::int64_t> sums;
  for (const auto& row : results.take()) {
    EXPECT_FALSE(row.update);
    sums.push_back(row.value);
  }
  // Ten windows end in each second; at the beginning and at the end one is half full.
  EXPECT_EQ(sums, (std::vector<std::int64_t>{1900, 2000, 2000, 2000, 2000, 2000, 100}));
}

TEST(Windows, TakeEveryEventThatIsOnTimeInItsOwnSplit) {
  // Two instances, each in order, at times far apart: what comes first of one must not make the other's late.
  for (std::uint64_t seed = 1; seed <= kit::scaled(40); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::vector<Timed> events;
    for (std::int64_t block = 0; block < 2; ++block) {
      for (std::int64_t i = 0; i < 500; ++i)
        events.push_back({i % 5, sw::EventTime(std::chrono::milliseconds(i + 10'000 * block)), block * 500 + i});
    }
    sw::Job job{"two splits"};
    sw::Collected<sw::WindowResult<std::int64_t, Content>> results;
    const auto rows = job.source("events", sw::from_vector(events), {.parallelism = 2})
                          .event_time(&Timed::time, sw::ascending())
                          .key_by(&Timed::key, {.parallelism = 3})
                          .window(sw::tumbling(100ms))
                          .aggregate("windows", Contents{});
    rows.sink("rows", sw::collect(results));
    sw::testing::run(job, {.seed = seed});
    std::int64_t taken = 0;
    for (const auto& row : results.take()) {
      EXPECT_FALSE(row.update);
      taken += row.value.events;
    }
    ASSERT_EQ(taken, 1000);
  }
}

}  // namespace streamwork::testkit
