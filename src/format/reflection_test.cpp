#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <streamwork/bad_event.hpp>
#include <streamwork/line.hpp>
#include <streamwork/time.hpp>
#include <streamwork/typed/enum_names.hpp>
#include <streamwork/typed/reflection.hpp>
#include <string>
#include <type_traits>
#include <vector>

// Types where users have them: in no namespace at all.
struct GlobalVehicle {
  std::string type;
  double speed;
};
enum class GlobalColor { red, green, blue };

namespace {

using streamwork::enum_name;
using streamwork::field_count;
using streamwork::field_name;
using streamwork::field_names;
using streamwork::for_each_field;
using streamwork::Reflectable;

template <class T>
std::string names() {
  std::string result;
  for (const std::string_view name : field_names<T>) result += std::string(name) + " ";
  return result;
}

struct Empty {};
struct Single {
  int only;
};
struct Zone {
  std::string name;
  std::vector<Zone> parts;
};
// Names that the reflection's own machinery uses, keywords as parts, underscores, digits.
struct Awkward {
  int value;
  int object;
  int pointer;
  int T;
  int int_;
  int _2nd;
  int with2digits;
  int x;
  std::string type;
};
struct Rich {
  bool flag;
  char letter;
  std::int8_t i8;
  std::uint16_t u16;
  std::int64_t i64;
  float f;
  std::optional<int> maybe;
  std::optional<std::chrono::milliseconds> maybe_time;
  std::vector<std::string> list;
  std::map<std::string, std::vector<int>> map;
  streamwork::EventTime event_time;
  streamwork::ProcessingTime processing_time;
  Zone zone;
  std::array<int, 3> triple;
  std::unique_ptr<int> moved;
};
template <class First, class Second>
struct Generic {
  First first_part;
  Second second_part = {};
};
struct Forty {
  int a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, b0, b1, b2, b3, b4, b5, b6, b7, b8, b9;
  std::string c0, c1, c2, c3, c4, c5, c6, c7, c8, c9;
  double d0, d1, d2, d3, d4, d5, d6, d7, d8, d9;
};
class WithConstructor {
 public:
  explicit WithConstructor(int value) : value_(value) {}
  int value() const { return value_; }

 private:
  int value_;
};

struct Derived : Single {
  int more;
};
struct WithArray {
  char symbol[8];
  double price;
};
struct WithArrayAtTheEnd {
  std::string name;
  std::optional<int> lane;
  double prices[2][2];
};

TEST(Reflection, CountsFields) {
  EXPECT_EQ(field_count<Empty>, 0U);
  EXPECT_EQ(field_count<Single>, 1U);
  EXPECT_EQ(field_count<GlobalVehicle>, 2U);
  EXPECT_EQ(field_count<Rich>, 15U);
  EXPECT_EQ(field_count<Forty>, 40U);
}

TEST(Reflection, NamesFields) {
  EXPECT_EQ(names<Single>(), "only ");
  EXPECT_EQ(names<GlobalVehicle>(), "type speed ");
  EXPECT_EQ(names<Zone>(), "name parts ");
  EXPECT_EQ(names<Awkward>(), "value object pointer T int_ _2nd with2digits x type ");
  EXPECT_EQ(names<Rich>(),
            "flag letter i8 u16 i64 f maybe maybe_time list map event_time processing_time zone triple moved ");
  EXPECT_EQ((field_name<Forty, 39>()), "d9");
  EXPECT_EQ(names<streamwork::Line>(), "text position ");
  EXPECT_EQ(names<streamwork::DeadLetter>(), "vertex instance reason position offset text ");
}

TEST(Reflection, NamesFieldsOfTemplatesAndLocalTypes) {
  struct Local {
    int alpha;
    std::string beta;
  };
  EXPECT_EQ(names<Local>(), "alpha beta ");
  EXPECT_EQ((names<Generic<int, Zone>>()), "first_part second_part ");
  EXPECT_EQ((names<Generic<Local, std::map<std::string, int>>>()), "first_part second_part ");
}

TEST(Reflection, VisitsAndChangesFields) {
  GlobalVehicle vehicle{"car", 80.5};
  std::string seen;
  for_each_field(vehicle, [&]<class Field>(std::string_view name, Field& field) {
    seen += std::string(name) + " ";
    if constexpr (std::is_same_v<Field, double>) field *= 2;
  });
  EXPECT_EQ(seen, "type speed ");
  EXPECT_EQ(vehicle.speed, 161.0);
  const GlobalVehicle& constant = vehicle;
  for_each_field(constant, []<class Field>(std::string_view, Field&) { EXPECT_TRUE(std::is_const_v<Field>); });
}

TEST(Reflection, KnowsWhatIsAPlainStruct) {
  EXPECT_TRUE(Reflectable<GlobalVehicle>);
  EXPECT_TRUE(Reflectable<Empty>);
  EXPECT_FALSE(Reflectable<int>);
  EXPECT_FALSE(Reflectable<std::string>);
  EXPECT_FALSE((Reflectable<std::array<int, 2>>));
  EXPECT_FALSE(Reflectable<WithConstructor>);
  EXPECT_FALSE(Reflectable<GlobalColor>);
  EXPECT_TRUE(Reflectable<const Rich>);
  EXPECT_FALSE(Reflectable<Derived>);
#if defined(__cpp_aggregate_paren_init)
  EXPECT_FALSE(Reflectable<WithArray>);
  EXPECT_FALSE(Reflectable<WithArrayAtTheEnd>);
#endif
}

// --- enums -----------------------------------------------------------------------------------------------------------

enum class Signed : std::int8_t { lowest = -16, minus_one = -1, zero, highest = 127 };
enum Plain { plain_first, plain_second = 6 };
enum class Letter : char { a = 'a', comma = ',', bracket = '(' };
enum class Flag : bool { off, on };
enum class Big : std::uint64_t { three = 3, far_away = 1U << 31U };
enum class DeviceId : std::uint64_t {};
enum class Status { ok = 200, not_found = 404 };
enum class Twice { first = 1, same = 1, other = 2 };
template <class First, class Second>
struct Holder {
  enum class Inner { red, green };
  Inner inner = Inner::red;
};

}  // namespace

