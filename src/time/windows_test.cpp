// Bounds of windows, against a search through every multiple.
#include <gtest/gtest.h>

#include <chrono>
#include <random>
#include <streamwork/windows.hpp>
#include <utility>
#include <vector>

#include "kit/scale.hpp"
#include "kit/thrown.hpp"

using namespace std::chrono_literals;

namespace streamwork {
namespace {

using Bounds = std::vector<std::pair<std::int64_t, std::int64_t>>;

/// The windows a time is in, as an operator finds them: by its slice.
template <class Windows>
Bounds windows_by_slice(const Windows& windows, std::int64_t time) {
  const std::int64_t slice = windows.slice_start(time);
  EXPECT_LE(slice, time);
  EXPECT_GT(windows.slice_end(slice), time);
  Bounds bounds;
  for (std::int64_t end = windows.first_end(slice); end <= windows.last_end(slice); end = windows.next_end(end)) {
    EXPECT_TRUE(windows.is_end(end));
    EXPECT_GE(end, windows.slice_end(slice)) << "a slice lies whole in its windows";
    EXPECT_LE(windows.start_of(end), slice);
    bounds.emplace_back(windows.start_of(end), end);
  }
  return bounds;
}

TEST(WindowShape, SaysInWordsAndNumbersHowTimeIsCut) {
  const WindowShape sliding = windows::Sliding(10s, 1s).offset(500ms).shape();
  EXPECT_EQ(sliding.text, "sliding 10s by 1s");
  EXPECT_EQ(sliding.step, 1s);
  EXPECT_EQ(sliding.length, 10s);
  EXPECT_EQ(sliding.offset, 500ms);
  EXPECT_FALSE(sliding.cumulative);
  EXPECT_TRUE(cumulative(10s, 2s).shape().cumulative);
  EXPECT_EQ(cumulative(10s, 2s).shape().text, "cumulative 10s by 2s");
  EXPECT_EQ(by_wall_clock(tumbling(90s)).shape().text, "tumbling 90s by the wall clock");
  EXPECT_TRUE(by_wall_clock(tumbling(90s)).shape().by_wall_clock);
  EXPECT_EQ(session(3s).shape().text, "session 3s");
  EXPECT_EQ(session(3s).shape().step, 0s) << "its bounds depend on the key";
  EXPECT_EQ(session([](int) { return Duration(1s); }).shape().text, "session with a gap per event");
  EXPECT_EQ(days_in("Europe/Berlin").shape().text, "days in Europe/Berlin");
  EXPECT_EQ(count_windows(10).shape().text, "every 10 events");
  EXPECT_EQ(count_windows(10, 2).shape().text, "every 2 events, the last 10");
}

std::int64_t ticks_of(std::chrono::sys_time<Duration> time) { return time.time_since_epoch().count(); }

struct Random {
  std::mt19937_64 engine;
  std::int64_t between(std::int64_t least, std::int64_t greatest) {
    return std::uniform_int_distribution<std::int64_t>(least, greatest)(engine);
  }
};

}  // namespace

TEST(WindowBounds, OfSlidingAndTumblingWindowsAreMultiplesOfTheSlide) {
  const std::uint64_t seed = kit::seed();
  SCOPED_TRACE("STREAMWORK_TEST_SEED=" + std::to_string(seed));
  Random random{std::mt19937_64(seed)};
  for (std::uint64_t round = 0; round < kit::scaled(20'000); ++round) {
    const std::int64_t length = random.between(1, 30);
    const std::int64_t slide = random.between(1, length);
    const std::int64_t offset = random.between(-40, 40);
    const std::int64_t time = random.between(-100, 100);
    Bounds expected;
    for (std::int64_t i = -300; i <= 300; ++i) {
      const std::int64_t start = i * slide + offset;
      if (start <= time && time < start + length) expected.emplace_back(start, start + length);
    }
    ASSERT_EQ(windows_by_slice(sliding(Duration(length), Duration(slide)).offset(Duration(offset)), time), expected)
        << "length " << length << " slide " << slide << " offset " << offset << " time " << time;
    if (slide == length) {
      ASSERT_EQ(windows_by_slice(tumbling(Duration(length)).offset(Duration(offset)), time), expected);
    }
  }
}

TEST(WindowBounds, OfCumulativeWindowsGrowFromTheGreatMultiple) {
  const std::uint64_t seed = kit::seed();
  SCOPED_TRACE("STREAMWORK_TEST_SEED=" + std::to_string(seed));
  Random random{std::mt19937_64(seed)};
  for (std::uint64_t round = 0; round < kit::scaled(20'000); ++round) {
    const std::int64_t step = random.between(1, 10);
    const std::int64_t greatest = step * random.between(1, 6);
    const std::int64_t offset = random.between(-70, 70);
    const std::int64_t time = random.between(-100, 100);
    Bounds expected;
    for (std::int64_t i = -300; i <= 300; ++i) {
      const std::int64_t start = i * greatest + offset;
      for (std::int64_t end = start + step; end <= start + greatest; end += step) {
        if (start <= time && time < end) expected.emplace_back(start, end);
      }
    }
    ASSERT_EQ(windows_by_slice(cumulative(Duration(greatest), Duration(step)).offset(Duration(offset)), time), expected)
        << "greatest " << greatest << " step " << step << " offset " << offset << " time " << time;
  }
}

TEST(WindowBounds, OfDaysFollowTheClocksOfTheZone) {
  using namespace std::chrono;
  const auto hours_of = [](const char* zone, sys_time<Duration> noon) {
    const windows::Days days = days_in(zone);
    const std::int64_t start = days.slice_start(ticks_of(noon));
    return Duration(days.next_end(start) - start) / 1h;
  };
  EXPECT_EQ(hours_of("Europe/Berlin", sys_days(2024y / 3 / 30) + 12h), 24);
  EXPECT_EQ(hours_of("Europe/Berlin", sys_days(2024y / 3 / 31) + 12h), 23);
  EXPECT_EQ(hours_of("Europe/Berlin", sys_days(2024y / 10 / 27) + 12h), 25);
  // Clocks that change at midnight: forward, there is no midnight; back, the day before has its last hour twice.
  EXPECT_EQ(hours_of("America/Sao_Paulo", sys_days(2018y / 11 / 4) + 15h), 23);
  EXPECT_EQ(hours_of("America/Sao_Paulo", sys_days(2018y / 2 / 17) + 15h), 25);
  EXPECT_EQ(hours_of("America/Havana", sys_days(2024y / 3 / 10) + 16h), 23);
  EXPECT_EQ(hours_of("America/Havana", sys_days(2024y / 11 / 3) + 16h), 25) << "the hour after midnight comes twice";
}

TEST(WindowBounds, OfDaysCoverAllTimeOnce) {
  using namespace std::chrono;
  const std::uint64_t seed = kit::seed();
  SCOPED_TRACE("STREAMWORK_TEST_SEED=" + std::to_string(seed));
  Random random{std::mt19937_64(seed)};
  const std::int64_t first = ticks_of(sys_days(1960y / 1 / 1));
  const std::int64_t last = ticks_of(sys_days(2030y / 1 / 1));
  for (const char* zone :
       {"Europe/Berlin", "America/Sao_Paulo", "America/Havana", "Asia/Beirut", "Pacific/Apia", "UTC"}) {
    SCOPED_TRACE(zone);
    const windows::Days days = days_in(zone);
    for (std::uint64_t round = 0; round < kit::scaled(3000); ++round) {
      const std::int64_t time = random.between(first, last);
      const std::int64_t start = days.slice_start(time);
      const std::int64_t end = days.next_end(time);
      ASSERT_LE(start, time);
      ASSERT_GT(end, time);
      ASSERT_EQ(days.slice_start(start), start);
      ASSERT_EQ(days.slice_start(end - 1), start);
      ASSERT_EQ(days.slice_start(end), end);
      ASSERT_EQ(days.start_of(end), start);
      ASSERT_EQ(windows_by_slice(days, time), (Bounds{{start, end}}));
    }
  }
}

TEST(WindowBounds, ThatMakeNoSenseAreRefused) {
  EXPECT_NE(testkit::message_of([] { tumbling(0s); }).find("more than nothing"), std::string::npos);
  EXPECT_NE(testkit::message_of([] { sliding(1s, 2s); }).find("at most its length"), std::string::npos);
  EXPECT_NE(testkit::message_of([] { cumulative(5s, 2s); }).find("multiple of its step"), std::string::npos);
  EXPECT_NE(testkit::message_of([] { session(-1s); }).find("gap of a session"), std::string::npos);
  EXPECT_NE(testkit::message_of([] { count_windows(2, 3); }).find("at most its number"), std::string::npos);
  EXPECT_NE(testkit::message_of([] { days_in("Mars/Olympus"); }).find("Mars/Olympus"), std::string::npos);
}

}  // namespace streamwork
