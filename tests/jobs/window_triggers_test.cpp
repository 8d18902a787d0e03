// When windows fire beside at their ends, windows by the wall clock, windows of one's own, and what is refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <random>
#include <streamwork/connectors/collection.hpp>
#include <streamwork/connectors/generator.hpp>
#include <streamwork/testing.hpp>
#include <streamwork/windowed_stream.hpp>
#include <string>
#include <tuple>
#include <vector>

#include "kit/scale.hpp"
#include "kit/thrown.hpp"
#include "kit/window_reference.hpp"

namespace sw = streamwork;
using namespace std::chrono_literals;

namespace streamwork::testkit {
namespace {

sw::EventTime at(std::chrono::milliseconds time) { return sw::EventTime(time); }

/// End in milliseconds, number of events, update.
using Firing = std::tuple<std::int64_t, std::int64_t, bool>;
using Firings = std::vector<Firing>;

std::vector<Timed> every_millisecond(std::int64_t count) {
  std::vector<Timed> events;
  for (std::int64_t i = 0; i < count; ++i) events.push_back({1, at(std::chrono::milliseconds(i)), i});
  return events;
}

/// The firings of a window over `events` of one key, in their order.
template <class Windows>
Firings firings_of(const std::vector<Timed>& events, Windows windows, const sw::Triggers& triggers,
                   sw::Duration lateness = {}) {
  sw::Job job{"triggers"};
  sw::Collected<sw::WindowResult<std::int64_t, std::int64_t>> results;
  job.source("events", sw::from_vector(events))
      .event_time(&Timed::time, sw::ascending(), {.granularity = 1ms})
      .key_by(&Timed::key)
      .window(windows)
      .allowed_lateness(lateness)
      .trigger(triggers)
      .aggregate("windows", sw::count())
      .sink("rows", sw::collect(results));
  sw::testing::run(job);
  Firings firings;
  for (const auto& row : results.take())
    firings.emplace_back(row.end == sw::EventTime::max() ? -1 : row.end.time_since_epoch() / 1ms, row.value,
                         row.update);
  return firings;
}

/// What a job says when it is started.
template <class Write>
std::string refusal_of(Write write) {
  sw::Job job{"bad"};
  write(job.source("events", sw::from_vector(every_millisecond(1))));
  return message_of([&] { sw::testing::run(job); });
}
auto timed(const sw::Stream<Timed>& stream) {
  return stream.event_time(&Timed::time, sw::ascending()).key_by(&Timed::key);
}
auto counted() {
  return [](const auto& windowed) { windowed.aggregate("windows", sw::count()).sink("rows", sw::discard()); };
}

}  // namespace

TEST(Triggers, FireEarlyByEventTime) {
  EXPECT_EQ(firings_of(every_millisecond(11), sw::tumbling(10ms), {.early_every = 4ms}),
            (Firings{{10, 5, false}, {10, 9, true}, {10, 10, true}, {20, 1, false}, {20, 1, true}}))
      << "the event that brings the watermark is in it; at its end a window fires in any case";
}

TEST(Triggers, FireEarlyOnlyWhereThereIsSomethingNew) {
  EXPECT_EQ(firings_of({{1, at(0ms), 0}, {1, at(25ms), 1}}, sw::tumbling(30ms), {.early_every = 5ms}),
            (Firings{{30, 2, false}, {30, 2, true}}))
      << "once early, although event time has come to five multiples, and at the end";
}

TEST(Triggers, FireEveryFewEvents) {
  EXPECT_EQ(firings_of(every_millisecond(7), sw::tumbling(10ms), {.every_events = 3}),
            (Firings{{10, 3, false}, {10, 6, true}, {10, 7, true}}));
}

TEST(Triggers, DiscardingGivesEachEventOnce) {
  EXPECT_EQ(firings_of(every_millisecond(8), sw::tumbling(10ms), {.every_events = 3, .discarding = true}),
            (Firings{{10, 3, false}, {10, 3, true}, {10, 2, true}}));
}

TEST(Triggers, LateEventFiresAtOnce) {
  const std::vector<Timed> events{
      {1, at(1ms), 0}, {1, at(12ms), 1}, {1, at(2ms), 2}, {1, at(30ms), 3}, {1, at(3ms), 4}};
  EXPECT_EQ(firings_of(events, sw::tumbling(10ms), {.every_events = 100}, 5ms),
            (Firings{{10, 1, false}, {10, 2, true}, {20, 1, false}, {40, 1, false}}));
}

TEST(Triggers, GlobalWindowFiresWhenTheyDo) {
  EXPECT_EQ(firings_of(every_millisecond(7), sw::global_window(), {.every_events = 3, .discarding = true}),
            (Firings{{-1, 3, false}, {-1, 3, true}, {-1, 1, true}}));
}

TEST(Triggers, AtTheEndGiveWhatSlicesGive) {
  // With a trigger that never comes, windows kept one by one have the same rows as those made of slices.
  const std::uint64_t seed = kit::seed();
  SCOPED_TRACE("STREAMWORK_TEST_SEED=" + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (std::uint64_t round = 0; round < kit::scaled(150); ++round) {
    std::vector<Timed> events;
    for (std::int64_t i = 0; i < 60; ++i) {
      const auto back = static_cast<std::int64_t>(random() % 40);
      events.push_back({1, at(std::chrono::milliseconds(3 * i - 60 - back)), i});
    }
    const auto length = std::chrono::milliseconds(1 + random() % 20);
    const auto windows =
        sw::sliding(length, std::chrono::milliseconds(1 + random() % static_cast<std::uint64_t>(length / 1ms)));
    const sw::Duration lateness = std::chrono::milliseconds(random() % 30);
    Firings by_panes = firings_of(events, windows, {.every_events = 1000}, lateness);
    Firings by_slices = firings_of(events, windows, {}, lateness);
    std::ranges::sort(by_panes);
    std::ranges::sort(by_slices);
    ASSERT_EQ(by_panes, by_slices) << "round " << round;
  }
}

TEST(Triggers, FireEarlyByTheWallClock) {
  sw::Job job{"early"};
  sw::Collected<sw::WindowResult<std::int64_t, std::int64_t>> results;
  // One event a second, all in one long window of event time.
  job.source("events", sw::generate<Timed>(
                           [](std::uint64_t i) {
                             return Timed{1, at(std::chrono::milliseconds(i)), static_cast<std::int64_t>(i)};
                           },
                           {.count = 30, .rate = 1}))
      .event_time(&Timed::time, sw::ascending())
      .key_by(&Timed::key)
      .window(sw::tumbling(1h))
      .trigger({.early_every_by_wall_clock = 10s})
      .aggregate("windows", sw::count())
      .sink("rows", sw::collect(results));
  sw::testing::ManualClock clock;
  sw::testing::run(job, {.clock = &clock});
  const auto rows = results.take();
  ASSERT_GE(rows.size(), 3U);
  EXPECT_LE(rows.size(), 4U);
  for (std::size_t i = 1; i < rows.size(); ++i) EXPECT_TRUE(rows[i].update);
  EXPECT_LT(rows.front().value, 12) << "the first after ten seconds";
  EXPECT_EQ(rows.back().value, 30);
}

TEST(Triggers, FireSessionsEarlyByTheWallClock) {
  // Eight events of event time, a second of the wall clock apart: the session grows with each.
  for (const bool discarding : {false, true}) {
    sw::Job job{"early sessions"};
    sw::Collected<sw::WindowResult<std::int64_t, std::int64_t>> results;
    job.source("events", sw::generate<Timed>(
                             [](std::uint64_t i) {
                               const auto n = static_cast<std::int64_t>(i);
                               return Timed{1, at(std::chrono::milliseconds(n)), n};
                             },
                             {.count = 8, .rate = 1}))
        .event_time(&Timed::time, sw::ascending())
        .key_by(&Timed::key)
        .window(sw::session(1h))
        .trigger({.early_every_by_wall_clock = 3s, .discarding = discarding})
        .aggregate("sessions", sw::count())
        .sink("rows", sw::collect(results));
    sw::testing::ManualClock clock;
    sw::testing::run(job, {.clock = &clock});
    std::int64_t left = 0;
    std::int64_t early = 0;
    for (const auto& row : results.take()) {
      left += row.retract ? -row.value : row.value;
      early += row.retract ? 1 : 0;
    }
    EXPECT_GE(early, 1) << "a result came early, and its session grew";
    EXPECT_EQ(left, 8) << "what is not taken back has each event once";
  }
}

TEST(WindowsByWallClock, NeedNoTimesAndCloseByThemselves) {
  sw::Job job{"by wall clock"};
  sw::Collected<sw::WindowResult<std::int64_t, std::int64_t>> results;
  job.source("numbers", sw::generate<std::int64_t>([](std::uint64_t i) { return static_cast<std::int64_t>(i % 3); },
                                                   {.count = 900, .rate = 10}))
      .key_by([](std::int64_t n) { return n; })
      .window(sw::by_wall_clock(sw::tumbling(10s)))
      .aggregate("windows", sw::count())
      .sink("rows", sw::collect(results));
  sw::testing::ManualClock clock;
  sw::testing::run(job, {.clock = &clock});
  std::map<std::int64_t, std::int64_t> of_key;
  std::map<sw::EventTime, std::int64_t> of_window;
  for (const auto& row : results.take()) {
    EXPECT_FALSE(row.update);
    EXPECT_EQ(row.end - row.start, 10s);
    of_key[row.key] += row.value;
    of_window[row.start] += row.value;
  }
  EXPECT_EQ(of_key, (std::map<std::int64_t, std::int64_t>{{0, 300}, {1, 300}, {2, 300}}));
  EXPECT_GE(of_window.size(), 9U);
  EXPECT_LE(of_window.size(), 10U);
}

TEST(WindowsByWallClock, SessionsEndAGapAfterTheLastEvent) {
  sw::Job job{"sessions by wall clock"};
  sw::Collected<sw::WindowResult<std::int64_t, std::int64_t>> results;
  job.source("numbers",
             sw::generate<std::int64_t>([](std::uint64_t) { return std::int64_t{1}; }, {.count = 5, .rate = 0.01}))
      .key_by([](std::int64_t n) { return n; })
      .window(sw::by_wall_clock(sw::session(30s)))
      .aggregate("windows", sw::count())
      .sink("rows", sw::collect(results));
  sw::testing::ManualClock clock;
  sw::testing::run(job, {.clock = &clock});
  const auto rows = results.take();
  ASSERT_EQ(rows.size(), 5U) << "a hundred seconds lie between two";
  for (const auto& row : rows) {
    EXPECT_EQ(row.value, 1);
    EXPECT_EQ(row.end - row.start, 30s);
  }
}

TEST(WindowsOfOnesOwn, AreThoseTheFunctionNames) {
  // Every event belongs to two windows of different length.
  const auto assign = [](const Timed&, sw::EventTime time) {
    const auto start = sw::EventTime(std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()));
    return std::vector{sw::TimeWindow{start, start + 1s}, sw::TimeWindow{start, start + 3s}};
  };
  const Firings firings =
      firings_of({{1, at(100ms), 0}, {1, at(900ms), 1}, {1, at(1500ms), 2}}, sw::windows_by(assign), {});
  EXPECT_EQ(firings, (Firings{{1000, 2, false}, {2000, 1, false}, {3000, 2, false}, {4000, 1, false}}));
}

TEST(Days, HaveAsManyHoursAsTheZoneGivesThem) {
  std::vector<Timed> events;  // one an hour through the change of clocks
  using namespace std::chrono;
  for (std::int64_t hour = 0; hour < 96; ++hour)
    events.push_back({1, sw::EventTime((sys_days(2024y / 3 / 29) + hours(hour + 23)).time_since_epoch()), hour});
  const Firings firings = firings_of(events, sw::days_in("Europe/Berlin"), {});
  std::vector<std::int64_t> hours_of_days;
  for (const auto& [end, count, update] : firings) hours_of_days.push_back(count);
  EXPECT_EQ(hours_of_days, (std::vector<std::int64_t>{24, 23, 24, 24, 1}));
}

TEST(Windows, PassAYearOfEventsInAnInstant) {
  sw::Job job{"a year"};
  sw::Collected<sw::WindowResult<sw::NoKeyAtAll, std::int64_t>> results;
  job.source("every hour", sw::generate<std::int64_t>([](std::uint64_t i) { return static_cast<std::int64_t>(i); },
                                                      {.count = 365 * 24, .rate = 1.0 / 3600}))
      .window(sw::by_wall_clock(sw::tumbling(24h)))
      .aggregate("days", sw::count())
      .sink("rows", sw::collect(results));
  sw::testing::ManualClock clock;
  sw::testing::run(job, {.clock = &clock});
  std::int64_t events = 0;
  for (const auto& row : results.take()) events += row.value;
  EXPECT_EQ(events, 365 * 24);
  EXPECT_GE(clock.now().time_since_epoch(), 364 * 24h);
}

TEST(WindowProblems, AreToldWithTheRemedy) {
  using ::testing::HasSubstr;
  EXPECT_THAT(refusal_of([](const auto& s) { counted()(s.key_by(&Timed::key).window(sw::tumbling(1s))); }),
              HasSubstr("sw::by_wall_clock"));
  EXPECT_THAT(
      refusal_of([](const auto& s) { counted()(timed(s).window(sw::count_windows(5)).trigger({.every_events = 2})); }),
      HasSubstr("count windows fire when they are full only"));
  EXPECT_THAT(refusal_of([](const auto& s) { counted()(timed(s).window(sw::global_window())); }),
              HasSubstr("say when it fires"));
  EXPECT_THAT(refusal_of([](const auto& s) {
                counted()(timed(s).window(sw::by_wall_clock(sw::tumbling(1s))).trigger({.early_every = 1s}));
              }),
              HasSubstr("write early_every_by_wall_clock"));
  EXPECT_THAT(
      refusal_of([](const auto& s) { counted()(timed(s).window(sw::tumbling(1s)).trigger({.every_events = 0})); }),
      HasSubstr("write 1 or more"));
  EXPECT_THAT(refusal_of([](const auto& s) { counted()(timed(s).window(sw::tumbling(1s)).allowed_lateness(-1s)); }),
              HasSubstr("allowed lateness"));
}

}  // namespace streamwork::testkit
