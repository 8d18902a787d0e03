// Values of many types: to bytes and back, with what is in the bytes spelled out where it matters.
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <streamwork/streamwork.hpp>
#include <streamwork/typed/value_codec.hpp>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

#include "kit/seeded_random.hpp"
#include "kit/thrown.hpp"

namespace {

using namespace streamwork;
using namespace streamwork::typed;
using testkit::message_of;
using testkit::SeededRandom;

enum class Color : std::int8_t { red, green, blue = 100 };
enum Narrow { zero, one, two };  // NOLINT: the kind whose values are limited
enum class DeviceId : std::uint64_t {};

struct Point {
  std::int64_t x;
  double y;
  EventTime time;
  bool operator==(const Point&) const = default;
};
struct Padded {
  bool flag;
  std::int64_t wide;
  char letter;
  float ratio;
  std::uint16_t small;
  Color color;
  Narrow narrow;
  DeviceId device;
  std::chrono::nanoseconds nanos;
  ProcessingTime at;
  std::array<std::int16_t, 3> three;
  std::tuple<> nothing;
  bool operator==(const Padded&) const = default;
};
struct Deep {
  std::string name;
  std::optional<std::string> note;
  std::vector<Deep> parts;
  std::map<std::string, std::vector<double>> values;
  bool operator==(const Deep&) const = default;
};
struct Wide {
  std::vector<bool> bits;
  std::vector<Point> points;
  std::deque<std::string> texts;
  std::list<Padded> list;
  std::set<std::int32_t> numbers;
  std::unordered_set<std::string> words;
  std::unordered_map<std::int64_t, Point> by_id;
  std::multimap<std::string, int> many;
  std::variant<std::monostate, std::string, Point, std::vector<int>> choice;
  std::pair<std::string, std::uint8_t> pair;
  std::optional<std::optional<std::int32_t>> twice;
  bool operator==(const Wide&) const = default;
};
struct Link {
  std::int32_t value;
  std::unique_ptr<Link> next;
};

class Balance {
 public:
  explicit Balance(std::int64_t cents = 0) : cents_(cents), shown_(std::to_string(cents)) {}
  template <class Self>
  static auto stored_fields(Self& self) {
    return std::tuple(stored<"cents">(self.cents_));
  }
  bool restored() {
    shown_ = std::to_string(cents_);
    return cents_ >= 0;
  }
  bool operator==(const Balance&) const = default;

 private:
  std::int64_t cents_;
  std::string shown_;
};

struct WithPointer {
  int* pointer;
};
struct WithFunction {
  std::function<void()> function;
};
struct WithView {
  std::string_view view;
};
struct WithConstant {
  const int constant = 1;
};
struct WithBits {
  using not_stored = void;
  unsigned bits : 3;
};
class Closed {
 public:
  Closed() = default;

