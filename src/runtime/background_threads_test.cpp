#include "runtime/background_threads.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <memory>

namespace streamwork::runtime {
namespace {

TEST(BackgroundThreads, RunsWorkSideBySide) {
  BackgroundThreads threads("side by side", 3);
  std::latch all_at_once(3);
  std::latch done(3);
  for (int i = 0; i < 3; ++i) {
    threads.run([&] {
      all_at_once.arrive_and_wait();
      done.count_down();
    });
  }
  done.wait();
}

TEST(BackgroundThreads, EndWaitsForWorkThatHasBegunAndDropsTheRest) {
  std::latch begun(1);
  std::latch may_end(1);
  std::atomic<int> ended = 0;
  const auto kept = std::make_shared<int>(0);
  auto threads = std::make_unique<BackgroundThreads>("ending", 1);
  threads->run([&, kept] {
    begun.count_down();
    may_end.wait();
    ++ended;
  });
  for (int i = 0; i < 10; ++i) threads->run([&ended, kept] { ++ended; });
  begun.wait();
  std::thread ending([&] { threads.reset(); });
  may_end.count_down();
  ending.join();
  EXPECT_GE(ended, 1);
  EXPECT_EQ(kept.use_count(), 1) << "what was dropped is still held";
}

}  // namespace
}  // namespace streamwork::runtime
