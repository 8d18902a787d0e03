#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <streamwork/json.hpp>
#include <streamwork/time.hpp>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

namespace {

using streamwork::append_json;
using streamwork::BadEvent;
using streamwork::from_json;
using streamwork::parse_json;
using streamwork::to_json;
using namespace std::chrono_literals;

enum class Color { red, green = 5 };
enum class DeviceId : std::uint64_t {};
struct Zone {
  std::string name;
  std::optional<int> number;
  bool operator==(const Zone&) const = default;
};
struct Vehicle {
  std::string type;
  int lanes = 0;
  Zone zone;
  std::vector<Zone> seen;
  bool operator==(const Vehicle&) const = default;
};
struct Node {
  int value = 0;
  std::vector<Node> children;
};
struct Empty {};

/// What is wrong with a text, or "" if nothing is.
template <class T>
std::string error(std::string_view text) {
  try {
    from_json<T>(text);
  } catch (const BadEvent& bad) {
    return bad.what();
  }
  return "";
}

template <class T>
void expect_both_ways(const T& value, const std::string& text) {
  EXPECT_EQ(to_json(value), text);
  EXPECT_EQ(from_json<T>(text), value);
}

TEST(Json, SingleValues) {
  expect_both_ways(true, "true");
  expect_both_ways(false, "false");
  expect_both_ways('x', "\"x\"");
  expect_both_ways(-12, "-12");
  expect_both_ways(0.5, "0.5");
  expect_both_ways(3.0, "3");
  expect_both_ways(std::string("car"), "\"car\"");
  expect_both_ways(Color::green, "\"green\"");
  expect_both_ways(DeviceId{7}, "7");
  expect_both_ways(std::optional<int>(), "null");
  expect_both_ways(std::optional<int>(4), "4");
  expect_both_ways(std::vector<int>{1, 2, 3}, "[1,2,3]");
  expect_both_ways(std::vector<bool>{true, false}, "[true,false]");
  expect_both_ways(std::vector<int>{}, "[]");
  expect_both_ways(std::array<int, 2>{1, 2}, "[1,2]");
  expect_both_ways(std::pair(1, std::string("a")), "[1,\"a\"]");
  expect_both_ways(std::tuple(1, true, 0.5), "[1,true,0.5]");
  expect_both_ways(std::tuple<>(), "[]");
  expect_both_ways(std::map<std::string, int>{{"a", 1}, {"b", 2}}, "{\"a\":1,\"b\":2}");
  expect_both_ways(std::map<std::string, int>{}, "{}");
  expect_both_ways(std::unordered_map<std::string, bool>{{"a", true}}, "{\"a\":true}");
}

TEST(Json, Structs) {
  Vehicle vehicle{"car", 2, {"A2", 7}, {}};
  vehicle.seen.push_back({"A1", std::nullopt});
  expect_both_ways(vehicle,
                   R"({"type":"car","lanes":2,"zone":{"name":"A2","number":7},"seen":[{"name":"A1","number":null}]})");
  EXPECT_EQ(to_json(Empty{}), "{}");
  EXPECT_EQ(error<Empty>("{}"), "");
}

TEST(Json, KnowsWhatItCanWrite) {
  using streamwork::JsonWritable;
  struct Tick {
    char symbol[8];
    double price;
  };
  struct WithPointer {
    std::vector<std::optional<int*>> pointers;
  };
  struct Derived : Empty {
    int more;
  };
  EXPECT_TRUE(JsonWritable<Vehicle>);
  EXPECT_TRUE(JsonWritable<Node>);
  EXPECT_TRUE((JsonWritable<std::map<std::string, std::tuple<int, Node>>>));
  EXPECT_FALSE(JsonWritable<void*>);
  EXPECT_FALSE(JsonWritable<WithPointer>);
  EXPECT_FALSE(JsonWritable<Derived>);
  EXPECT_FALSE((JsonWritable<std::map<int, int>>));
  EXPECT_FALSE((JsonWritable<std::chrono::duration<std::int64_t, std::ratio<1, 3>>>));
#if defined(__cpp_aggregate_paren_init)
  EXPECT_FALSE(JsonWritable<Tick>);
#endif
}

TEST(Json, AppendsToWhatIsThere) {
  std::string out = "x";
  append_json(out, 1);
  append_json(out, std::string(5000, 'y'));
  EXPECT_EQ(out, "x1\"" + std::string(5000, 'y') + "\"");
}

TEST(Json, FieldsComeInAnyOrderAndUnknownOnesAreSkipped) {
  const Zone zone{"A2", 7};
  EXPECT_EQ(from_json<Zone>(R"({"number":7,"name":"A2"})"), zone);
  EXPECT_EQ(from_json<Zone>(R"({"x":1,"name":"A2","y":[{"a":"}"},null,-1e5,true],"number":7,"z":{}})"), zone);
  EXPECT_EQ(from_json<Zone>(R"({"\u006eame":"A2","number":7})"), zone);
  EXPECT_EQ(from_json<Zone>(" {\t\"name\" : \"A2\" ,\r\n \"number\" : 7 } \r"), zone);
  EXPECT_EQ(from_json<Zone>(R"({"name": "A2", "number": 7})"), zone);
  EXPECT_EQ(error<Zone>(R"({"name":"A2","x":[1,}})"), "JSON value has \"}\" where a value must stand (byte 20)");
  EXPECT_EQ(error<Zone>(R"({"name":"A2","x":tru})"), "JSON value has \"t\" where true must stand (byte 17)");
}

