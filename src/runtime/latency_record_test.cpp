#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <streamwork/typed/latency_record.hpp>
#include <utility>
#include <vector>

#include "kit/seeded_random.hpp"

namespace streamwork::typed {

using namespace std::chrono_literals;

TEST(LatencyRecord, TellsAllOfTheLast45SecondsAndNothingOlderThan60) {
  testkit::SeededRandom random(11);
  SCOPED_TRACE(random.trace());
  LatencyRecord record;
  std::vector<std::pair<SteadyTime, std::uint64_t>> all;  // when, and how long
  SteadyTime now{};
  for (int i = 0; i < 5000; ++i) {
    now += std::chrono::milliseconds(random.below(random.one_in(100) ? 90'000 : 50));
    const std::uint64_t nanoseconds = random.below(100);
    record.record({3, now - std::chrono::nanoseconds(nanoseconds)}, now);
    all.emplace_back(now, nanoseconds);
    if (!random.one_in(20)) continue;
    const SteadyTime looked = now + std::chrono::milliseconds(random.one_in(2) ? 0 : random.below(70'000));
    Histogram least;
    Histogram most;
    for (const auto& [when, needed] : all) {
      if (looked - when < 45s) least.record(needed);
      if (looked - when <= 60s) most.record(needed);
    }
    const auto told = record.look(looked);
    if (!told.contains(3)) {
      ASSERT_EQ(least.count(), 0U);
      continue;
    }
    ASSERT_GE(told.at(3).count(), least.count());
    ASSERT_LE(told.at(3).count(), most.count());
    ASSERT_GE(told.at(3).max(), least.max());
    ASSERT_LE(told.at(3).max(), most.max());
    now = looked;
  }
}

TEST(LatencyRecord, KeepsSourcesApart) {
  LatencyRecord record;
  const SteadyTime now{1h};
  record.record({0, now - 5ns}, now);
  record.record({7, now - 9ns}, now);
  record.record({7, now + 1s}, now);  // clocks of two threads
  const auto told = record.look(now);
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told.at(0).max(), 5U);
  EXPECT_EQ(told.at(7).max(), 9U);
  EXPECT_EQ(told.at(7).quantile(0), 0U);
}

}  // namespace streamwork::typed
