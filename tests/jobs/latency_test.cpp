// How long events need from a source to a sink, told by markers that travel with them.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <streamwork/streamwork.hpp>
#include <streamwork/testing.hpp>

#include "kit/held_calls.hpp"
#include "kit/jobs.hpp"

namespace sw = streamwork;
namespace kit = streamwork::kit;
using namespace std::chrono_literals;

namespace {

std::chrono::nanoseconds at(const sw::PathLatency& path, double fraction) {
  return std::chrono::nanoseconds(path.nanoseconds.quantile(fraction));
}

std::vector<std::pair<std::string, std::string>> ends(const sw::JobMetrics& metrics) {
  std::vector<std::pair<std::string, std::string>> ends;
  for (const sw::PathLatency& path : metrics.paths) ends.emplace_back(path.source, path.sink);
  std::ranges::sort(ends);
  return ends;
}

/// An event in a tenth of a second.
auto ten_a_second(std::uint64_t count) {
  return sw::generate<std::int64_t>([](std::uint64_t i) { return static_cast<std::int64_t>(i); },
                                    {.count = count, .rate = 10});
}

}  // namespace

TEST(Latency, IsTheTimeFromASourceToASink) {
  sw::testing::ManualClock clock;
  sw::Job job{"five milliseconds"};
  job.source("numbers", ten_a_second(100))
      .global()
      .map("work",
           [&](std::int64_t number) {
             clock.advance(5ms);
             return number;
           })
      .sink("ignore", sw::for_each([](std::int64_t) {}));
  const sw::JobResult result = sw::testing::run(job, {.clock = &clock});
  ASSERT_EQ(result.metrics.paths.size(), 1U);
  const sw::PathLatency& path = result.metrics.paths.front();
  EXPECT_EQ(path.source, "numbers");
  EXPECT_EQ(path.sink, "ignore");
  EXPECT_GT(path.nanoseconds.count(), 50U);
  EXPECT_LE(path.nanoseconds.count(), 100U) << "more markers than events";
  EXPECT_GE(at(path, 0), 5ms);
  EXPECT_LT(at(path, 1), 100ms);
}

TEST(Latency, IsToldForEveryPathThatIsUsed) {
  sw::Job job{"paths"};
  const auto one = job.source("one", ten_a_second(5), {.parallelism = 2});
  const auto two = job.source("two", ten_a_second(5));
  const auto both = sw::merge(one, two).key_by([](std::int64_t number) { return number; }, {.parallelism = 3});
  both.sink("left", sw::for_each([](std::int64_t) {}));
  both.sink("right", sw::for_each([](std::int64_t) {}));
  one.sink("beside", sw::for_each([](std::int64_t) {}));
  const sw::JobResult result = kit::finished(job);
  EXPECT_EQ(ends(result.metrics),
            (std::vector<std::pair<std::string, std::string>>{
                {"one", "beside"}, {"one", "left"}, {"one", "right"}, {"two", "left"}, {"two", "right"}}));
}

TEST(Latency, HasNothingOfTheTimeThatAWindowWaits) {
  sw::testing::ManualClock clock;
  sw::Job job{"an hour"};
  job.source("numbers", ten_a_second(100))
      .key_by([](std::int64_t number) { return number % 3; })
      .window(sw::count_windows(40))
      .aggregate("count", sw::count())
      .sink("ignore", sw::for_each([](const auto&) {}));
  const sw::JobResult result = sw::testing::run(job, {.clock = &clock});
  ASSERT_EQ(result.metrics.paths.size(), 1U);
  EXPECT_LT(at(result.metrics.paths.front(), 1), 1s);
}

TEST(Latency, HasTheTimeThatACallNeeds) {
  kit::HeldCalls service;
  sw::Collected<std::int64_t> results;
  sw::Job job{"a call"};
  job.source("numbers", kit::numbers(1))
      .async_map("ask", service, {.in_flight = 1, .timeout = 1h})
      .sink("results", sw::collect(results));
  sw::JobHandle handle = sw::start(job, {.workers = 1});
  auto calls = service.take_when_made(1);
  std::this_thread::sleep_for(30ms);
  calls.front().reply.send(1);
  const sw::JobResult result = handle.wait();
  ASSERT_EQ(result.metrics.paths.size(), 1U);
  EXPECT_GE(at(result.metrics.paths.front(), 1), 30ms);
}