TEST(Json, MissingFields) {
  EXPECT_EQ(from_json<Zone>(R"({"name":"A2"})"), (Zone{"A2", std::nullopt}));
  EXPECT_EQ(from_json<Zone>(R"({"name":"A2","number":null})"), (Zone{"A2", std::nullopt}));
  EXPECT_EQ(error<Zone>(R"({"number":7})"), "JSON field \"name\" is missing (byte 11)");
  EXPECT_EQ(error<Vehicle>(R"({"type":"car","lanes":2,"zone":{},"seen":[]})"),
            "JSON field \"zone.name\" is missing (byte 32)");
}

TEST(Json, FieldsThatOccurTwice) {
  EXPECT_EQ(error<Zone>(R"({"name":"A2","name":"A2"})"), "JSON field \"name\" occurs twice (byte 20)");
  EXPECT_EQ(error<Zone>(R"({"number":1,"name":"A2","number":2})"), "JSON field \"number\" occurs twice (byte 33)");
  EXPECT_EQ(error<Zone>(R"({"x":1,"x":2,"name":"A2"})"), "");  // unknown ones may
  EXPECT_EQ((error<std::map<std::string, int>>(R"({"a":1,"a":2})")), "JSON field \"a\" occurs twice (byte 7)");
}

TEST(Json, ErrorsNameTheFieldAndTheByte) {
  EXPECT_EQ(error<Vehicle>(R"({"type":"car","lanes":2,"zone":{"name":"A2"},"seen":[{"name":"A1"},{"name":3}]})"),
            "JSON field \"seen[1].name\" must be a string, not \"3\" (byte 75)");
  EXPECT_EQ((error<std::map<std::string, std::vector<int>>>(R"({"a":[1],"b":[1,2,"x"]})")),
            "JSON field \"b[2]\" must be a whole number, not a string (byte 18)");
  try {
    from_json<Zone>(R"({"name":1})");
    FAIL();
  } catch (const BadEvent& bad) {
    EXPECT_EQ(bad.offset(), 8U);
  }
}

TEST(Json, WrongTypes) {
  EXPECT_EQ(error<int>("\"1\""), "JSON value must be a whole number, not a string (byte 0)");
  EXPECT_EQ(error<int>("null"), "JSON value must be a whole number, not null (byte 0)");
  EXPECT_EQ(error<std::string>("[]"), "JSON value must be a string, not an array (byte 0)");
  EXPECT_EQ(error<std::string>("true"), "JSON value must be a string, not true (byte 0)");
  EXPECT_EQ(error<bool>("1"), "JSON value must be true or false, not \"1\" (byte 0)");
  EXPECT_EQ(error<double>("{}"), "JSON value must be a number, not an object (byte 0)");
  EXPECT_EQ(error<Zone>("[]"), "JSON value must be an object, not an array (byte 0)");
  EXPECT_EQ(error<std::vector<int>>("{}"), "JSON value must be an array, not an object (byte 0)");
  EXPECT_EQ(error<char>("\"ab\""), "JSON value must be a string of one ASCII character, not \"ab\" (byte 0)");
  EXPECT_EQ(error<char>("\"\u00e9\""), "JSON value must be a string of one ASCII character, not \"\u00e9\" (byte 0)");
  EXPECT_EQ((error<std::array<int, 2>>("[1]")), "JSON value has too few elements (byte 1)");
  EXPECT_EQ((error<std::array<int, 2>>("[1,2,3]")), "JSON value has too many elements (byte 3)");
}