 private:
  int hidden_ = 0;
};

static_assert(Storable<int> && Storable<bool> && Storable<std::string> && Storable<Wide> && Storable<Deep>);
static_assert(Storable<Link> && Storable<Balance> && Storable<std::map<Point, int>>);
static_assert(!Storable<WithPointer> && !Storable<WithFunction> && !Storable<WithView> && !Storable<WithConstant>);
static_assert(!Storable<WithBits> && !Storable<Closed> && !Storable<int*> && !Storable<int&> && !Storable<const int>);
static_assert(!Storable<std::shared_ptr<int>> && !Storable<std::chrono::steady_clock::time_point>);
static_assert(!Storable<std::vector<Closed>> && !Storable<std::optional<WithPointer>> && !Storable<std::mutex>);

template <class T>
std::vector<std::byte> bytes_of(const T& value) {
  ByteWriter writer;
  encode(value, writer);
  return {writer.bytes().begin(), writer.bytes().end()};
}

template <class T>
T value_of(std::span<const std::byte> bytes) {
  ByteReader reader(bytes);
  T value{};
  decode(reader, value);
  if (!reader.at_end()) reader.refuse("there is more");
  return value;
}

std::string hex(const std::vector<std::byte>& bytes) {
  std::string text;
  for (const std::byte byte : bytes) {
    constexpr char digits[] = "0123456789abcdef";
    text += digits[static_cast<unsigned>(byte) >> 4U];
    text += digits[static_cast<unsigned>(byte) & 15U];
  }
  return text;
}

TEST(ValueCodec, WritesTheBytesOfTheSpecification) {
  EXPECT_EQ(hex(bytes_of(std::int32_t{-2})), "feffffff");
  EXPECT_EQ(hex(bytes_of(true)), "01");
  EXPECT_EQ(hex(bytes_of(1.5)), "000000000000f83f");
  EXPECT_EQ(hex(bytes_of(std::string("ab"))), "026162");
  EXPECT_EQ(hex(bytes_of(std::string(300, 'x'))).substr(0, 6), "ac0278");
  EXPECT_EQ(hex(bytes_of(Color::blue)), "64");
  EXPECT_EQ(hex(bytes_of(std::optional<std::int8_t>())), "00");
  EXPECT_EQ(hex(bytes_of(std::optional<std::int8_t>(7))), "0107");
  EXPECT_EQ(hex(bytes_of(std::vector<std::int16_t>{1, 2})), "0201000200");
  EXPECT_EQ(hex(bytes_of(std::map<std::string, bool>{{"k", true}})), "01016b01");
  EXPECT_EQ(hex(bytes_of(std::variant<bool, std::string>("v"))), "010176");
  EXPECT_EQ(hex(bytes_of(std::tuple<std::int8_t, bool>{3, true})), "0301");
  EXPECT_EQ(hex(bytes_of(std::tuple<>())), "00");
  EXPECT_EQ(hex(bytes_of(EventTime(Duration(1)))), "0100000000000000");
  EXPECT_EQ(hex(bytes_of(Balance(5))), "0500000000000000");
}

Point any_point(SeededRandom& random) {
  return {random.integer<std::int64_t>(), static_cast<double>(random.integer<std::int32_t>()) / 8,
          EventTime(Duration(random.integer<std::int64_t>()))};
}

std::string any_text(SeededRandom& random) {
  std::string text(random.one_in(8) ? random.below(400) : random.below(8), ' ');
  for (char& c : text) c = static_cast<char>(random.bits());
  return text;
}

Padded any_padded(SeededRandom& random) {
  return {.flag = random.one_in(2),
          .wide = random.integer<std::int64_t>(),
          .letter = static_cast<char>(random.bits()),
          .ratio = static_cast<float>(random.integer<std::int16_t>()),
          .small = random.integer<std::uint16_t>(),
          .color = static_cast<Color>(random.integer<std::int8_t>()),
          .narrow = static_cast<Narrow>(random.below(4)),
          .device = static_cast<DeviceId>(random.bits()),
          .nanos = std::chrono::nanoseconds(random.integer<std::int64_t>()),
          .at = ProcessingTime(Duration(random.integer<std::int64_t>())),
          .three = {random.integer<std::int16_t>(), random.integer<std::int16_t>(), random.integer<std::int16_t>()},
          .nothing = {}};
}

Deep any_deep(SeededRandom& random, std::size_t depth) {
  Deep deep{.name = any_text(random), .note = {}, .parts = {}, .values = {}};
  if (random.one_in(2)) deep.note = any_text(random);
  for (std::size_t i = random.below(4); depth > 0 && i > 0; --i) deep.parts.push_back(any_deep(random, depth - 1));
  for (std::size_t i = random.below(3); i > 0; --i)
    deep.values[any_text(random)].assign(random.below(5), static_cast<double>(random.below(100)));
  return deep;
}

Wide any_wide(SeededRandom& random) {
  Wide wide{};
  for (std::size_t i = random.below(20); i > 0; --i) wide.bits.push_back(random.one_in(2));
  for (std::size_t i = random.below(5); i > 0; --i) wide.points.push_back(any_point(random));
  for (std::size_t i = random.below(5); i > 0; --i) wide.texts.push_back(any_text(random));
  for (std::size_t i = random.below(5); i > 0; --i) wide.list.push_back(any_padded(random));
  for (std::size_t i = random.below(5); i > 0; --i) wide.numbers.insert(random.integer<std::int32_t>());
  for (std::size_t i = random.below(5); i > 0; --i) wide.words.insert(any_text(random));
  for (std::size_t i = random.below(5); i > 0; --i)
    wide.by_id.emplace(random.integer<std::int64_t>(), any_point(random));
  for (std::size_t i = random.below(5); i > 0; --i) wide.many.emplace("k", random.integer<int>());
  if (random.one_in(4)) wide.choice = any_text(random);
  if (random.one_in(4)) wide.choice = any_point(random);
  if (random.one_in(4)) wide.choice = std::vector<int>(random.below(4), 7);
  wide.pair = {any_text(random), random.integer<std::uint8_t>()};
  if (random.one_in(2)) wide.twice.emplace();
  if (wide.twice && random.one_in(2)) wide.twice->emplace(random.integer<std::int32_t>());
  return wide;
}

/// What was in the object that is read into does not matter.
template <class T>
void expect_round_trip(const T& value, T other) {
  const std::vector<std::byte> bytes = bytes_of(value);
  ByteReader reader(bytes);
  decode(reader, other);
  EXPECT_TRUE(reader.at_end());
  EXPECT_TRUE(other == value);
  ByteReader skipping(bytes);
  skip_value(skipping, schema_of<T>());
  EXPECT_TRUE(skipping.at_end());
}

TEST(ValueCodec, ReadsBackWhatItWrote) {
  SeededRandom random(20261);
  SCOPED_TRACE(random.trace());
  for (int i = 0; i < 500 && !testing::Test::HasFailure(); ++i) {
    expect_round_trip(any_point(random), any_point(random));
    expect_round_trip(any_padded(random), any_padded(random));
    expect_round_trip(any_deep(random, 3), any_deep(random, 2));
    expect_round_trip(any_wide(random), any_wide(random));
    expect_round_trip(any_text(random), any_text(random));
  }
}

TEST(ValueCodec, KeepsFloatingPointNumbersBitByBit) {
  for (const double value : {0.0, -0.0, std::numeric_limits<double>::infinity(),
                             std::numeric_limits<double>::denorm_min(), std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_EQ(std::bit_cast<std::uint64_t>(value_of<double>(bytes_of(value))), std::bit_cast<std::uint64_t>(value));
  }
}

TEST(ValueCodec, CallsRestoredAfterTheFields) { EXPECT_EQ(value_of<Balance>(bytes_of(Balance(12))), Balance(12)); }

TEST(ValueCodec, RefusesFieldsThatDoNotFitTogether) {
  EXPECT_THROW(value_of<Balance>(bytes_of(Balance(-1))), StoredDataError);
  EXPECT_THROW(value_of<std::vector<Balance>>(bytes_of(std::vector{Balance(-1)})), StoredDataError);
}

TEST(ValueCodec, OwnsWhatPointersOwn) {
  Link first{1, std::make_unique<Link>(Link{2, nullptr})};
  const Link read = value_of<Link>(bytes_of(first));
  EXPECT_EQ(read.next->value, 2);
  EXPECT_EQ(read.next->next, nullptr);
}

TEST(ValueCodec, RefusesToWriteWhatIsTooDeepToRead) {
  const auto chain = [](std::size_t length) {
    auto first = std::make_unique<Link>();
    for (std::size_t i = 1; i < length; ++i) first = std::make_unique<Link>(Link{0, std::move(first)});
    return first;
  };
  EXPECT_NO_THROW(value_of<Link>(bytes_of(*chain(deepest_nesting))));
  EXPECT_THROW(bytes_of(*chain(deepest_nesting + 1)), std::length_error);
}

TEST(ValueCodec, WorksWithoutTheType) {
  EXPECT_EQ(codec_of<Closed>(), nullptr);
  const ValueCodec& codec = *codec_of<Deep>();
  const Deep deep{"a", "b", {Deep{}}, {}};
  ByteWriter writer;
  codec.encode(reinterpret_cast<const std::byte*>(&deep), writer);
  ByteReader reader(writer.bytes());
  Deep read;
  codec.decode(reader, reinterpret_cast<std::byte*>(&read));
  EXPECT_EQ(read, deep);
  EXPECT_EQ(codec.schema(), schema_of<Deep>());
}

TEST(ValueCodec, StoresTheStatesOfEveryAggregate) {
  const auto expect_storable = [](auto unbound) {
    using Aggregate = decltype(aggregates::bind<Point>(unbound));
    static_assert(Storable<typename Aggregate::State>);
    static_assert(Storable<SingleSlices<Aggregate>> && Storable<SharedSlices<Aggregate>>);
    static_assert(Storable<SharedSlices<operators::WithTimeSpan<Aggregate>>>);
  };
  expect_storable(count());
  expect_storable(sum(&Point::x));
  expect_storable(sum(&Point::y));
  expect_storable(average(&Point::y));
  expect_storable(minimum(&Point::y));
  expect_storable(maximum(&Point::time));
  expect_storable(first(&Point::y));
  expect_storable(last(&Point::y));
  expect_storable(distinct_count(&Point::x));
  expect_storable(top_n(3, &Point::y));
  expect_storable(aggregates::Collect<Point>());
  expect_storable(aggregates::Together<aggregates::Count, aggregates::Collect<Point>>());
}

template <template <class> class Older, class Aggregate>
void expect_slices_go_on(const Aggregate& total) {
  SeededRandom random(5);
  SCOPED_TRACE(random.trace());
  using Slices = SharedSlices<Aggregate, Older>;
  Slices kept;
  Slices restored;
  for (std::int64_t now = 0; now < 300; ++now) {
    const std::int64_t slice = now - static_cast<std::int64_t>(random.below(3));
    const auto value = static_cast<typename Aggregate::State::Value>(random.bits() >> 12U);
    for (Slices* slices : {&kept, &restored}) slices->at(slice, [] {}).add(value);
    std::vector<typename Aggregate::State::Value> results;
    for (Slices* slices : {&kept, &restored})
      slices->over(total, now - 8, now, [&](const auto& state) { results.push_back(state.value()); });
    ASSERT_EQ(results.size() % 2, 0U);
    ASSERT_TRUE(results.empty() || results.front() == results.back());
    for (Slices* slices : {&kept, &restored})
      while (!slices->empty() && slices->first() < now - 8) slices->drop_first(total);
    if (random.one_in(3)) restored = value_of<Slices>(bytes_of(kept));
  }
}

TEST(ValueCodec, SlicesGoOnAsIfTheyHadNotBeenStored) {
  expect_slices_go_on<SliceStacks>(aggregates::bind<Point>(sum(&Point::y)));
  expect_slices_go_on<SliceSum>(aggregates::bind<Point>(sum(&Point::x)));
}

TEST(ValueCodec, StoresHowFarWatermarksHaveComeButNotTheirBounds) {
  BoundedOutOfOrder strategy = bounded_out_of_order(std::chrono::seconds(5));
  strategy.watermark(0, EventTime(std::chrono::seconds(100)));
  BoundedOutOfOrder changed = bounded_out_of_order(std::chrono::seconds(1));
  ByteWriter writer;
  encode(strategy, writer);
  ByteReader reader(writer.bytes());
  decode(reader, changed);
  EXPECT_EQ(changed.watermark(0, EventTime()), EventTime(std::chrono::seconds(99)));
}

}  // namespace
