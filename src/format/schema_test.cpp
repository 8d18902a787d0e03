// Schemas as text and bytes, values shown as JSON, and what becomes of bytes that are damaged or made up.
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <streamwork/json.hpp>
#include <streamwork/time.hpp>
#include <streamwork/typed/stored_json.hpp>
#include <streamwork/typed/value_codec.hpp>
#include <string>
#include <variant>
#include <vector>

#include "kit/scale.hpp"
#include "kit/seeded_random.hpp"
#include "kit/thrown.hpp"

namespace {

using namespace streamwork;
using namespace streamwork::typed;
using testkit::message_of;
using testkit::SeededRandom;

enum class Color : std::uint8_t { red, green };
struct Part {
  std::int64_t start;
  std::optional<double> value;
};
struct Everything {
  std::string name;
  Color color;
  char letter;
  bool flag;
  EventTime at;
  std::chrono::milliseconds wait;
  std::vector<Part> parts;
  std::map<std::string, std::uint16_t> counts;
  std::map<std::int32_t, bool> flags;
  std::array<float, 2> pair;
  std::variant<std::monostate, std::string> choice;
  std::unique_ptr<Everything> next;
};

Everything example() {
  Everything value{.name = "\"n\"",
                   .color = Color::green,
                   .letter = 'x',
                   .flag = true,
                   .at = EventTime(Duration(1'500)),
                   .wait = std::chrono::milliseconds(20),
                   .parts = {{1, 0.5}, {2, {}}},
                   .counts = {{"a", 1}, {"b", 65'535}},
                   .flags = {{-1, true}},
                   .pair = {1.5F, -2},
                   .choice = "chosen",
                   .next = std::make_unique<Everything>()};
  return value;
}

template <class T>
std::vector<std::byte> bytes_of(const T& value) {
  ByteWriter writer;
  encode(value, writer);
  return {writer.bytes().begin(), writer.bytes().end()};
}
std::vector<std::byte> bytes_of(const Schema& schema) {
  ByteWriter writer;
  schema.write(writer);
  return {writer.bytes().begin(), writer.bytes().end()};
}
Schema schema_in(std::span<const std::byte> bytes) {
  ByteReader reader(bytes);
  return Schema::read(reader);
}
std::string json_of(std::span<const std::byte> bytes, const Schema& schema, const JsonLimits& limits = {}) {
  ByteReader reader(bytes);
  return stored_json(reader, schema, limits);
}

TEST(Schema, HasATextForPeople) {
  EXPECT_EQ(schema_of<Part>().text(), "{start: i64, value: optional<f64>}");
  EXPECT_EQ(schema_of<Everything>().text(),
            "{name: string, color: enum u8 {red = 0, green = 1}, letter: char, flag: bool, at: event_time<i64 us>, "
            "wait: duration<i64 ms>, parts: list<{start: i64, value: optional<f64>}>, counts: map<string, u16>, "
            "flags: map<i32, bool>, pair: array<f32, 2>, choice: variant<{}, string>, next: optional<{...}>}");
  EXPECT_EQ(schema_of<Everything>().text(0, 15), "{name: string, …");
}

TEST(Schema, IsReadBackFromItsBytes) {
  EXPECT_EQ(schema_in(bytes_of(schema_of<Everything>())), schema_of<Everything>());
  EXPECT_EQ(schema_in(bytes_of(schema_of<std::vector<Color>>())), schema_of<std::vector<Color>>());
  EXPECT_NE(schema_of<Everything>(), schema_of<Part>());
}

TEST(Schema, SaysWhenItIsOfALaterVersion) {
  std::vector<std::byte> bytes = bytes_of(schema_of<Part>());
  bytes[0] = std::byte{9};
  EXPECT_NE(message_of([&] { schema_in(bytes); }).find("format version 9; this program knows version 1"),
            std::string::npos);
}

TEST(Schema, RefusesATypeThatContainsItselfWithoutEnd) {
  ByteWriter writer;
  for (const int byte : {1, 23, 1, 1, int{'a'}, 24, 0}) writer.put(static_cast<std::uint8_t>(byte));
  EXPECT_NE(message_of([&] { schema_in(writer.bytes()); }).find("contains itself without an end"), std::string::npos);
}

TEST(StoredJson, ShowsAValueWithoutItsType) {
  EXPECT_EQ(json_of(bytes_of(example()), schema_of<Everything>()),
            R"({"name":"\"n\"","color":"green","letter":"x","flag":true,"at":1.5,"wait":20,)"
            R"("parts":[{"start":1,"value":0.5},{"start":2,"value":null}],"counts":{"a":1,"b":65535},)"
            R"("flags":[[-1,true]],"pair":[1.5,-2],"choice":"chosen","next":{"name":"","color":"red",)"
            R"("letter":"\u0000","flag":false,"at":0,"wait":0,"parts":[],"counts":{},"flags":[],"pair":[0,0],)"
            R"("choice":{},"next":null}})");
}

TEST(StoredJson, AgreesWithTheJsonOfEvents) {
  const Part part{-5, 0.1};
  EXPECT_EQ(json_of(bytes_of(part), schema_of<Part>()), to_json(part));
}

TEST(StoredJson, StopsWhereToldAndReadsToTheEnd) {
  const std::vector<std::string> texts(5, "abcdef");
  const std::vector<std::byte> bytes = bytes_of(texts);
  EXPECT_EQ(json_of(bytes, schema_of<std::vector<std::string>>(), {.elements = 2, .text_bytes = 3}),
            R"(["abc…","abc…","…"])");
  ByteReader reader(bytes);
  EXPECT_EQ(stored_json(reader, schema_of<std::vector<std::string>>(), {.all_bytes = 12}),
            R"(["abcdef","abcdef","…"])");
  EXPECT_TRUE(reader.at_end());
}

/// Reads the bytes in every way there is. What comes of it is a value or an error that names an offset.
void read_everyhow(std::span<const std::byte> given, const Schema& schema) {
  // Its own allocation of exactly this size, so that AddressSanitizer sees one byte too many being read.
  const std::vector<std::byte> bytes(given.begin(), given.end());
  const auto attempt = [&](auto read) {
    ByteReader reader(bytes);
    try {
      read(reader);
    } catch (const StoredDataError& error) {
      ASSERT_LE(error.offset(), bytes.size());
    }
  };
  attempt([&](ByteReader& reader) {
    Everything value;
    decode(reader, value);
    bytes_of(value);
  });
  attempt([&](ByteReader& reader) { stored_json(reader, schema); });
  attempt([&](ByteReader& reader) { skip_value(reader, schema); });
  attempt([&](ByteReader& reader) { Schema::read(reader).text(); });
}

TEST(StoredBytes, EndInAnErrorWhereverTheyAreCutOff) {
  const std::vector<std::byte> bytes = bytes_of(example());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    Everything value;
    ByteReader reader(std::span<const std::byte>(bytes.data(), size));
    EXPECT_THROW(decode(reader, value), StoredDataError) << size;
    EXPECT_THROW(json_of(std::span(bytes).first(size), schema_of<Everything>()), StoredDataError) << size;
    read_everyhow(std::span(bytes).first(size), schema_of<Everything>());
  }
  const std::vector<std::byte> described = bytes_of(schema_of<Everything>());
  for (std::size_t size = 0; size < described.size(); ++size)
    EXPECT_THROW(schema_in(std::span(described).first(size)), StoredDataError) << size;
}

TEST(StoredBytes, EndInAnErrorOrAValueWhateverIsFlipped) {
  SeededRandom random(77);
  SCOPED_TRACE(random.trace());
  const std::vector<std::byte> value = bytes_of(example());
  const std::vector<std::byte> described = bytes_of(schema_of<Everything>());
  for (std::uint64_t i = kit::scaled(20'000); i > 0; --i) {
    std::vector<std::byte> bytes = random.one_in(2) ? value : described;
    for (std::uint64_t flips = 1 + random.below(4); flips > 0; --flips)
      bytes[random.below(bytes.size())] = static_cast<std::byte>(random.bits());
    read_everyhow(bytes, schema_of<Everything>());
    try {
      const Schema schema = schema_in(bytes);
      json_of(value, schema);
    } catch (const StoredDataError&) {
    }
    try {
      StoredReader<Everything> reader(schema_in(bytes));
      ByteReader original(value);
      Everything read;
      reader.read(original, read);
    } catch (const StoredDataError&) {
    } catch (const SchemaMismatch&) {
    }
  }
}

TEST(StoredBytes, TakeNoMemoryForElementsThatAreNotThere) {
  ByteWriter writer;
  writer.put_length(std::uint64_t{1} << 60U);
  std::vector<std::string> list;
  ByteReader reader(writer.bytes());
  EXPECT_NE(message_of([&] { decode(reader, list); }).find("there cannot be 1152921504606846976 elements"),
            std::string::npos);
  EXPECT_EQ(list.capacity(), 0U);
}

TEST(StoredBytes, NestedTooDeepEndInAnError) {
  struct Tree {
    std::vector<Tree> children;
  };
  const std::vector<std::byte> bytes(100'000, std::byte{1});
  ByteReader reader(bytes);
  Tree tree;
  EXPECT_THROW(decode(reader, tree), StoredDataError);
  EXPECT_THROW(json_of(bytes, schema_of<Tree>()), StoredDataError);
}

}  // namespace
