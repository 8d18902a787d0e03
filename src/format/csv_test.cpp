#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <stdexcept>
#include <streamwork/csv.hpp>
#include <streamwork/time.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "kit/seeded_random.hpp"

namespace {

using streamwork::append_csv;
using streamwork::BadEvent;
using streamwork::csv_header;
using streamwork::CsvOptions;
using streamwork::from_csv;
using streamwork::parse_csv;
using streamwork::testkit::SeededRandom;
using namespace std::chrono_literals;

enum class Color { red, green = 5 };
struct Zone {
  std::string name;
  std::optional<int> number;
  bool operator==(const Zone&) const = default;
};
struct Vehicle {
  std::string type;
  int lanes = 0;
  Zone zone;
  std::optional<std::string> plate;
  bool operator==(const Vehicle&) const = default;
};
struct Three {
  std::string first;
  std::string second;
  std::string third;
  bool operator==(const Three&) const = default;
};
template <class T>
struct One {
  T value{};
  bool operator==(const One&) const = default;
};

template <class T>
std::string to_csv(const T& value, CsvOptions options = {}) {
  std::string line;
  append_csv(line, value, options);
  return line;
}

template <class T>
std::string error(std::string_view line, CsvOptions options = {}) {
  try {
    from_csv<T>(line, options);
  } catch (const BadEvent& bad) {
    return bad.what();
  }
  return "";
}

template <class T>
void expect_both_ways(const T& value, const std::string& line) {
  EXPECT_EQ(to_csv(value), line);
  EXPECT_EQ(from_csv<T>(line), value);
  EXPECT_EQ(to_csv(One<T>{value}), line);
  EXPECT_EQ(from_csv<One<T>>(line), One<T>{value});
}

TEST(Csv, SingleValues) {
  expect_both_ways(true, "true");
  expect_both_ways('x', "x");
  expect_both_ways(-12, "-12");
  expect_both_ways(std::uint8_t{200}, "200");
  expect_both_ways(0.5, "0.5");
  expect_both_ways(3.0F, "3");
  expect_both_ways(-std::numeric_limits<double>::infinity(), "-inf");
  expect_both_ways(std::string("car"), "car");
  expect_both_ways(Color::green, "green");
  expect_both_ways(std::optional<int>(4), "4");
  expect_both_ways(std::optional<int>(), "");
  expect_both_ways(std::optional<std::string>(), "");
  expect_both_ways(std::optional<std::string>(""), "\"\"");
  expect_both_ways(streamwork::EventTime(1700000000123456us), "1700000000123.456");
  expect_both_ways(std::chrono::seconds(-2), "-2000");
  EXPECT_EQ(to_csv(std::nan("")), "nan");
  EXPECT_TRUE(std::isnan(from_csv<double>("nan")));
}

TEST(Csv, StructsAreLaidOutFlat) {
  EXPECT_EQ(csv_header<Vehicle>(), "type,lanes,zone.name,zone.number,plate");
  EXPECT_EQ(csv_header<Vehicle>({.separator = '\t'}), "type\tlanes\tzone.name\tzone.number\tplate");
  EXPECT_EQ(csv_header<int>(), "value");
  Vehicle vehicle;
  expect_both_ways(vehicle, ",0,,,");
  vehicle.plate = "";
  expect_both_ways(vehicle, ",0,,,\"\"");
  vehicle.type = "car";
  vehicle.lanes = 2;
  vehicle.zone.name = "A2";
  vehicle.zone.number = 7;
  vehicle.plate = "B 12";
  expect_both_ways(vehicle, "car,2,A2,7,B 12");
}

TEST(Csv, Quotes) {
  expect_both_ways(Three{"a,b", "say \"hi\"", "x"}, "\"a,b\",\"say \"\"hi\"\"\",x");
  expect_both_ways(Three{" x", "x\t", "x y"}, "\" x\",\"x\t\",x y");
  expect_both_ways(Three{"", "\r", "\""}, ",\"\r\",\"\"\"\"");
  expect_both_ways(Three{"a;b", "é€😀", "\x01\x7f"}, "a;b,é€😀,\x01\x7f");
  EXPECT_EQ(from_csv<Three>("\"a\",\"\",\"\"\"\""), (Three{"a", "", "\""}));
  EXPECT_EQ(from_csv<Three>("5\" disk, x ,'y'"), (Three{"5\" disk", " x ", "'y'"}));  // quotes only at the beginning
  EXPECT_EQ(from_csv<Vehicle>("\"car\",\"2\",\"\",\"\",\"\"").lanes, 2);
  EXPECT_EQ(from_csv<Vehicle>("\"car\",\"2\",\"\",\"\",\"\"").zone.number, std::nullopt);
  EXPECT_EQ(error<Three>("a,\"b,c"), "CSV field \"second\" has a quote that is not closed in the same line (byte 2)");
  EXPECT_EQ(error<Three>("a,\"b\"x,c"), "CSV field \"second\" has text behind the closing quote (byte 2)");
}

TEST(Csv, AnotherSeparator) {
  const CsvOptions semicolon{.separator = ';'};
  EXPECT_EQ(to_csv(Three{"a;b", "c,d", ""}, semicolon), "\"a;b\";c,d;");
  EXPECT_EQ(from_csv<Three>("\"a;b\";c,d;", semicolon), (Three{"a;b", "c,d", ""}));
  EXPECT_EQ(from_csv<Three>("a\t\tb", {.separator = '\t'}), (Three{"a", "", "b"}));
  for (const char bad : {'"', '\n', '\r', '\0', '-', '.', '7', 'e', '_', static_cast<char>(0xE9)}) {
    EXPECT_THROW(parse_csv<Three>({.separator = bad}), std::invalid_argument);
    EXPECT_THROW(to_csv(Three{}, {.separator = bad}), std::invalid_argument);
    EXPECT_THROW(from_csv<Three>("a,b,c", {.separator = bad}), std::invalid_argument);
    EXPECT_THROW(csv_header<Three>({.separator = bad}), std::invalid_argument);
  }
}

TEST(Csv, ALineEndDoesNotCount) {
  for (const std::string_view line : {"a,b,c\r", "a,b,c\n", "a,b,c\r\n"}) {
    EXPECT_EQ(from_csv<Three>(line), (Three{"a", "b", "c"}));
  }
  EXPECT_EQ(from_csv<Three>("a,b,\"c\"\r\n"), (Three{"a", "b", "c"}));
}

TEST(Csv, WrongNumberOfCells) {
  EXPECT_EQ(error<Three>("a,b"), "CSV line has 2 cells, but 3 are needed (byte 3)");
  EXPECT_EQ(error<Three>(""), "CSV line has 1 cell, but 3 are needed (byte 0)");
  EXPECT_EQ(error<Three>("a,b,c,"), "CSV line has 4 cells, but 3 are needed (byte 0)");
  EXPECT_EQ(error<Vehicle>("2,car,x"), "CSV line has 3 cells, but 5 are needed (byte 7)");  // not: "car" is no number
  EXPECT_EQ(error<Vehicle>("car,\"2,x"),
            "CSV field \"lanes\" has a quote that is not closed in the same line (byte 4)");
}

TEST(Csv, ErrorsNameTheFieldAndTheByte) {
  EXPECT_EQ(error<Vehicle>("car,x,A2,7,"), "CSV field \"lanes\" must be a whole number, not \"x\" (byte 4)");
  EXPECT_EQ(error<Vehicle>("car,2,A2,x,"), "CSV field \"zone.number\" must be a whole number, not \"x\" (byte 9)");
  EXPECT_EQ(error<Vehicle>("car,,A2,7,"), "CSV field \"lanes\" must be a whole number, not \"\" (byte 4)");
  try {
    from_csv<Vehicle>("car,2,A2,x,");
    FAIL();
  } catch (const BadEvent& bad) {
    EXPECT_EQ(bad.offset(), 9U);
  }
}

TEST(Csv, NumbersFillTheirCell) {
  for (const std::string_view text : {"", " 1", "1 ", "+1", "1.0", "1e3", "0x1", "1x", "-", "1_000"}) {
    EXPECT_NE(error<int>(text), "") << text;
    EXPECT_NE(error<std::uint64_t>(text), "") << text;
  }
  for (const std::string_view text : {"", " 1", "1 ", "+1", "1,5", "0x1", "1x", "-", "."}) {
    EXPECT_NE(error<double>(text), "") << text;
  }
  EXPECT_EQ(from_csv<int>("007"), 7);
  EXPECT_EQ(from_csv<double>("1e3"), 1000);
  EXPECT_EQ(error<std::int8_t>("128"), "CSV line is out of range: \"128\" is not in -128 to 127 (byte 0)");
  EXPECT_EQ(error<unsigned>("-1"), "CSV line is out of range: \"-1\" is not in 0 to 4294967295 (byte 0)");
  EXPECT_EQ(error<double>("1e999"),
            "CSV line is out of range: \"1e999\" is too large for a floating-point number (byte 0)");
}

TEST(Csv, OtherCells) {
  EXPECT_EQ(from_csv<bool>("1"), true);
  EXPECT_EQ(from_csv<bool>("0"), false);
  EXPECT_EQ(error<bool>("yes"), "CSV line must be true or false, not \"yes\" (byte 0)");
  EXPECT_EQ(from_csv<Color>("5"), Color::green);
  EXPECT_EQ(error<Color>("blue"), "CSV line must be one of red, green, not \"blue\" (byte 0)");
  EXPECT_EQ(error<Color>("3"), "CSV line must be one of red, green, not \"3\" (byte 0)");
  EXPECT_EQ(error<char>("ab"), "CSV line must be one ASCII character, not \"ab\" (byte 0)");
  EXPECT_EQ(from_csv<streamwork::EventTime>("2023-11-14T22:13:20.123Z"), streamwork::EventTime(1700000000123ms));
  EXPECT_EQ(from_csv<streamwork::Duration>("0.5"), 500us);
  EXPECT_EQ(error<streamwork::Duration>("2023-11-14T22:13:20.123Z"),
            "CSV line must be milliseconds, not \"2023-11-14T22:13:20.123Z\" (byte 0)");
}

TEST(Csv, TextThatALineCannotHold) {
  std::string line = "before";
  EXPECT_THROW(append_csv(line, Three{"ok", "line\nbreak", ""}), BadEvent);
  EXPECT_EQ(line, "before");
  EXPECT_THROW(to_csv(std::string("a\0b", 3)), BadEvent);
  EXPECT_THROW(to_csv('\n'), BadEvent);
  EXPECT_EQ(error<Three>("a,\"b\nb\",c"),
            "CSV field \"second\" has a line break, which a CSV line cannot hold (byte 2)");
  EXPECT_EQ(error<Three>(std::string_view("a,b\0,c", 6)), "CSV field \"second\" has a NUL byte (byte 2)");
  EXPECT_EQ(to_csv(std::string("a\xFF,")), "\"a\uFFFD,\"");
  EXPECT_EQ(error<Three>("a,b\xFF,c"), "CSV field \"second\" is not valid UTF-8 (byte 2)");
}

TEST(Csv, HostileLines) {
  const std::string long_text(1U << 20U, 'x');
  EXPECT_EQ(from_csv<Three>("a," + long_text + ",c").second, long_text);
  EXPECT_NE(error<Three>("a,\"" + long_text), "");
  EXPECT_NE(error<Three>(std::string(1U << 20U, ',')), "");
  EXPECT_NE(error<Three>(std::string(1U << 20U, '"')), "");
  EXPECT_LT(error<int>(long_text).size(), 200U);
}

TEST(ParseCsv, IsAFunctionFromALineToAnEvent) {
  const auto parse = parse_csv<Zone>();
  EXPECT_EQ(parse("A2,7"), (Zone{"A2", 7}));
  EXPECT_EQ(parse(streamwork::Line{"A2,\r", 99}), (Zone{"A2", std::nullopt}));
  EXPECT_THROW(parse("A2"), BadEvent);
  EXPECT_THROW(parse("name,number"), BadEvent);
}

TEST(ParseCsv, BlankLinesAndTheHeaderAreNoEvents) {
  const auto parse = parse_csv<Zone>({.separator = '\t', .skip_header = true});
  for (const std::string_view blank : {"", " ", "\r", "  \r\n"}) EXPECT_EQ(parse(blank), std::nullopt);
  EXPECT_EQ(parse("name\tnumber\r"), std::nullopt);
  EXPECT_EQ(parse("\t"), (Zone{"", std::nullopt}));
}

TEST(ParseCsv, EveryEventHasALineThatIsNotBlank) {
  for (const std::string text : {"", " ", "\t", "\r"}) {
    EXPECT_EQ(parse_csv<One<std::string>>()(to_csv(One<std::string>{text})), One<std::string>{text});
  }
}

// --- random lines
// ------------------------------------------------------------------------------------------------------

std::string random_text(SeededRandom& random) {
  static constexpr std::string_view characters = "ab\",; \t\r5-.";
  std::string text;
  for (std::uint64_t size = random.below(6); size > 0; --size) {
    if (random.one_in(10)) {
      text += "é";
    } else {
      text += characters[random.below(characters.size())];
    }
  }
  return text;
}

TEST(CsvProperty, WhatWasWrittenIsReadBackTheSame) {
  SeededRandom random(21);
  SCOPED_TRACE(random.trace());
  for (int i = 0; i < 50'000; ++i) {
    Vehicle vehicle{random_text(random), random.integer<int>(), {random_text(random), std::nullopt}, std::nullopt};
    if (random.one_in(2)) vehicle.zone.number = random.integer<int>();
    if (random.one_in(2)) vehicle.plate = random_text(random);
    const CsvOptions options{.separator = ",;\t|"[random.below(4)]};
    const std::string line = to_csv(vehicle, options);
    ASSERT_EQ(parse_csv<Vehicle>(options)(line), vehicle) << line;
    ASSERT_EQ(parse_csv<Vehicle>(options)(line + "\r\n"), vehicle) << line;
  }
}

/// The cells of a line by the rules of csv.hpp, one character at a time; nothing if they are broken.
std::optional<std::vector<std::string>> reference_cells(std::string_view line) {
  enum class At { begin, plain, quoted, behind_quote } at = At::begin;
  std::vector<std::string> cells(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  for (const char c : line) {
    if (at == At::quoted) {
      if (c == '"') {
        at = At::behind_quote;
      } else {
        cells.back() += c;
      }
    } else if (c == ',') {
      cells.emplace_back();
      at = At::begin;
    } else if (at == At::behind_quote && c != '"') {
      return std::nullopt;
    } else if (at == At::begin && c == '"') {
      at = At::quoted;
    } else {
      cells.back() += c;
      at = at == At::behind_quote ? At::quoted : At::plain;
    }
  }
  return at == At::quoted ? std::nullopt : std::optional(cells);
}

TEST(CsvProperty, AgreesWithTheReference) {
  SeededRandom random(22);
  SCOPED_TRACE(random.trace());
  int accepted = 0;
  for (int i = 0; i < 200'000; ++i) {
    std::string line = random_text(random);
    for (std::uint64_t more = random.below(8); more > 0; --more)
      line += (random.one_in(3) ? "\"," : ",") + random_text(random);
    const auto cells = reference_cells(line);
    if (!cells || cells->size() != 3) {
      ASSERT_THROW(from_csv<Three>(line), BadEvent) << line;
    } else {
      ASSERT_EQ(from_csv<Three>(line), (Three{(*cells)[0], (*cells)[1], (*cells)[2]})) << line;
      ++accepted;
    }
  }
  EXPECT_GT(accepted, 10'000);
}

TEST(CsvProperty, RandomBytesAreEventsOrBadEvents) {
  SeededRandom random(23);
  SCOPED_TRACE(random.trace());
  for (int i = 0; i < 100'000; ++i) {
    std::string bytes(random.below(12), ' ');
    for (char& c : bytes) c = random.one_in(2) ? "\",\r\n"[random.below(4)] : static_cast<char>(random.bits());
    try {
      const Zone zone = from_csv<Zone>(bytes);
      ASSERT_EQ(from_csv<Zone>(to_csv(zone)), zone) << bytes;
    } catch (const BadEvent& bad) {
      ASSERT_LE(bad.offset(), bytes.size()) << bytes;
    }
  }
}

}  // namespace