template <>
struct streamwork::EnumNameRange<Status> {
  static constexpr int first = 200;
  static constexpr int last = 599;
};

namespace {

template <class Enum>
std::string enum_table() {
  std::string result;
  const streamwork::typed::EnumTable table = streamwork::typed::EnumNames<Enum>::table;
  for (std::size_t i = 0; i < table.size; ++i) {
    result += std::string(table.names[i]) + "=" + std::to_string(table.values[i]) + " ";
  }
  return result;
}

TEST(EnumNames, AreFound) {
  enum class Local { here, there };
  EXPECT_EQ(enum_table<GlobalColor>(), "red=0 green=1 blue=2 ");
  EXPECT_EQ(enum_table<Signed>(), "lowest=-16 minus_one=-1 zero=0 highest=127 ");
  EXPECT_EQ(enum_table<Plain>(), "plain_first=0 plain_second=6 ");
  EXPECT_EQ(enum_table<Letter>(), "bracket=40 comma=44 a=97 ");
  EXPECT_EQ(enum_table<Flag>(), "off=0 on=1 ");
  EXPECT_EQ(enum_table<Local>(), "here=0 there=1 ");
  EXPECT_EQ((enum_table<Holder<int, std::map<int, long>>::Inner>()), "red=0 green=1 ");
}

TEST(EnumNames, AreLookedForInARange) {
  EXPECT_EQ(enum_table<Big>(), "three=3 ");
  EXPECT_EQ(enum_table<DeviceId>(), "");
  EXPECT_EQ(enum_table<Status>(), "ok=200 not_found=404 ");
}

TEST(EnumNames, OneOfSeveralNamesIsChosen) {
  const std::string table = enum_table<Twice>();
  EXPECT_TRUE(table == "first=1 other=2 " || table == "same=1 other=2 ") << table;
}

TEST(EnumNames, OfAValue) {
  EXPECT_EQ(enum_name(GlobalColor::green), "green");
  EXPECT_EQ(enum_name(static_cast<GlobalColor>(7)), "");  // NOLINT: a value without a name
  EXPECT_EQ(enum_name(Big::far_away), "");
  static_assert(enum_name(Plain::plain_second) == "plain_second");
}

}  // namespace