TEST(Json, IntegersAreCheckedForTheirRange) {
  EXPECT_EQ(from_json<std::uint8_t>("255"), 255);
  EXPECT_EQ(from_json<std::int8_t>("-128"), -128);
  EXPECT_EQ(from_json<std::int64_t>("-9223372036854775808"), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(from_json<std::int64_t>("9223372036854775807"), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(from_json<std::uint64_t>("18446744073709551615"), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(from_json<std::uint64_t>("-0"), 0U);
  EXPECT_EQ(error<std::uint8_t>("256"), "JSON value is out of range: \"256\" is not in 0 to 255 (byte 0)");
  EXPECT_EQ(error<std::uint8_t>("-1"), "JSON value is out of range: \"-1\" is not in 0 to 255 (byte 0)");
  EXPECT_EQ(error<std::int8_t>("-129"), "JSON value is out of range: \"-129\" is not in -128 to 127 (byte 0)");
  for (const std::string_view text :
       {"9223372036854775808", "-9223372036854775809", "18446744073709551616", "99999999999999999999",
        "184467440737095516160", "1000000000000000000000000000"}) {
    EXPECT_NE(error<std::int64_t>(text).find("is out of range"), std::string::npos) << text;
  }
  for (const std::string_view text : {"18446744073709551616", "28446744073709551615", "99999999999999999999"}) {
    EXPECT_NE(error<std::uint64_t>(text).find("is out of range"), std::string::npos) << text;
  }
}

TEST(Json, IntegersHaveNoFraction) {
  for (const std::string_view text : {"1.0", "1.5", "1e3", "1E0", "01", "-", "-01", "+1", ".5", "1.", "0x1", "00"}) {
    EXPECT_NE(error<int>(text), "") << text;
    EXPECT_NE(error<unsigned>(text), "") << text;
  }
  EXPECT_EQ(error<int>("1.5"), "JSON value must be a whole number, not \"1.5\" (byte 0)");
}

TEST(Json, FloatingNumbers) {
  EXPECT_EQ(from_json<double>("1e3"), 1000);
  EXPECT_EQ(from_json<float>("0.1"), 0.1F);
  EXPECT_EQ(from_json<double>("-0"), 0);
  EXPECT_TRUE(std::signbit(from_json<double>("-0")));
  EXPECT_EQ(from_json<double>("1e-400"), 0);
  EXPECT_TRUE(std::isnan(from_json<double>("null")));
  EXPECT_EQ(to_json(std::nan("")), "null");
  EXPECT_EQ(to_json(-std::numeric_limits<float>::infinity()), "null");
  EXPECT_EQ(error<double>("1e999"),
            "JSON value is out of range: \"1e999\" is too large for a floating-point number (byte 0)");
  for (const std::string_view text :
       {"01", "1.", ".5", "-", "+1", "1e", "1e+", "inf", "nan", "NaN", "0x1", "1_0", "--1"}) {
    EXPECT_NE(error<double>(text), "") << text;
  }
}

TEST(Json, Enums) {
  EXPECT_EQ(from_json<Color>("5"), Color::green);
  EXPECT_EQ(from_json<Color>("0"), Color::red);
  EXPECT_EQ(to_json(static_cast<Color>(3)), "3");  // NOLINT: a value without a name
  EXPECT_EQ(error<Color>("3"), "JSON value must be one of red, green, not \"3\" (byte 0)");
  EXPECT_EQ(error<Color>("\"blue\""), "JSON value must be one of red, green, not \"blue\" (byte 0)");
  EXPECT_EQ(error<Color>("99999999999999999999"),
            "JSON value is out of range: \"99999999999999999999\" is not in -9223372036854775808 to "
            "9223372036854775807 (byte 0)");
  EXPECT_EQ(from_json<DeviceId>("18446744073709551615"), DeviceId{std::numeric_limits<std::uint64_t>::max()});
}

TEST(Json, Times) {
  using streamwork::EventTime;
  expect_both_ways(EventTime(1700000000123ms), "1700000000123");
  expect_both_ways(EventTime(1700000000123456us), "1700000000123.456");
  expect_both_ways(EventTime(-1500us), "-1.5");
  expect_both_ways(streamwork::ProcessingTime(1us), "0.001");
  expect_both_ways(std::chrono::sys_time<std::chrono::nanoseconds>(1ns), "0.000001");
  expect_both_ways(std::chrono::sys_seconds(3s), "3000");
  EXPECT_EQ(from_json<EventTime>("\"2023-11-14T22:13:20.123Z\""), EventTime(1700000000123ms));
  EXPECT_EQ(from_json<EventTime>("\"2023-11-14T22:13:20.123\\u005A\""), EventTime(1700000000123ms));
  EXPECT_EQ(from_json<EventTime>("1.7e12"), EventTime(1700000000000ms));
  EXPECT_EQ(
      error<EventTime>("\"yesterday\""),
      "JSON value must be milliseconds or a date such as \"2023-11-14T22:13:20.123Z\", not \"yesterday\" (byte 0)");
  EXPECT_EQ(error<EventTime>("1e30"),
            "JSON value is out of range: \"1e30\" is too far from zero for this time (byte 0)");
  EXPECT_EQ(error<EventTime>("true"), "JSON value must be a number, not true (byte 0)");
}

TEST(Json, Durations) {
  expect_both_ways(streamwork::Duration(1500us), "1.5");
  expect_both_ways(std::chrono::seconds(2), "2000");
  expect_both_ways(std::chrono::hours(-1), "-3600000");
  expect_both_ways(std::chrono::nanoseconds(1500), "0.0015");
  EXPECT_EQ(from_json<std::chrono::seconds>("1999.999"), 1s);  // rounded down to the field's tick
  EXPECT_EQ(from_json<std::chrono::seconds>("-0.001"), -1s);
  EXPECT_EQ((from_json<std::chrono::duration<std::int8_t>>("127000")).count(), 127);
  EXPECT_NE((error<std::chrono::duration<std::int8_t>>("128000")), "");
  EXPECT_EQ(error<streamwork::Duration>("\"1s\""), "JSON value must be a number, not a string (byte 0)");
  // More microseconds than 64 bits hold are written as the limit.
  EXPECT_EQ(to_json(std::chrono::hours(std::numeric_limits<std::int64_t>::max())), "9223372036854775.807");
}

TEST(Json, StringsAreEscaped) {
  expect_both_ways(std::string("\"\\/\b\f\n\r\t\x01\x1f\x7f"), R"("\"\\/\b\f\n\r\t\u0001\u001f)"
                                                               "\x7f\"");
  expect_both_ways(std::string("a\0b", 3), "\"a\\u0000b\"");
  expect_both_ways(std::string("gr\u00fc\u00dfe \u20ac \U0001F600"), "\"gr\u00fc\u00dfe \u20ac \U0001F600\"");
  EXPECT_EQ(from_json<std::string>(R"("\u00e9\u20AC\ud83D\uDE00\/")"), "\u00e9\u20ac\U0001F600/");
}

TEST(Json, InvalidUtf8IsWrittenAsReplacementCharacter) {
  EXPECT_EQ(to_json(std::string("a\xFFz")), "\"a\uFFFDz\"");
  EXPECT_EQ(to_json(std::string("\xC3")), "\"\uFFFD\"");                                // cut off
  EXPECT_EQ(to_json(std::string("\xC0\xAF")), "\"\uFFFD\uFFFD\"");                      // overlong
  EXPECT_EQ(to_json(std::string("\xED\xA0\x80")), "\"\uFFFD\uFFFD\uFFFD\"");            // surrogate
  EXPECT_EQ(to_json(std::string("\xF4\x90\x80\x80")), "\"\uFFFD\uFFFD\uFFFD\uFFFD\"");  // beyond U+10FFFF
  EXPECT_EQ(to_json(static_cast<char>(0xE9)), "\"\uFFFD\"");
}

TEST(Json, InvalidUtf8IsRefused) {
  for (const std::string bytes : {"\xFF", "\x80", "\xC3", "\xC0\xAF", "\xE0\x80\x80", "\xED\xA0\x80",
                                  "\xF4\x90\x80\x80", "\xF0\x9F\x98", "\xE2\x82"}) {
    EXPECT_EQ(error<std::string>("\"abc" + bytes + "\""), "JSON value has a string that is not valid UTF-8 (byte 4)");
    EXPECT_NE(error<Empty>("{\"x\":\"" + bytes + "\"}"), "");
    EXPECT_NE(error<Empty>("{\"" + bytes + "\":1}"), "");
  }
}

TEST(Json, BadEscapes) {
  for (const std::string_view text : {R"("\x")", R"("\u12")", R"("\u12g4")", R"("\ud800")", R"("\ud800\n")",
                                      R"("\ud800\u0041")", R"("\udc00")", R"("\)", R"("\u)", R"("\u123)"}) {
    EXPECT_NE(error<std::string>(text), "") << text;
  }
}

TEST(Json, TruncatedTextsAreRefused) {
  const std::string whole =
      R"({"type":"car\n","lanes":2,"zone":{"name":"A2","number":7},"seen":[{"name":"A1","number":null}],"x":[1,{}]})";
  ASSERT_EQ(error<Vehicle>(whole), "");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_NE(error<Vehicle>(whole.substr(0, size)), "") << size;
  }
}

TEST(Json, NothingMayFollow) {
  EXPECT_EQ(error<int>("1 2"), "JSON value is followed by more text (byte 2)");
  EXPECT_EQ(error<Zone>(R"({"name":"A2"}})"), "JSON value is followed by more text (byte 13)");
  EXPECT_EQ(error<int>(std::string_view("1\0", 2)), "JSON value is followed by more text (byte 1)");
  EXPECT_EQ(error<int>("1 \t\r\n"), "");
}

TEST(Json, CommasAndColons) {
  for (const std::string_view text :
       {R"({"name":"A2",})", R"({,"name":"A2"})", R"({"name" "A2"})", R"({"name":"A2" "x":1})",
        R"({"name":"A2",,"x":1})", R"({name:"A2"})", R"({'name':"A2"})", R"({"name":})", R"({"name":"A2"])",
        R"({"name":"A2","x":[1 2]})", R"({"name":"A2","x":[,]})"}) {
    EXPECT_NE(error<Zone>(text), "") << text;
  }
  EXPECT_NE(error<std::vector<int>>("[1,]"), "");
  EXPECT_NE(error<std::vector<int>>("[,1]"), "");
  EXPECT_NE(error<std::vector<int>>("[1}"), "");
}

TEST(Json, DeepNestingIsRefused) {
  const auto nested = [](std::size_t depth) {
    std::string text;
    for (std::size_t i = 0; i < depth; ++i) text += R"({"value":1,"children":[)";
    for (std::size_t i = 0; i < depth; ++i) text += "]}";
    return text;
  };
  EXPECT_EQ(error<Node>(nested(128)), "");
  EXPECT_NE(error<Node>(nested(129)), "");
  const std::string brackets(1'000'000, '[');
  EXPECT_NE(error<Node>(brackets), "");
  EXPECT_NE(error<Empty>("{\"x\":" + brackets), "");
}

TEST(Json, HostileLines) {
  const std::string long_text(1U << 20U, 'x');
  EXPECT_EQ(from_json<Zone>("{\"name\":\"" + long_text + "\"}").name, long_text);
  EXPECT_NE(error<Zone>("{\"name\":\"" + long_text), "");
  EXPECT_LT(error<Zone>("{\"name\":" + std::string(1U << 20U, '1') + "}").size(), 200U);
  EXPECT_NE(error<int>(std::string(1U << 20U, '1')), "");
  EXPECT_LT(error<Color>("\"" + long_text + "\"").size(), 200U);
  EXPECT_NE(error<Zone>(std::string(1U << 20U, '\0')), "");
  EXPECT_EQ(error<Zone>(std::string_view("{\"name\":\"a\0b\"}", 14)),
            "JSON field \"name\" has a string with a control character that is not escaped (byte 10)");
  EXPECT_EQ(error<Zone>("\xEF\xBB\xBF{}"), "JSON value must be an object, not a byte order mark (byte 0)");
  EXPECT_EQ((error<std::map<std::string, int>>("{\"a\\u0007\xC3\xA9\":\"x\"}")),
            "JSON field \"a?\xC3\xA9\" must be a whole number, not a string (byte 13)");
}

TEST(ParseJson, IsAFunctionFromALineToAnEvent) {
  const auto parse = parse_json<Zone>();
  EXPECT_EQ(parse(R"({"name":"A2","number":7})"), (Zone{"A2", 7}));
  EXPECT_EQ(parse(streamwork::Line{"{\"name\":\"A2\"}\r", 99}), (Zone{"A2", std::nullopt}));
  EXPECT_THROW(parse("{"), BadEvent);
  const auto copy = parse;
  EXPECT_EQ(copy("{\"name\":\"\"}"), (Zone{"", std::nullopt}));
}

TEST(ParseJson, BlankLinesAreNoEvents) {
  const auto parse = parse_json<Zone>();
  for (const std::string_view blank : {"", " ", "\r", "\t \r\n"}) EXPECT_EQ(parse(blank), std::nullopt);
  EXPECT_THROW(parse(std::string_view("\0", 1)), BadEvent);
}

}  // namespace
