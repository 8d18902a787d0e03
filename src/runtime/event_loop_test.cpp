#include "runtime/event_loop.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "kit/pipes.hpp"
#include "runtime/look_before_sleep.hpp"

namespace streamwork::runtime {
namespace {

using namespace std::chrono_literals;

SteadyTime in(std::chrono::milliseconds time) { return std::chrono::steady_clock::now() + time; }

/// Whether the loop sleeps with a descriptor to watch, or without.
class EventLoopThatWatches : public ::testing::TestWithParam<bool> {
 protected:
  EventLoopThatWatches() {
    if (GetParam()) loop_.when_readable(pipe_.read_end.number(), [this] { ++readable_; });
  }
  testkit::Pipe pipe_;
  int readable_ = 0;
  EventLoop loop_;
};

TEST_P(EventLoopThatWatches, SleepsUntilItsTimeHasCome) {
  const SteadyTime until = in(20ms);
  while (std::chrono::steady_clock::now() < until) loop_.sleep(until);  // it may wake up earlier
  EXPECT_EQ(readable_, 0);
}

TEST_P(EventLoopThatWatches, IsWokenByAnotherThread) {
  std::thread other([this] {
    std::this_thread::sleep_for(5ms);
    loop_.wake();
  });
  loop_.sleep(SteadyTime::max());
  other.join();
}

TEST_P(EventLoopThatWatches, DoesNotSleepWhenItWasWokenBefore) {
  loop_.wake();
  loop_.sleep(SteadyTime::max());
}

TEST_P(EventLoopThatWatches, IsWokenManyTimesAndMissesNone) {
  constexpr int times = 2'000;
  std::atomic<int> asked = 0;
  std::atomic<int> answered = 0;
  std::thread other([&] {
    for (int i = 1; i <= times; ++i) {
      asked = i;
      loop_.wake();
      while (answered < i) std::this_thread::yield();
    }
  });
  while (answered < times) {
    while (asked <= answered) loop_.sleep(SteadyTime::max());
    answered = asked.load();
  }
  other.join();
}

INSTANTIATE_TEST_SUITE_P(Descriptors, EventLoopThatWatches, ::testing::Bool());

TEST(EventLoopTest, IsWokenByADescriptorAndThenWatchesItNoMore) {
  testkit::Pipe pipe;
  EventLoop loop;
  int readable = 0;
  loop.when_readable(pipe.read_end.number(), [&] { ++readable; });
  EXPECT_TRUE(loop.watching());
  pipe.write_end.send("x");
  while (readable == 0) loop.sleep(in(10s));
  EXPECT_EQ(readable, 1);
  EXPECT_FALSE(loop.watching());
}

TEST(LookBeforeSleepTest, LooksNoLongerWhereWorkIsRareAndAgainWhereItIsNot) {
  LookBeforeSleep look;
  EXPECT_EQ(look.time(), LookBeforeSleep::longest);
  for (int i = 0; i < 20; ++i) look.slept(1ms);
  EXPECT_EQ(look.time(), 0ns);
  look.slept(LookBeforeSleep::longest);
  EXPECT_EQ(look.time(), LookBeforeSleep::longest);
  look.slept(1ms);
  EXPECT_EQ(look.time(), LookBeforeSleep::longest / 2);
  look.found();
  EXPECT_EQ(look.time(), LookBeforeSleep::longest);
}

}  // namespace
}  // namespace streamwork::runtime
