// A job inside a program of one's own: starting, stopping, and what is told meanwhile.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <streamwork/connectors/collection.hpp>
#include <streamwork/connectors/generator.hpp>
#include <streamwork/run.hpp>
#include <thread>

namespace streamwork {
namespace {

using namespace std::chrono_literals;
using ::testing::StartsWith;

auto endless_numbers() {
  return generate<int>([](std::uint64_t i) { return static_cast<int>(i); }, {.rate = 10'000});
}

TEST(JobHandle, StopsAndCancels) {
  Job job("handled");
  Collected<int> collected;
  job.source("numbers", endless_numbers()).sink("collect", collect(collected));
  JobHandle handle = start(job);
  EXPECT_TRUE(handle.running());
  EXPECT_FALSE(handle.wait_for(1ms));
  while (collected.size() == 0) std::this_thread::yield();
  handle.stop();
  EXPECT_EQ(handle.wait().end, JobEnd::finished);
  EXPECT_FALSE(handle.running());
  EXPECT_EQ(handle.metrics().vertex("collect").events_in(), collected.size());

  handle = start(job);
  handle.cancel();
  EXPECT_EQ(handle.wait().end, JobEnd::cancelled);
  handle.cancel();
  EXPECT_EQ(handle.wait().end, JobEnd::cancelled) << "a cancel after the end changed how it ended";
}

TEST(JobHandle, TellsTheTimeOfACallThatHasNotReturned) {
  Job job("slow");
  std::atomic<bool> called{false};
  std::atomic<bool> released{false};
  job.source("numbers", from_vector(std::vector<int>{1, 2, 3})).sink("wait", for_each([&](int) {
                                                                       called = true;
                                                                       while (!released)
                                                                         std::this_thread::sleep_for(1ms);
                                                                     }));
  JobHandle handle = start(job);
  while (!called) std::this_thread::yield();
  const JobMetrics before = handle.metrics();
  std::this_thread::sleep_for(100ms);
  const JobMetrics now = handle.metrics();
  EXPECT_THAT(bottleneck(before, now), StartsWith("'numbers' is the bottleneck: 100 % busy"));
  released = true;
  EXPECT_EQ(handle.wait().end, JobEnd::finished);
}

/// Takes one event and then no more, like a pipe that nobody reads from.
class StuckSink {
 public:
  bool write(const int&) { return false; }
  bool flush() { return false; }
};

TEST(JobHandle, TellsWhatASinkThatIsStuckWaitsFor) {
  Job job("stuck");
  job.source("numbers", endless_numbers()).forward().sink("print", StuckSink());
  JobHandle handle = start(job);
  std::this_thread::sleep_for(50ms);
  const JobMetrics before = handle.metrics();
  std::this_thread::sleep_for(100ms);
  EXPECT_THAT(bottleneck(before, handle.metrics()),
              StartsWith("what 'print' writes to is the bottleneck: it does not take more 100 %"));
  handle.cancel();
  EXPECT_EQ(handle.wait().end, JobEnd::cancelled);
}

TEST(JobHandle, CancelsWhenItIsDestroyed) {
  Job job("dropped");
  job.source("numbers", endless_numbers()).sink("print", discard());
  start(job);
  JobHandle handle = start(job);
  handle = start(job);
  EXPECT_TRUE(handle.running());
}

}  // namespace
}  // namespace streamwork
