#include <gtest/gtest.h>

#include <streamwork/duration_text.hpp>
#include <streamwork/event_time.hpp>

namespace sw = streamwork;
using namespace std::chrono_literals;

TEST(DurationText, IsANumberAndAUnit) {
  EXPECT_EQ(sw::read_duration("5s"), 5s);
  EXPECT_EQ(sw::read_duration("250ms"), 250ms);
  EXPECT_EQ(sw::read_duration("7us"), 7us);
  EXPECT_EQ(sw::read_duration("2min"), 2min);
  EXPECT_EQ(sw::read_duration("1.5h"), 90min);
  EXPECT_EQ(sw::read_duration("0.25d"), 6h);
  EXPECT_EQ(sw::read_duration("-2s"), -2s);
  EXPECT_EQ(sw::read_duration("0ms"), 0s);
}

TEST(DurationText, RefusesEverythingElse) {
  for (const char* text : {"", "5", "s", "5 s", "5m", "+5s", "--5s", "5.s", ".5s", "1.2.3s", "0.5us", "0.0000001s",
                           "99999999999999999999s", "9999999999d", "5S", "1e3s", "5s "}) {
    EXPECT_EQ(sw::read_duration(text), std::nullopt) << text;
  }
}

TEST(DurationText, IsWrittenInTheLargestUnitWithoutDecimals) {
  EXPECT_EQ(sw::duration_text(90s), "90s");
  EXPECT_EQ(sw::duration_text(120s), "2min");
  EXPECT_EQ(sw::duration_text(1500ms), "1500ms");
  EXPECT_EQ(sw::duration_text(0s), "0s");
  EXPECT_EQ(sw::duration_text(-2h), "-2h");
}
