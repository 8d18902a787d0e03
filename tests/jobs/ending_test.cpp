// How jobs end: by themselves, by a wish, by a failure; and what they leave behind.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <ranges>
#include <streamwork/connectors/collection.hpp>
#include <streamwork/connectors/generator.hpp>
#include <streamwork/job.hpp>
#include <streamwork/run.hpp>
#include <string>
#include <thread>

#include "kit/jobs.hpp"
#include "kit/scale.hpp"

namespace sw = streamwork;
using namespace std::chrono_literals;
using streamwork::kit::finished;
using streamwork::kit::numbers;
using streamwork::kit::resident_megabytes;
using streamwork::kit::scaled;

namespace {

std::chrono::microseconds cpu_time() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto micros = [](const timeval& time) {
    return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
  };
  return micros(usage.ru_utime) + micros(usage.ru_stime);
}

}  // namespace

TEST(Failure, OfUserCodeNamesVertexAndInstance) {
  sw::Job job{"failing"};
  job.source("numbers", numbers(100'000))
      .shuffle({.parallelism = 3})
      .map("divide",
           [](std::int64_t n) {
             if (n == 50'000) throw std::runtime_error("no fifty thousand, please");
             return n;
           })
      .sink("discard", sw::discard());
  const sw::JobResult result = sw::start(job).wait();
  EXPECT_EQ(result.end, sw::JobEnd::failed);
  EXPECT_EQ(result.failure, "vertex 'divide', instance 2: no fifty thousand, please");
}

TEST(Failure, InEachPlaceOfUserCodeEndsTheJobInOrder) {
  struct Thrower {
    int where;
    std::shared_ptr<std::atomic<int>> closed;
    void open(sw::OperatorContext&) { fail_at(0); }
    void apply(const std::int64_t& n, sw::Output<std::int64_t>& out) {
      fail_at(1);
      out.emit(n);
    }
    void finish(sw::Output<std::int64_t>&) { fail_at(2); }
    void close() {
      ++*closed;
      fail_at(3);
    }
    void fail_at(int place) const {
      if (place == where) throw std::logic_error("at place " + std::to_string(place));
    }
  };
  for (int where = 0; where < 4; ++where) {
    auto closed = std::make_shared<std::atomic<int>>(0);
    sw::Job job{"thrower"};
    job.source("numbers", numbers(10'000))
        .shuffle({.parallelism = 2})
        .apply("thrower", Thrower{where, closed})
        .sink("discard", sw::discard());
    const sw::JobResult result = sw::start(job).wait();
    EXPECT_EQ(result.end, sw::JobEnd::failed);
    EXPECT_NE(result.failure.find("vertex 'thrower', instance"), std::string::npos) << result.failure;
    EXPECT_NE(result.failure.find("at place " + std::to_string(where)), std::string::npos) << result.failure;
    EXPECT_TRUE(where == 0 || closed->load() >= 1) << "what was opened is closed, also after a failure";
  }
}

TEST(Stopping, DrainsWhatIsInFlight) {
  sw::Job job{"endless"};
  std::atomic<std::uint64_t> seen{0};
  job.source("numbers", sw::generate<std::int64_t>([](std::uint64_t i) { return static_cast<std::int64_t>(i); }),
             {.parallelism = 2})
      .shuffle({.parallelism = 3})
      .sink("count", sw::for_each([&](std::int64_t) { seen.fetch_add(1, std::memory_order_relaxed); }));
  sw::JobHandle handle = sw::start(job);
  while (handle.metrics().vertex("count").events_in() < 10'000) std::this_thread::sleep_for(1ms);
  handle.stop();
  const sw::JobResult result = handle.wait();
  EXPECT_EQ(result.end, sw::JobEnd::finished);
  EXPECT_EQ(result.metrics.vertex("numbers").events_out(), seen.load());
}

TEST(Stopping, CancelEndsAJobThatWaitsForALazyRange) {
  sw::Job job{"endless range"};
  job.source("one", numbers(1))
      .flat_map("endless", [](std::int64_t) { return std::views::iota(std::int64_t{0}); })
      .forward()
      .sink("discard", sw::discard());
  sw::JobHandle handle = sw::start(job);
  std::this_thread::sleep_for(20ms);
  handle.cancel();
  EXPECT_EQ(handle.wait().end, sw::JobEnd::cancelled);
}

TEST(StartAndStop, AThousandTimesLeaksNoThreadsAndNoMemory) {
  const auto cycles = scaled(1000);
  const auto threads = [] {
    const std::filesystem::directory_iterator tasks("/proc/self/task");
    return std::distance(begin(tasks), end(tasks));
  };
  auto before_threads = threads();
  [[maybe_unused]] std::int64_t before = 0;
  for (std::uint64_t i = 0; i < cycles; ++i) {
    if (i == cycles / 10) {  // the allocator has settled, and a sanitizer has started its own threads
      before = resident_megabytes();
      before_threads = threads();
    }
    sw::Job job{"cycle"};
    job.source("numbers", sw::generate<std::int64_t>([](std::uint64_t n) { return static_cast<std::int64_t>(n); }),
               {.parallelism = 2})
        .shuffle({.parallelism = 2})
        .sink("discard", sw::discard());
    sw::JobHandle handle = sw::start(job);
    if (i % 3 == 0) handle.stop();
    if (i % 3 == 1) handle.cancel();
    if (i % 3 != 2) handle.wait();
  }
  EXPECT_EQ(threads(), before_threads);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  EXPECT_LT(resident_megabytes() - before, 16);
#endif
}

TEST(StartAndStop, OneJobObjectCanBeStartedAgainAndTwoAtOnce) {
  sw::Job job{"again"};
  std::atomic<std::int64_t> sum{0};
  job.source("numbers", numbers(1000)).sink("sum", sw::for_each([&](std::int64_t n) { sum.fetch_add(n); }));
  finished(job);
  sw::JobHandle one = sw::start(job);
  sw::JobHandle other = sw::start(job);
  one.wait();
  other.wait();
  EXPECT_EQ(sum.load(), 3 * 1000 * 999 / 2);
}

/// Alone: it measures the processor time of the whole process.
TEST(IdleJobAlone, UsesNoProcessorTimeForASecond) {
  sw::Job job{"idle"};
  const sw::GenerateOptions hourly{.rate = 1.0 / 3600};
  job.source("hourly", sw::generate<std::int64_t>([](std::uint64_t i) { return static_cast<std::int64_t>(i); }, hourly))
      .shuffle({.parallelism = 4})
      .sink("discard", sw::discard());
  sw::JobHandle handle = sw::start(job);
  std::this_thread::sleep_for(200ms);
  const auto before = cpu_time();
  std::this_thread::sleep_for(1s);
  EXPECT_LT(cpu_time() - before, 5ms);
  handle.stop();
  EXPECT_EQ(handle.wait().end, sw::JobEnd::finished);
}

TEST(BlockingCode, HasItsOwnThreadAndDoesNotHoldUpOthers) {
  sw::Job job{"blocking"};
  std::atomic<int> others{0};
  auto source = job.source("numbers", numbers(20));
  source.forward()
      .map("wait",
           [](std::int64_t n) {
             std::this_thread::sleep_for(20ms);
             return n;
           },
           {.blocking = true})
      .sink("discard", sw::discard());
  source.forward().sink("count", sw::for_each([&](std::int64_t) { ++others; }));
  sw::JobHandle handle = sw::start(job, {.workers = 1});
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  while (others.load() < 20 && std::chrono::steady_clock::now() < deadline) std::this_thread::sleep_for(1ms);
  EXPECT_EQ(others.load(), 20);
  EXPECT_TRUE(handle.running()) << "the blocking branch has not finished, the other one has";
  EXPECT_EQ(handle.wait().end, sw::JobEnd::finished);
}
