// How far event time has come at each vertex, and which input holds it back, can be asked of a running job.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <streamwork/streamwork.hpp>
#include <streamwork/testing.hpp>
#include <thread>
#include <vector>

namespace sw = streamwork;
using namespace std::chrono_literals;

namespace {

struct Tick {
  sw::EventTime time;
};

/// Brings events up to some second, then nothing, as a sensor that has fallen silent; perhaps it says that it is idle.
struct Sensor {
  using Event = Tick;
  struct Split {};
  static constexpr sw::SplitOrder split_order = sw::SplitOrder::side_by_side;
  std::int64_t seconds;
  bool declares_idle = false;
  const std::atomic<bool>* ends = nullptr;

  std::vector<Split> splits(const sw::SplitRequest&) const { return {Split{}}; }

  struct Reader {
    sw::SourceContext* context;
    const Sensor* sensor;
    std::int64_t next = 0;

    template <class Push>
    sw::ReadStatus read(Push&& push, std::size_t limit) {
      for (; next <= sensor->seconds && limit > 0; --limit) {
        if (!push(Tick{sw::EventTime(std::chrono::seconds(next++))})) break;
      }
      if (next <= sensor->seconds) return sw::ReadStatus::more;
      if (*sensor->ends) return sw::ReadStatus::ended;
      context->wake_at(context->clock().steady_now() + 1ms);
      return sensor->declares_idle ? sw::ReadStatus::idle : sw::ReadStatus::waiting;
    }
  };
  Reader open(const Split&, sw::SourceContext& context) const { return {&context, this}; }
};

sw::Stream<Tick> ticks_of(sw::Job& job, const std::string& name, Sensor sensor, sw::EventTimeOptions options = {}) {
  options.name = name;
  options.name += " time";
  return job.source(name, sensor).event_time(&Tick::time, sw::ascending(), options);
}

/// The metrics of the windows as soon as their watermark is at `seconds`.
sw::InstanceMetrics windows_at(sw::JobHandle& job, std::chrono::seconds seconds) {
  for (int i = 0; i < 10'000; ++i) {
    const sw::InstanceMetrics now = job.metrics().vertex("windows").instances.front();
    if (now.watermark == sw::EventTime(seconds)) return now;
    std::this_thread::sleep_for(1ms);
  }
  ADD_FAILURE() << "event time never came to " << seconds.count() << " s";
  return {};
}

struct Merged {
  std::atomic<bool> ends = false;
  sw::Job job{"merged"};
  sw::Collected<sw::WindowResult<sw::NoKeyAtAll, std::int64_t>> results;

  Merged(Sensor fast, Sensor slow, const sw::EventTimeOptions& slow_options = {}) {
    fast.ends = slow.ends = &ends;
    sw::merge(ticks_of(job, "fast", fast), ticks_of(job, "slow", slow, slow_options))
        .window(sw::tumbling(10s))
        .aggregate("windows", sw::count())
        .sink("results", sw::collect(results));
  }
};

}  // namespace

TEST(Watermark, OfAMergeIsThatOfTheSlowestInputWhichIsNamed) {
  Merged merged({.seconds = 100}, {.seconds = 7});
  sw::JobHandle job = sw::start(merged.job, {.workers = 2});
  const sw::InstanceMetrics windows = windows_at(job, 7s);
  EXPECT_EQ(windows.held_back_by, "'slow' instance 0");
  ASSERT_TRUE(windows.watermark_lag);
  EXPECT_GT(*windows.watermark_lag, 0s);
  merged.ends = true;
  EXPECT_EQ(job.wait().end, sw::JobEnd::finished);
  EXPECT_EQ(merged.results.size(), 11U);
}

TEST(Watermark, OfAForkThatIsMergedAndRegroupedInOneInstanceIsThatOfItsSlowestBranch) {
  constexpr std::int64_t seconds = 100'000;
  sw::Job job{"diamond"};
  sw::Collected<sw::WindowResult<std::int64_t, std::int64_t>> results;
  std::vector<Tick> ticks;
  for (std::int64_t second = 0; second < seconds; ++second)
    ticks.push_back({sw::EventTime(std::chrono::seconds(second))});
  const sw::Stream<Tick> fork = job.source("ticks", sw::from_vector(ticks)).event_time(&Tick::time, sw::ascending());
  const auto same = [](const Tick& tick) { return tick; };
  sw::merge(sw::Stream<Tick>(fork.map("left", same)), sw::Stream<Tick>(fork.map("right", same)))
      .key_by([](const Tick&) { return std::int64_t{1}; }, {.parallelism = 1})
      .window(sw::tumbling(10s))
      .aggregate("windows", sw::count())
      .sink("results", sw::collect(results));
  const sw::JobResult ended = sw::testing::run(job);
  EXPECT_EQ(ended.metrics.vertex("windows").late(), 0U);
  EXPECT_EQ(results.size(), static_cast<std::size_t>(seconds / 10));
  for (const auto& window : results.snapshot()) EXPECT_EQ(window.value, 20) << window.start.time_since_epoch().count();
}

TEST(Watermark, GoesOnWithoutAnInputThatDeclaresItselfIdle) {
  Merged merged({.seconds = 100}, {.seconds = 7, .declares_idle = true});
  sw::JobHandle job = sw::start(merged.job, {.workers = 2});
  EXPECT_EQ(windows_at(job, 100s).held_back_by, "'fast' instance 0");
  merged.ends = true;
  EXPECT_EQ(job.wait().end, sw::JobEnd::finished);
}

TEST(Watermark, GoesOnWithoutAnInputThatHadNothingForAWhile) {
  Merged merged({.seconds = 100}, {.seconds = 7}, {.idle_after = 20ms});
  sw::JobHandle job = sw::start(merged.job, {.workers = 2});
  EXPECT_EQ(windows_at(job, 100s).held_back_by, "'fast' instance 0");
  merged.ends = true;
  EXPECT_EQ(job.wait().end, sw::JobEnd::finished);
}
