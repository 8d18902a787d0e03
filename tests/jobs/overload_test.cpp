// Buffers that drop events when those behind them do not keep up.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <streamwork/streamwork.hpp>
#include <streamwork/testing.hpp>
#include <thread>
#include <vector>

#include "kit/held_calls.hpp"
#include "kit/jobs.hpp"

namespace sw = streamwork;
namespace kit = streamwork::kit;
using namespace std::chrono_literals;
using Numbers = std::vector<std::int64_t>;

namespace {

constexpr std::uint64_t all = 100'000;
constexpr std::uint32_t room = 1000;

struct Outcome {
  Numbers taken;
  std::uint64_t dropped = 0;
  std::uint64_t read_meanwhile = 0;  ///< by the source, before the sink took anything
};

/// A source that is in a hurry, and a sink that takes nothing until the source has come to rest.
Outcome run_held_up(const sw::OverloadPolicy& policy) {
  std::atomic<bool> held = true;
  Outcome outcome;
  sw::Job job{"held up"};
  job.source("numbers", kit::numbers(all))
      .on_overload("shed", policy)
      .sink("sink", sw::for_each([&](std::int64_t number) {
              while (held) std::this_thread::sleep_for(1ms);
              outcome.taken.push_back(number);
            }),
            {.blocking = true});
  sw::JobHandle handle = sw::start(job, {.workers = 2});
  const auto read = [&] { return handle.metrics().vertex("numbers").events_out(); };
  std::uint64_t before = 1;
  kit::wait_until(
      [&] {
        std::this_thread::sleep_for(50ms);
        return std::exchange(before, read()) == read() && read() > 0;
      },
      "a source at rest");
  outcome.read_meanwhile = read();
  held = false;
  const sw::JobResult result = handle.wait();
  EXPECT_EQ(result.end, sw::JobEnd::finished) << result.failure;
  outcome.dropped = result.metrics.vertex("shed").dropped();
  EXPECT_EQ(result.metrics.vertex("shed").events_in(), all);
  EXPECT_EQ(result.metrics.vertex("shed").instances.front().in_flight, 0U) << "something still waits";
  EXPECT_EQ(outcome.taken.size() + outcome.dropped, all) << "neither taken nor dropped, or twice";
  EXPECT_TRUE(std::ranges::is_sorted(outcome.taken));
  EXPECT_EQ(std::ranges::adjacent_find(outcome.taken), outcome.taken.end());
  return outcome;
}

Numbers first(std::size_t count) {
  Numbers numbers(count);
  for (std::size_t i = 0; i < count; ++i) numbers[i] = static_cast<std::int64_t>(i);
  return numbers;
}

}  // namespace

TEST(Overload, BlockSlowsTheSourceDownAndLosesNothing) {
  const Outcome outcome = run_held_up(sw::block(room));
  EXPECT_EQ(outcome.dropped, 0U);
  EXPECT_LT(outcome.read_meanwhile, all);
}

TEST(Overload, DropNewestKeepsWhatCameFirst) {
  Outcome outcome = run_held_up(sw::drop_newest(room));
  EXPECT_EQ(outcome.read_meanwhile, all) << "the source was slowed down";
  EXPECT_GT(outcome.dropped, 0U);
  // When the sink takes its first batch, late perhaps, there is room for some more that are newer.
  ASSERT_GE(outcome.taken.size(), room);
  outcome.taken.resize(room);
  EXPECT_EQ(outcome.taken, first(room));
}

TEST(Overload, DropOldestKeepsWhatCameLast) {
  const Outcome outcome = run_held_up(sw::drop_oldest(room));
  EXPECT_EQ(outcome.read_meanwhile, all) << "the source was slowed down";
  EXPECT_GT(outcome.dropped, 0U);
  ASSERT_GE(outcome.taken.size(), room);
  for (std::size_t i = 1; i <= room; ++i)
    ASSERT_EQ(outcome.taken[outcome.taken.size() - i], static_cast<std::int64_t>(all - i));
}

TEST(Overload, SamplingTakesOneEventOfSoManyFromHalfFullOn) {
  const Outcome outcome = run_held_up(sw::sample_one_in(10, room));
  EXPECT_EQ(outcome.read_meanwhile, all) << "the source was slowed down";
  // The last half of the buffer holds every tenth event, whatever came before it.
  ASSERT_GE(outcome.taken.size(), room);
  const std::size_t half = outcome.taken.size() - room / 2;
  for (std::size_t i = half + 1; i < outcome.taken.size(); ++i)
    ASSERT_EQ(outcome.taken[i] - outcome.taken[i - 1], 10) << "at " << i;
}

TEST(Overload, DropsNothingAsLongAsThereIsRoom) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    for (const sw::OverloadPolicy& policy :
         {sw::drop_newest(5000), sw::drop_oldest(5000), sw::sample_one_in(7, 10'000)}) {
      sw::Collected<std::int64_t> taken;
      sw::Job job{"room"};
      job.source("numbers", kit::numbers(5000)).on_overload("shed", policy).sink("sink", sw::collect(taken));
      const sw::JobResult result = sw::testing::run(job, {.seed = seed});
      ASSERT_EQ(result.metrics.vertex("shed").dropped(), 0U) << "seed " << seed;
      ASSERT_EQ(taken.take(), first(5000)) << "seed " << seed;
    }
  }
}

TEST(Overload, KeepsEventTimeBehindWhatIsDropped) {
  struct Timed {
    std::int64_t number = 0;
    sw::EventTime time{};
  };
  for (const sw::OverloadPolicy& policy : {sw::drop_newest(10), sw::drop_oldest(10), sw::sample_one_in(3, 10)}) {
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
      std::uint64_t counted = 0;
      sw::Job job{"time"};
      job.source("readings",
                 sw::generate<Timed>(
                     [](std::uint64_t i) { return Timed{static_cast<std::int64_t>(i), sw::EventTime(i * 1ms)}; },
                     {.count = 20'000}))
          .event_time(&Timed::time, sw::ascending())
          .on_overload("shed", policy)
          .window(sw::tumbling(1s))
          .aggregate("count", sw::count())
          .sink("rows", sw::for_each([&](const auto& row) { counted += row.value; }));
      const sw::JobResult result = sw::testing::run(job, {.seed = seed});
      ASSERT_EQ(result.metrics.vertex("count").late(), 0U) << "seed " << seed;
      ASSERT_EQ(counted + result.metrics.vertex("shed").dropped(), 20'000U) << "seed " << seed;
    }
  }
}

TEST(Overload, IsRefusedWithoutABuffer) {
  sw::Job job{"nonsense"};
  job.source("numbers", kit::numbers(1)).on_overload("shed", sw::drop_newest(0)).sink("sink", sw::for_each([](auto) {
                                                                                      }));
  job.source("more", kit::numbers(1)).on_overload("thin", sw::sample_one_in(0)).sink("end", sw::for_each([](auto) {}));
  try {
    sw::start(job);
    FAIL() << "it ran";
  } catch (const sw::GraphError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("on_overload 'shed': the buffer is for 0 events"));
    EXPECT_THAT(error.what(), testing::HasSubstr("on_overload 'thin': it takes one event of 0"));
  }
}
