#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <streamwork/typed/timer_queue.hpp>
#include <utility>
#include <vector>

#include "kit/scale.hpp"

namespace streamwork::typed {

TEST(TimerQueue, GivesTimersInTheOrderOfTimesAndThenOfSetting) {
  const std::uint64_t seed = kit::seed();
  SCOPED_TRACE("STREAMWORK_TEST_SEED=" + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (std::uint64_t round = 0; round < kit::scaled(1000); ++round) {
    // All in one bucket, in some, or each in its own.
    const std::int64_t spread = std::int64_t{1} << (random() % 24);
    TimerQueue queue;
    std::multimap<std::int64_t, std::byte*> plain;  // equal times stay in the order of insertion
    std::vector<std::byte> rows(64);
    for (int step = 0; step < 200; ++step) {
      const auto time = (static_cast<std::int64_t>(random() % 12) - 6) * spread;
      if (random() % 3 != 0) {
        std::byte* row = &rows[random() % rows.size()];
        queue.add(time, row);
        plain.emplace(time, row);
        continue;
      }
      const auto due = queue.take(time);
      ASSERT_EQ(due.has_value(), !plain.empty() && plain.begin()->first <= time);
      if (!due) continue;
      ASSERT_EQ(due->time, plain.begin()->first);
      ASSERT_EQ(due->row, plain.begin()->second);
      plain.erase(plain.begin());
    }
    for (; !plain.empty(); plain.erase(plain.begin())) {
      const auto due = queue.take(std::int64_t{1} << 40);
      ASSERT_TRUE(due);
      ASSERT_EQ(std::pair(due->time, due->row), std::pair(plain.begin()->first, plain.begin()->second));
    }
    EXPECT_FALSE(queue.take(std::int64_t{1} << 40));
    EXPECT_FALSE(queue.next_time());
  }
}

TEST(RowTimers, HoldWhatASetHolds) {
  const std::uint64_t seed = kit::seed();
  SCOPED_TRACE("STREAMWORK_TEST_SEED=" + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (std::uint64_t round = 0; round < kit::scaled(1000); ++round) {
    RowTimers timers;
    std::set<std::int64_t> plain;
    for (int step = 0; step < 60; ++step) {
      const auto time = static_cast<std::int64_t>(random() % 8) - 4;
      if (random() % 2 == 0) {
        ASSERT_EQ(timers.add(time), plain.insert(time).second);
      } else {
        ASSERT_EQ(timers.remove(time), plain.erase(time) == 1);
      }
      ASSERT_EQ(timers.empty(), plain.empty());
      for (std::int64_t other = -4; other < 4; ++other) ASSERT_EQ(timers.contains(other), plain.contains(other));
    }
    const RowTimers copy(timers);
    std::set<std::int64_t> visited;
    copy.for_each([&](std::int64_t time) { visited.insert(time); });
    EXPECT_EQ(visited, plain);
    EXPECT_EQ(copy.queued(), 0U);
  }
}

}  // namespace streamwork::typed
