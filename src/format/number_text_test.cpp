#include "format/number_text.hpp"

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <streamwork/typed/text_writer.hpp>
#include <string>

#include "kit/seeded_random.hpp"

namespace {

using streamwork::format::NumberStatus;
using streamwork::format::parse_date;
using streamwork::format::parse_floating;
using streamwork::format::parse_integer;
using streamwork::format::parse_units;
using streamwork::testkit::SeededRandom;

std::string written(auto append) {
  std::string text;
  streamwork::typed::TextWriter writer(text);
  append(writer);
  writer.finish();
  return text;
}
std::string written_double(double value) {
  return written([&](auto& writer) { EXPECT_TRUE(writer.append_floating(value)); });
}
std::string written_micros(std::int64_t micros) {
  return written([&](auto& writer) { writer.append_ticks(micros, {3, 1}); });
}

TEST(NumberText, Integers) {
  std::int64_t value = 0;
  std::uint64_t magnitude = 0;
  EXPECT_EQ(parse_integer("-9223372036854775808", value), NumberStatus::ok);
  EXPECT_EQ(value, std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(parse_integer("18446744073709551615", magnitude), NumberStatus::ok);
  EXPECT_EQ(magnitude, std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(parse_integer("007", value), NumberStatus::ok);
  EXPECT_EQ(parse_integer("-0", magnitude), NumberStatus::ok);
  EXPECT_EQ(parse_integer("-1", magnitude), NumberStatus::out_of_range);
  EXPECT_EQ(parse_integer("9223372036854775808", value), NumberStatus::out_of_range);
  EXPECT_EQ(parse_integer("99999999999999999999999", magnitude), NumberStatus::out_of_range);
  EXPECT_EQ(parse_integer("1.5", value), NumberStatus::fraction);
  for (const std::string_view bad : {"", "-", "+1", " 1", "1 ", "x", "1x", "--1", "0x10"}) {
    EXPECT_EQ(parse_integer(bad, value), NumberStatus::malformed) << bad;
    EXPECT_EQ(parse_integer(bad, magnitude), NumberStatus::malformed) << bad;
  }
}

TEST(NumberText, FloatingNumbers) {
  double value = 0;
  float single = 0;
  EXPECT_EQ(parse_floating("1e-400", value), NumberStatus::ok);
  EXPECT_EQ(value, 0);
  EXPECT_EQ(parse_floating("1e400", value), NumberStatus::out_of_range);
  EXPECT_EQ(parse_floating("-1e400", value), NumberStatus::out_of_range);
  EXPECT_EQ(parse_floating("3.5e38", single), NumberStatus::out_of_range);
  EXPECT_EQ(parse_floating("-inf", value), NumberStatus::ok);
  EXPECT_EQ(value, -std::numeric_limits<double>::infinity());
  EXPECT_EQ(parse_floating("nan", value), NumberStatus::ok);
  EXPECT_TRUE(std::isnan(value));
  EXPECT_EQ(parse_floating("0.1", single), NumberStatus::ok);
  EXPECT_EQ(single, 0.1F);
  for (const std::string_view bad : {"", "-", "+1", " 1", "1 ", "e5", "1e", ".", "1,5", "0x1p3"}) {
    EXPECT_EQ(parse_floating(bad, value), NumberStatus::malformed) << bad;
  }
}

TEST(NumberText, DoublesAreWrittenForPeople) {
  EXPECT_EQ(written_double(0), "0");
  EXPECT_EQ(written_double(-0.0), "-0");
  EXPECT_EQ(written_double(100), "100");
  EXPECT_EQ(written_double(100000), "100000");
  EXPECT_EQ(written_double(-1234567890123), "-1234567890123");
  EXPECT_EQ(written_double(9007199254740994.0), "9007199254740994");
  EXPECT_EQ(written_double(1e17), "100000000000000000");
  EXPECT_EQ(written_double(1e18), "1e+18");
  EXPECT_EQ(written_double(0.1), "0.1");
  EXPECT_EQ(written_double(0.1 + 0.2), "0.30000000000000004");
  EXPECT_EQ(written_double(-12.5), "-12.5");
  EXPECT_EQ(written_double(0.000001), "0.000001");
  EXPECT_EQ(written_double(1e-7), "1e-07");
  EXPECT_EQ(written_double(5e-324), "5e-324");
  EXPECT_EQ(written_double(1.7976931348623157e308), "1.7976931348623157e+308");
  EXPECT_EQ(written([](auto& writer) { writer.append_floating(0.1F); }), "0.1");
  EXPECT_EQ(written([](auto& writer) { writer.append_floating(16777216.0F); }), "16777216");
  EXPECT_EQ(written([](auto& writer) { writer.append_floating(3.4028235e38F); }), "3.4028235e+38");
}

template <class Floating>
void expect_shortest(Floating value) {
  std::string text = written([&](auto& writer) { EXPECT_TRUE(writer.append_floating(value)); });
  Floating back = 0;
  ASSERT_EQ(parse_floating(text, back), NumberStatus::ok) << text;
  ASSERT_EQ(back, value) << text;
  ASSERT_EQ(std::signbit(back), std::signbit(value)) << text;
  // The standard library's shortest form in the same layout has the same digits.
  std::array<char, 400> buffer{};
  const Floating magnitude = std::abs(value);
  const bool plain = magnitude >= static_cast<Floating>(1e-6) && magnitude < static_cast<Floating>(1e18);
  const auto end = buffer.data() + buffer.size();
  const auto layout = plain ? std::chars_format::fixed : std::chars_format::scientific;
  const char* stop = std::to_chars(buffer.data(), end, value, layout).ptr;
  if (magnitude == 0) return;
  const char* begin = buffer.data();
  ASSERT_EQ(text, std::string(begin, stop));
}

TEST(NumberText, FloatingNumbersAreShortestAndReadBackTheSame) {
  SeededRandom random(1);
  SCOPED_TRACE(random.trace());
  for (int i = 0; i < 200'000; ++i) {
    const auto any = std::bit_cast<double>(random.bits());
    const auto any_single = std::bit_cast<float>(static_cast<std::uint32_t>(random.bits()));
    if (std::isfinite(any)) expect_shortest(any);
    if (std::isfinite(any_single)) expect_shortest(any_single);
    // Decimals with few digits, their neighbours, and whole numbers.
    const double decimal = static_cast<double>(random.below(1'000'000'000)) / std::pow(10.0, random.below(10));
    expect_shortest(decimal);
    expect_shortest(-std::nextafter(decimal, 1e300));
    expect_shortest(static_cast<float>(decimal));
    expect_shortest(static_cast<double>(random.integer<std::int64_t>()));
    if (HasFatalFailure()) return;
  }
}

TEST(NumberText, MillisecondsAreExact) {
  std::int64_t units = 0;
  const auto expect = [&](std::string_view text, int decimals, std::int64_t wanted) {
    EXPECT_EQ(parse_units(text, decimals, units), NumberStatus::ok) << text;
    EXPECT_EQ(units, wanted) << text;
  };
  expect("1700000000123", 3, 1700000000123000);
  expect("1700000000123.456", 3, 1700000000123456);
  expect("-0.001", 3, -1);
  expect("-1.5", 3, -1500);
  expect("0.0019", 3, 1);    // finer than a microsecond: rounded down
  expect("-0.0001", 3, -1);  // also below zero
  expect("-0.0000", 3, 0);
  expect("1.7e12", 3, 1700000000000000);
  expect("12345e-2", 3, 123450);
  expect("0e999999999999", 3, 0);
  expect("0.5", 6, 500000);
  expect("9223372036854775.807", 3, std::numeric_limits<std::int64_t>::max());
  expect("-9223372036854775.808", 3, std::numeric_limits<std::int64_t>::min());
  for (const std::string_view great : {"9223372036854775.808", "-9223372036854775.8081", "1e16", "1e99999999999",
                                       "18446744073709551.6159", "-18446744073709551.6159"}) {
    EXPECT_EQ(parse_units(great, 3, units), NumberStatus::out_of_range) << great;
  }
  for (const std::string_view bad : {"", "-", ".", ".5", "5.", "1.2.3", "1e", "1e+", "e1", "1e1.5", " 1", "1x", "+1"}) {
    EXPECT_EQ(parse_units(bad, 3, units), NumberStatus::malformed) << bad;
  }
}

TEST(NumberText, TimesReadBackTheSame) {
  EXPECT_EQ(written_micros(1700000000123000), "1700000000123");
  EXPECT_EQ(written_micros(1700000000123450), "1700000000123.45");
  EXPECT_EQ(written_micros(-1), "-0.001");
  EXPECT_EQ(written_micros(std::numeric_limits<std::int64_t>::min()), "-9223372036854775.808");
  SeededRandom random(2);
  SCOPED_TRACE(random.trace());
  for (int i = 0; i < 100'000; ++i) {
    const auto micros = random.integer<std::int64_t>();
    std::int64_t back = 0;
    ASSERT_EQ(parse_units(written_micros(micros), 3, back), NumberStatus::ok);
    ASSERT_EQ(back, micros);
  }
}

TEST(NumberText, DatesAgreeWithTheCalendarOfTheStandardLibrary) {
  using namespace std::chrono;
  SeededRandom random(3);
  SCOPED_TRACE(random.trace());
  for (int i = 0; i < 100'000; ++i) {
    const int y = static_cast<int>(random.below(10'000));
    const auto m = static_cast<unsigned>(random.below(14));
    const auto d = static_cast<unsigned>(random.below(33));
    const auto second_of_day = static_cast<int>(random.below(86'400));
    const auto micros = static_cast<int>(random.below(1'000'000));
    std::array<char, 40> text{};
    const int size = std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%06dZ", y, m, d,
                                   second_of_day / 3600, second_of_day / 60 % 60, second_of_day % 60, micros);
    const year_month_day date{year{y}, month{m}, day{d}};
    std::int64_t units = 0;
    const NumberStatus status = parse_date({text.data(), static_cast<std::size_t>(size)}, 3, units);
    ASSERT_EQ(status == NumberStatus::ok, date.ok()) << text.data();
    if (!date.ok()) continue;
    const auto expected = sys_days{date} + seconds{second_of_day} + microseconds{micros};
    ASSERT_EQ(units, expected.time_since_epoch() / microseconds{1}) << text.data();
  }
}

TEST(NumberText, DatesWithOffsetsAndFractions) {
  std::int64_t units = 0;
  const auto expect = [&](std::string_view text, std::int64_t micros) {
    EXPECT_EQ(parse_date(text, 3, units), NumberStatus::ok) << text;
    EXPECT_EQ(units, micros) << text;
  };
  expect("2023-11-14T22:13:20Z", 1700000000000000);
  expect("2023-11-14T22:13:20.123Z", 1700000000123000);
  expect("2023-11-14T22:13:20.123456789Z", 1700000000123456);
  expect("2023-11-14T23:13:20+01:00", 1700000000000000);
  expect("2023-11-14T16:43:20.5-05:30", 1700000000500000);
  expect("1969-12-31T23:59:59.999999Z", -1);
  EXPECT_EQ(parse_date("2300-01-01T00:00:00Z", 6, units), NumberStatus::out_of_range);  // no 64 bits of nanoseconds
  for (const std::string_view bad :
       {"", "2023-11-14", "2023-11-14T22:13:20", "2023-11-14 22:13:20Z", "2023-11-14T22:13:20.Z",
        "2023-11-14T24:00:00Z", "2023-11-14T22:60:00Z", "2023-11-14T22:13:60Z", "2023-02-29T00:00:00Z",
        "2023-1-14T22:13:20Z", "23-11-14T22:13:20Z", "2023-11-14T22:13:20Zx", "2023-11-14T22:13:20+1:00",
        "2023-11-14T22:13:20+0100", "2023-11-14T22:13:20+24:00", "x023-11-14T22:13:20Z", "-023-11-14T22:13:20Z"}) {
    EXPECT_EQ(parse_date(bad, 3, units), NumberStatus::malformed) << bad;
  }
}

}  // namespace
