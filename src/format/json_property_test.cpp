// JSON against two judges: what was written is read back the same, and simdjson must agree on what is JSON at all.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <streamwork/json.hpp>
#include <streamwork/time.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kit/seeded_random.hpp"

namespace {

using streamwork::from_json;
using streamwork::to_json;
using streamwork::testkit::SeededRandom;

enum class Color { red, green, blue };
struct Inner {
  std::string name;
  std::optional<double> share;
  bool operator==(const Inner&) const = default;
};
struct Everything {
  bool flag = false;
  char letter = 'a';
  std::int8_t i8 = 0;
  std::uint8_t u8 = 0;
  std::int16_t i16 = 0;
  std::uint32_t u32 = 0;
  std::int64_t i64 = 0;
  std::uint64_t u64 = 0;
  float single = 0;
  double number = 0;
  std::string text;
  Color color = Color::red;
  std::optional<int> maybe;
  std::optional<std::string> maybe_text;
  streamwork::EventTime time;
  std::chrono::nanoseconds nanos{};
  std::chrono::sys_seconds seconds;
  Inner inner;
  std::vector<Inner> list;
  std::map<std::string, std::vector<std::uint16_t>> map;
  std::array<bool, 2> pair{};
  std::pair<int, std::string> tagged;
  bool operator==(const Everything&) const = default;
};

/// Any valid UTF-8, rich in what has to be escaped.
std::string random_text(SeededRandom& random) {
  static constexpr std::array pieces{std::string_view("\""),    std::string_view("\\"), std::string_view("\n"),
                                     std::string_view("\0", 1), std::string_view("/"),  std::string_view("\x7f"),
                                     std::string_view("é"),     std::string_view("€"),  std::string_view("😀")};
  std::string text;
  for (std::uint64_t size = random.below(random.one_in(50) ? 3000 : 20); size > 0; --size) {
    if (random.one_in(8)) {
      text += pieces[random.below(pieces.size())];
    } else {
      text += static_cast<char>('a' + random.below(26));
    }
  }
  return text;
}

template <class Floating, class Bits>
Floating random_floating(SeededRandom& random) {
  if (random.one_in(2)) return static_cast<Floating>(random.below(100'000)) / 100;
  const auto any = std::bit_cast<Floating>(static_cast<Bits>(random.bits()));
  return std::isfinite(any) ? any : Floating{0};
}

Inner random_inner(SeededRandom& random) {
  Inner inner{random_text(random), std::nullopt};
  if (random.one_in(2)) inner.share = random_floating<double, std::uint64_t>(random);
  return inner;
}

/// A time whose distance from the epoch in `Unit` ticks can be written without reaching the limit.
template <class Time>
Time random_time(SeededRandom& random, std::int64_t greatest) {
  using Tick = typename Time::duration;
  const auto ticks = random.integer<std::int64_t>();
  return Time(Tick(greatest == 0 ? ticks : ticks % greatest));
}

Everything random_everything(SeededRandom& random) {
  Everything e;
  e.flag = random.one_in(2);
  e.letter = static_cast<char>(random.below(128));
  e.i8 = random.integer<std::int8_t>();
  e.u8 = random.integer<std::uint8_t>();
  e.i16 = random.integer<std::int16_t>();
  e.u32 = random.integer<std::uint32_t>();
  e.i64 = random.integer<std::int64_t>();
  e.u64 = random.integer<std::uint64_t>();
  e.single = random_floating<float, std::uint32_t>(random);
  e.number = random_floating<double, std::uint64_t>(random);
  e.text = random_text(random);
  e.color = static_cast<Color>(random.below(3));
  if (random.one_in(2)) e.maybe = random.integer<int>();
  if (random.one_in(2)) e.maybe_text = random_text(random);
  e.time = random_time<streamwork::EventTime>(random, 0);
  e.nanos = std::chrono::nanoseconds(random.integer<std::int64_t>());
  e.seconds = random_time<std::chrono::sys_seconds>(random, 9'000'000'000'000);
  e.inner = random_inner(random);
  for (std::uint64_t i = random.below(4); i > 0; --i) e.list.push_back(random_inner(random));
  for (std::uint64_t i = random.below(4); i > 0; --i) {
    e.map[random_text(random)].resize(random.below(3), random.integer<std::uint16_t>());
  }
  e.pair = {random.one_in(2), random.one_in(2)};
  e.tagged = {random.integer<int>(), random_text(random)};
  return e;
}

TEST(JsonProperty, WhatWasWrittenIsReadBackTheSame) {
  SeededRandom random(11);
  SCOPED_TRACE(random.trace());
  simdjson::dom::parser judge;
  for (int i = 0; i < 20'000; ++i) {
    const Everything written = random_everything(random);
    const std::string text = to_json(written);
    ASSERT_EQ(judge.parse(text).error(), simdjson::SUCCESS) << text;
    ASSERT_EQ(from_json<Everything>(text), written) << text;
  }
}

TEST(JsonProperty, ValuesAgreeWithSimdjson) {
  SeededRandom random(12);
  SCOPED_TRACE(random.trace());
  simdjson::dom::parser judge;
  for (int i = 0; i < 5'000; ++i) {
    const Everything written = random_everything(random);
    const std::string text = to_json(written);
    const simdjson::dom::element read = judge.parse(text);
    ASSERT_EQ(std::string_view(read["text"]), written.text);
    ASSERT_EQ(std::int64_t(read["i64"]), written.i64);
    ASSERT_EQ(std::uint64_t(read["u64"]), written.u64);
    ASSERT_EQ(double(read["number"]), written.number);
    ASSERT_EQ(std::string_view(read["inner"]["name"]), written.inner.name);
    ASSERT_EQ(read["list"].get_array().size(), written.list.size());
    ASSERT_EQ(bool(read["flag"]), written.flag);
  }
}

/// Whether the text is JSON: a struct without fields skips, and checks, whatever it holds.
bool is_accepted(const std::string& text) {
  struct Holder {
    struct Empty {};
    std::optional<Empty> nothing;
  };
  try {
    from_json<Holder>("{\"skipped\":" + text + "}");
    return true;
  } catch (const streamwork::BadEvent&) {
    return false;
  }
}

bool has_great_number(std::string_view text) {
  std::size_t digits = 0;
  for (const char c : text) {
    digits = c >= '0' && c <= '9' ? digits + 1 : 0;
    if (digits == 18 || c == 'e' || c == 'E') return true;
  }
  return false;
}

/// A document, mostly valid, of all tokens that JSON has.
std::string random_document(SeededRandom& random, int depth) {
  switch (random.below(depth > 4 ? 6 : 8)) {
    case 0:
      return random.one_in(2) ? "true" : "null";
    case 1:
      return std::to_string(random.integer<std::int64_t>());
    case 2:
      return to_json(random_floating<double, std::uint64_t>(random));
    case 3:
      return "\"\\u00e9\\ud83d\\ude00\\/\"";
    case 4:
      return random.one_in(2) ? "-0.5E+3" : "false";
    case 5:
      return to_json(random_text(random));
    case 6: {
      std::string text = "[";
      for (std::uint64_t i = random.below(4); i > 0; --i)
        text += random_document(random, depth + 1) + (i > 1 ? " ," : "");
      return text + "]";
    }
    default: {
      std::string text = "{ ";
      for (std::uint64_t i = random.below(4); i > 0; --i) {
        text += to_json(random_text(random)) + ":\t" + random_document(random, depth + 1) + (i > 1 ? "," : "\n");
      }
      return text + "}";
    }
  }
}

void mutate(SeededRandom& random, std::string& text) {
  static constexpr char characters[] = "{}[]:,\"\\0123456789.eE+-tfnu \t\n\0\x01\x7f\x80\xC3\xE2\xF0\xFF";
  static constexpr std::string_view interesting(characters, sizeof characters - 1);
  for (std::uint64_t i = random.below(4); i > 0 && !text.empty(); --i) {
    const std::size_t at = random.below(text.size());
    switch (random.below(4)) {
      case 0:
        text[at] = interesting[random.below(interesting.size())];
        break;
      case 1:
        text.erase(at, 1 + random.below(3));
        break;
      case 2:
        text.insert(at, 1, interesting[random.below(interesting.size())]);
        break;
      default:
        text.insert(random.below(text.size()), text.substr(at, random.below(10)));
        break;
    }
  }
}

TEST(JsonProperty, AcceptsWhatSimdjsonAccepts) {
  SeededRandom random(13);
  SCOPED_TRACE(random.trace());
  simdjson::dom::parser judge;
  int accepted = 0;
  for (int i = 0; i < 100'000; ++i) {
    std::string text = random_document(random, 0);
    mutate(random, text);
    const simdjson::error_code verdict = judge.parse("{\"skipped\":" + text + "}").error();
    // It reads numbers where we skip them, so that it also refuses those beyond its types.
    if (verdict == simdjson::NUMBER_ERROR && has_great_number(text)) continue;
    ASSERT_EQ(is_accepted(text), verdict == simdjson::SUCCESS) << text << "\n" << verdict;
    accepted += verdict == simdjson::SUCCESS ? 1 : 0;
  }
  EXPECT_GT(accepted, 10'000);
}

template <class T>
void expect_event_or_bad_event(const std::string& text) {
  try {
    const T event = from_json<T>(text);
    // What is accepted is understood: written again, it reads the same.
    EXPECT_EQ(to_json(from_json<T>(to_json(event))), to_json(event)) << text;
  } catch (const streamwork::BadEvent& bad) {
    EXPECT_LE(bad.offset(), text.size()) << text;
    EXPECT_LT(std::string_view(bad.what()).size(), 1000U) << text;
  }
}

TEST(JsonProperty, MutatedLinesAreEventsOrBadEvents) {
  SeededRandom random(14);
  SCOPED_TRACE(random.trace());
  for (int i = 0; i < 30'000; ++i) {
    std::string text = to_json(random_everything(random));
    mutate(random, text);
    expect_event_or_bad_event<Everything>(text);
    text = to_json(random_inner(random));
    mutate(random, text);
    expect_event_or_bad_event<Inner>(text);
    if (HasFailure()) return;
  }
}

TEST(JsonProperty, RandomBytesAreBadEvents) {
  SeededRandom random(15);
  SCOPED_TRACE(random.trace());
  for (int i = 0; i < 100'000; ++i) {
    std::string bytes(random.below(40), ' ');
    for (char& c : bytes) c = static_cast<char>(random.bits());
    expect_event_or_bad_event<Inner>(bytes);
    expect_event_or_bad_event<double>(bytes);
    expect_event_or_bad_event<std::vector<std::string>>(bytes);
    if (HasFailure()) return;
  }
}

}  // namespace
