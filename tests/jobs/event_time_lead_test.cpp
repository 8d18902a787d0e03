// How far a source may be ahead of others in event time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include <streamwork/streamwork.hpp>
#include <streamwork/testing.hpp>

#include "kit/jobs.hpp"

namespace sw = streamwork;
namespace kit = streamwork::kit;
using namespace std::chrono_literals;

namespace {

struct Timed {
  std::int64_t number = 0;
  sw::EventTime time{};
};

/// An event for each millisecond of event time.
auto a_millisecond_each(std::uint64_t count, std::optional<double> rate) {
  return sw::generate<Timed>(
      [](std::uint64_t i) {
        return Timed{static_cast<std::int64_t>(i), sw::EventTime(static_cast<std::int64_t>(i) * sw::Duration(1ms))};
      },
      {.count = count, .rate = rate});
}

struct Outcome {
  std::int64_t greatest_lead_ms = 0;  ///< of the fast source, whenever it brought an event
  std::int64_t fast_events = 0;
  std::int64_t slow_events = 0;
};

/// A source that is as fast as it can be, beside one that brings a thousand events a second.
Outcome run_beside_a_slow_one(std::optional<sw::Duration> greatest_lead, std::uint64_t seed, std::uint64_t slow_count) {
  Outcome outcome;
  sw::testing::ManualClock clock;
  sw::Job job{"fast and slow"};
  std::int64_t slow = 0;
  bool slow_ended = false;
  job.source("slow", a_millisecond_each(slow_count, 1000))
      .event_time(&Timed::time, sw::ascending(), {.granularity = 1ms, .greatest_lead = greatest_lead})
      .sink("slow sink", sw::for_each([&](const Timed& event) {
              slow = event.number;
              slow_ended = ++outcome.slow_events == static_cast<std::int64_t>(slow_count);
            }));
  job.source("fast", a_millisecond_each(20'000, std::nullopt))
      .event_time(&Timed::time, sw::ascending(), {.granularity = 1ms, .greatest_lead = greatest_lead})
      .sink("fast sink", sw::for_each([&](const Timed& event) {
              ++outcome.fast_events;
              if (!slow_ended) outcome.greatest_lead_ms = std::max(outcome.greatest_lead_ms, event.number - slow);
            }));
  const sw::JobResult result = sw::testing::run(job, {.seed = seed, .clock = &clock});
  EXPECT_EQ(result.end, sw::JobEnd::finished) << result.failure;
  return outcome;
}

/// What a source brings in one go, before it looks whether it is too far ahead.
constexpr std::int64_t one_go_ms = 1024;

}  // namespace

TEST(EventTimeLead, IsNoLongerThanItMayBe) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Outcome outcome = run_beside_a_slow_one(sw::Duration(500ms), seed, 5000);
    ASSERT_LE(outcome.greatest_lead_ms, 500 + one_go_ms) << "seed " << seed;
    ASSERT_EQ(outcome.fast_events, 20'000) << "it goes on when the slow one has ended";
    ASSERT_EQ(outcome.slow_events, 5000);
  }
}

TEST(EventTimeLead, IsAsLongAsItGetsWithoutALimit) {
  EXPECT_GT(run_beside_a_slow_one(std::nullopt, 1, 5000).greatest_lead_ms, 10'000);
}

TEST(EventTimeLead, DoesNotWaitForWhatIsIdle) {
  sw::testing::ManualClock clock;
  sw::Job job{"silent"};
  std::int64_t events = 0;
  sw::ProcessingTime last{};
  // An event a minute, so that it is idle most of the time.
  job.source("silent", a_millisecond_each(10, 1.0 / 60))
      .event_time(&Timed::time, sw::ascending(), {.idle_after = 1s, .greatest_lead = 100ms})
      .sink("silent sink", sw::for_each([](const Timed&) {}));
  job.source("fast", a_millisecond_each(20'000, std::nullopt))
      .event_time(&Timed::time, sw::ascending(), {.idle_after = 1s, .greatest_lead = 100ms})
      .sink("fast sink", sw::for_each([&](const Timed&) {
              ++events;
              last = clock.now();
            }));
  const sw::ProcessingTime begin = clock.now();
  sw::testing::run(job, {.clock = &clock});
  EXPECT_EQ(events, 20'000);
  EXPECT_LT(last - begin, 9min) << "it has waited until the other one ended";
}

TEST(EventTimeLead, IsALimitForSourcesOnly) {
  sw::Job job{"wrong place"};
  job.source("numbers", a_millisecond_each(1, std::nullopt))
      .shuffle()
      .event_time(&Timed::time, sw::ascending(), {.greatest_lead = 1s, .name = "times"})
      .sink("sink", sw::for_each([](const Timed&) {}));
  job.source("others", a_millisecond_each(1, std::nullopt))
      .event_time(&Timed::time, sw::ascending(), {.greatest_lead = 0s, .name = "nothing"})
      .sink("end", sw::for_each([](const Timed&) {}));
  try {
    sw::start(job);
    FAIL() << "it ran";
  } catch (const sw::GraphError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("greatest_lead of 'times' has no source to hold up"));
    EXPECT_THAT(error.what(), testing::HasSubstr("greatest_lead of 'nothing' must be more than nothing"));
  }
}
