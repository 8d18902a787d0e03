// What an older program wrote, read by a newer one. A namespace is a version of a program.
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <streamwork/time.hpp>
#include <streamwork/typed/value_codec.hpp>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "kit/thrown.hpp"

namespace {

using namespace streamwork;
using namespace streamwork::typed;
using testkit::message_of;

template <class New, class Old>
New upgraded(const Old& old, const Migrations& migrations = {}, New value = New{}) {
  ByteWriter writer;
  encode(old, writer);
  ByteReader reader(writer.bytes());
  StoredReader<New>(schema_of<Old>(), migrations).read(reader, value);
  if (!reader.at_end()) reader.refuse("there is more");
  return value;
}

template <class New, class Old>
std::string difference(const Migrations& migrations = {}) {
  return message_of([&] { StoredReader<New>(schema_of<Old>(), migrations); });
}

namespace before {
enum class Level : std::uint8_t { low, middle, high };
struct Owner {
  std::string surname;
  int age;
};
struct Position {
  std::string symbol;
  std::int32_t amount;
  double price;
};
struct Account {
  std::int32_t count;
  std::string dropped;
  Owner owner;
  Level level;
  std::vector<Position> positions;
  std::map<std::string, Position> by_name;
  std::optional<Owner> second;
};
struct Tree {
  std::int32_t value;
  std::vector<Tree> children;
};
}  // namespace before

namespace now {
enum class Level : std::int16_t { none, high, middle, low };
struct Owner {
  std::int64_t age;
  std::string surname;
  std::string first_name = "?";
};
struct Position {
  double price;
  std::int64_t amount;
  std::string symbol;
  bool added = true;
};
struct Account {
  std::int64_t added = -1;
  std::map<std::string, Position> by_name;
  std::optional<Owner> second;
  Owner owner;
  std::vector<Position> positions;
  Level level;
  std::int64_t count;
};
struct Tree {
  std::vector<Tree> children;
  std::int64_t value;
  std::string label = "new";
};
}  // namespace now

const before::Account account{.count = 7,
                              .dropped = "gone",
                              .owner = {"Ng", 40},
                              .level = before::Level::middle,
                              .positions = {{"A", 1, 1.5}, {"B", 2, 2.5}},
                              .by_name = {{"C", {"C", 3, 3.5}}},
                              .second = before::Owner{"Li", 50}};

TEST(ValueReader, MatchesFieldsByNameAtEveryDepth) {
  const now::Account read = upgraded<now::Account>(account);
  EXPECT_EQ(read.count, 7);
  EXPECT_EQ(read.added, -1);
  EXPECT_EQ(read.owner.surname, "Ng");
  EXPECT_EQ(read.owner.age, 40);
  EXPECT_EQ(read.owner.first_name, "?");
  EXPECT_EQ(read.level, now::Level::middle);
  ASSERT_EQ(read.positions.size(), 2U);
  EXPECT_EQ(read.positions[1].symbol, "B");
  EXPECT_EQ(read.positions[1].amount, 2);
  EXPECT_EQ(read.positions[1].price, 2.5);
  EXPECT_TRUE(read.positions[1].added);
  EXPECT_EQ(read.by_name.at("C").amount, 3);
  EXPECT_EQ(read.second.value().surname, "Li");
}

TEST(ValueReader, LeavesAnAddedFieldAsTheObjectHasIt) {
  now::Account initial;
  initial.added = 99;
  EXPECT_EQ(upgraded<now::Account>(account, {}, initial).added, 99);
}

TEST(ValueReader, GoesBackToTheOlderProgramToo) {
  const now::Account newer = upgraded<now::Account>(account);
  EXPECT_EQ((difference<before::Account, now::Account>()),
            "field 'by_name{}.amount' is i32, was i64\n"
            "field 'second.age' is i32, was i64\n"
            "field 'owner.age' is i32, was i64\n"
            "field 'positions[].amount' is i32, was i64\n"
            "field 'count' is i32, was i64");
}

TEST(ValueReader, FollowsTypesThatContainThemselves) {
  const before::Tree old{1, {{2, {{3, {}}}}, {4, {}}}};
  const now::Tree read = upgraded<now::Tree>(old);
  ASSERT_EQ(read.children.size(), 2U);
  EXPECT_EQ(read.children[0].children[0].value, 3);
  EXPECT_EQ(read.children[0].children[0].label, "new");
  EXPECT_EQ(read.children[1].value, 4);
}

TEST(ValueReader, TakesNoDetourWhereNothingChanged) {
  EXPECT_TRUE(ValueReader(schema_of<now::Tree>(), StoredTypeOf<now::Tree>::value, schema_of<now::Tree>(), {}).direct());
}

TEST(ValueReader, WidensNumbersThatLoseNothing) {
  EXPECT_EQ(upgraded<std::int64_t>(std::int32_t{-5}), -5);
  EXPECT_EQ(upgraded<std::int16_t>(std::int8_t{-128}), -128);
  EXPECT_EQ(upgraded<std::uint64_t>(std::uint32_t{4'000'000'000}), 4'000'000'000U);
  EXPECT_EQ(upgraded<std::int64_t>(std::uint32_t{4'000'000'000}), 4'000'000'000);
  EXPECT_EQ(upgraded<double>(1.25F), 1.25);
  using Seconds32 = std::chrono::duration<std::int32_t>;
  EXPECT_EQ(upgraded<std::chrono::seconds>(Seconds32(-3)), std::chrono::seconds(-3));
}

TEST(ValueReader, RefusesEverythingElseWithBothTypes) {
  EXPECT_EQ((difference<std::int32_t, std::int64_t>()), "the whole value is i32, was i64");
  EXPECT_EQ((difference<std::uint64_t, std::int32_t>()), "the whole value is u64, was i32");
  EXPECT_EQ((difference<std::int32_t, std::uint32_t>()), "the whole value is i32, was u32");
  EXPECT_EQ((difference<double, std::int64_t>()), "the whole value is f64, was i64");
  EXPECT_EQ((difference<bool, std::int8_t>()), "the whole value is bool, was i8");
  EXPECT_EQ((difference<std::chrono::seconds, std::chrono::milliseconds>()),
            "the whole value is duration<i64 s>, was duration<i64 ms>");
  EXPECT_EQ((difference<EventTime, ProcessingTime>()),
            "the whole value is event_time<i64 us>, was processing_time<i64 us>");
  EXPECT_EQ((difference<std::vector<int>, std::optional<int>>()), "the whole value is list<i32>, was optional<i32>");
  EXPECT_EQ((difference<std::array<int, 3>, std::array<int, 2>>()),
            "the whole value is array<i32, 3>, was array<i32, 2>");
  EXPECT_EQ((difference<std::tuple<int, int>, std::tuple<int>>()),
            "the whole value is tuple<i32, i32>, was tuple<i32>");
  EXPECT_EQ((difference<std::map<int, bool>, std::map<std::string, bool>>()), "field '{key}' is i32, was string");
  EXPECT_EQ((difference<std::variant<int>, std::variant<int, bool>>()),
            "the whole value is variant<i32>, was variant<i32, bool>");
}

struct Red {
  enum class Color : std::uint8_t { red, green } color;
};
struct Blue {
  enum class Color : std::uint8_t { blue, red } color;
};

TEST(ValueReader, RefusesAnEnumValueOnlyWhereItIsFound) {
  EXPECT_EQ(upgraded<Blue>(Red{Red::Color::red}).color, Blue::Color::red);
  EXPECT_NE(message_of([] {
              upgraded<Blue>(Red{Red::Color::green});
            }).find("field 'color' is 'green', which its enum no longer has"),
            std::string::npos);
  EXPECT_EQ(upgraded<Blue>(Red{static_cast<Red::Color>(77)}).color, static_cast<Blue::Color>(77));
}

TEST(ValueReader, KnowsAlternativesByTypeThenByPlace) {
  using Old = std::variant<std::string, std::int32_t>;
  using Swapped = std::variant<std::int32_t, std::string, bool>;
  EXPECT_EQ(upgraded<Swapped>(Old("text")), Swapped("text"));
  EXPECT_EQ(upgraded<Swapped>(Old(5)), Swapped(5));
  using Widened = std::variant<std::string, std::int64_t>;
  EXPECT_EQ(upgraded<Widened>(Old(5)), Widened(std::int64_t{5}));
}

struct Named {
  std::string limit;
  before::Owner owner;
  std::vector<std::string> tags;
};
struct Numbered {
  std::int64_t limit;
  struct Owner {
    std::string last_name;
    int age;
  } owner;
  std::vector<std::int64_t> tags;
};

const Migrations numbered =
    Migrations()
        .field<std::string, std::int64_t>("limit", [](const std::string& s) { return std::stoll(s); })
        .field<std::string, std::int64_t>("tags[]", [](const std::string& s) { return std::ssize(s); })
        .renamed("owner.surname", "last_name");

TEST(ValueReader, ConvertsByRegisteredMigrations) {
  const Numbered read = upgraded<Numbered>(Named{"12", {"Ng", 3}, {"a", "bcd"}}, numbered);
  EXPECT_EQ(read.limit, 12);
  EXPECT_EQ(read.owner.last_name, "Ng");
  EXPECT_EQ(read.owner.age, 3);
  EXPECT_EQ(read.tags, (std::vector<std::int64_t>{1, 3}));
}

TEST(ValueReader, MigrationsDoNothingToWhatIsNewAlready) {
  EXPECT_EQ(upgraded<Numbered>(Numbered{5, {"Ng", 3}, {1}}, numbered).limit, 5);
}

TEST(ValueReader, ConvertsTheWholeValue) {
  const Migrations migrations =
      Migrations().field<std::int64_t, Numbered>("", [](std::int64_t limit) { return Numbered{limit, {}, {}}; });
  EXPECT_EQ(upgraded<Numbered>(std::int64_t{8}, migrations).limit, 8);
}

TEST(ValueReader, SaysWhyAMigrationDoesNotApply) {
  EXPECT_EQ((difference<Numbered, Named>()),
            "field 'limit' is i64, was string\n"
            "field 'tags[]' is i64, was string");
  const auto none = [](const auto&) { return std::int64_t{}; };
  EXPECT_EQ((difference<std::int64_t, std::string>(Migrations().field<double, std::int64_t>("", none))),
            "the whole value is i64, was string; the migration registered for it is from f64");
  EXPECT_NE((difference<std::int32_t, std::string>(Migrations().field<std::string, std::int64_t>("", none)))
                .find("makes another type than the program has there, which is i32"),
            std::string::npos);
  EXPECT_NE((difference<Numbered, before::Owner>(Migrations().renamed("surname", "nothing"))).find("which is no field"),
            std::string::npos);
}

class Counter {
 public:
  template <class Self>
  static auto stored_fields(Self& self) {
    return std::tuple(stored<"count">(self.count_), stored<"extra">(self.extra_));
  }
  void restored() { ++restored_; }
  std::int64_t count_ = 0;
  std::int64_t extra_ = 5;
  int restored_ = 0;
};
struct PlainCounter {
  std::int32_t count;
};

TEST(ValueReader, KnowsClassesThatNameTheirFields) {
  const Counter read = upgraded<Counter>(PlainCounter{3});
  EXPECT_EQ(read.count_, 3);
  EXPECT_EQ(read.extra_, 5);
  EXPECT_EQ(read.restored_, 1);
}

TEST(ValueReader, ReadsListsOfChangedElementsIntoAnyContainer) {
  const std::vector<std::int32_t> old{3, 1, 2};
  EXPECT_EQ(upgraded<std::deque<std::int64_t>>(old), (std::deque<std::int64_t>{3, 1, 2}));
  EXPECT_EQ(upgraded<std::set<std::int64_t>>(old), (std::set<std::int64_t>{1, 2, 3}));
  EXPECT_EQ(*upgraded<std::unique_ptr<std::int64_t>>(std::optional<std::int32_t>(4)), 4);
  EXPECT_EQ((upgraded<std::pair<std::int64_t, bool>>(std::tuple<std::int32_t, bool>{4, true})),
            std::pair(std::int64_t{4}, true));
  EXPECT_EQ((upgraded<std::array<std::int64_t, 2>>(std::array<std::int16_t, 2>{4, 5})),
            (std::array<std::int64_t, 2>{4, 5}));
}

}  // namespace
