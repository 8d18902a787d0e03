#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <streamwork/hash.hpp>
#include <streamwork/time.hpp>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "kit/seeded_random.hpp"

namespace accounts {

class Account {
 public:
  explicit Account(int number) : number_(number) {}
  int number() const { return number_; }

 private:
  int number_;
};
std::uint64_t stable_hash_value(const Account& account) { return streamwork::stable_hash(account.number()); }

struct CaseInsensitive {
  std::string text;
};
std::uint64_t stable_hash_value(const CaseInsensitive& key) {
  std::string lower;
  for (const char c : key.text) lower += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return streamwork::stable_hash(lower);
}

}  // namespace accounts

namespace {

using streamwork::stable_hash;
using namespace std::chrono_literals;

enum class Color : std::uint8_t { red, green };
struct Zone {
  std::string name;
  int number;
};
struct Key {
  Zone zone;
  std::optional<std::int64_t> lane;
};

// If one of these fails, every checkpoint and every grouping would change under users' feet: the hash is wrong, not the
// test.
TEST(StableHash, GoldenValues) {
  EXPECT_EQ(stable_hash(0), 0x45388E6EU);
  EXPECT_EQ(stable_hash(1), 0x81A215E3U);
  EXPECT_EQ(stable_hash(-1), 0xAA2BA926U);
  EXPECT_EQ(stable_hash(std::numeric_limits<std::int64_t>::min()), 0x24D31C69U);
  EXPECT_EQ(stable_hash(std::numeric_limits<std::uint64_t>::max() - 1), 0x2AEF453AU);
  EXPECT_EQ(stable_hash('a'), 0xACD402EFU);
  EXPECT_EQ(stable_hash('\xE9'), 0x2F2C5C50U);
  EXPECT_EQ(stable_hash(Color::green), 0x81A215E3U);
  EXPECT_EQ(stable_hash(0.0), 0x45388E6EU);
  EXPECT_EQ(stable_hash(0.1), 0x2EE40BEEU);
  EXPECT_EQ(stable_hash(-1e300), 0x8B33D914U);
  EXPECT_EQ(stable_hash(std::nan("")), 0xB68FBC0AU);
  EXPECT_EQ(stable_hash(""), 0x2D068005U);
  EXPECT_EQ(stable_hash("car"), 0x2B27A675U);
  EXPECT_EQ(stable_hash("motorcycle"), 0xD0854C64U);
  EXPECT_EQ(stable_hash(std::string(100, 'x')), 0xC90984FFU);
  EXPECT_EQ(stable_hash(std::string(1000, 'x')), 0xC0A4877BU);
  EXPECT_EQ(stable_hash(std::optional<int>()), 0x3CC671D0U);
  EXPECT_EQ(stable_hash(std::pair(1, std::string("a"))), 0x5267AC56U);
  EXPECT_EQ(stable_hash(std::tuple(1, 2, 3)), 0xB7B4B071U);
  EXPECT_EQ(stable_hash(std::array{1, 2, 3}), 0xB7B4B071U);
  EXPECT_EQ(stable_hash(std::vector<int>()), 0x40505C3CU);
  EXPECT_EQ(stable_hash(1s), 0x3EE750F2U);
  EXPECT_EQ(stable_hash(streamwork::EventTime(1700000000123456us)), 0x71842062U);
  EXPECT_EQ(stable_hash(Key{{"A2", 7}, 3}), 0xE09A010CU);
  EXPECT_EQ(stable_hash(accounts::Account(7)), 0x1E664FDAU);
}

TEST(StableHash, EqualIntegersOfAnyTypeHashEqually) {
  for (const int value : {0, 1, 5, 100, 127}) {
    const std::uint32_t hash = stable_hash(value);
    EXPECT_EQ(hash, stable_hash(static_cast<std::int8_t>(value)));
    EXPECT_EQ(hash, stable_hash(static_cast<std::uint8_t>(value)));
    EXPECT_EQ(hash, stable_hash(static_cast<std::int16_t>(value)));
    EXPECT_EQ(hash, stable_hash(static_cast<std::uint32_t>(value)));
    EXPECT_EQ(hash, stable_hash(static_cast<std::int64_t>(value)));
    EXPECT_EQ(hash, stable_hash(static_cast<unsigned long long>(value)));
    EXPECT_EQ(hash, stable_hash(static_cast<char>(value)));
    EXPECT_EQ(hash, stable_hash(static_cast<char32_t>(value)));
    EXPECT_EQ(hash, stable_hash(static_cast<Color>(value)));
  }
  EXPECT_EQ(stable_hash(true), stable_hash(1));
  EXPECT_EQ(stable_hash(-5), stable_hash(static_cast<std::int8_t>(-5)));
  EXPECT_EQ(stable_hash(-5), stable_hash(-5LL));
  EXPECT_NE(stable_hash(-5), stable_hash(5));
}

TEST(StableHash, EqualFloatingNumbersHashEqually) {
  EXPECT_EQ(stable_hash(0.0), stable_hash(-0.0));
  EXPECT_EQ(stable_hash(0.5F), stable_hash(0.5));
  EXPECT_EQ(stable_hash(-0.0F), stable_hash(0.0));
  EXPECT_EQ(stable_hash(std::nan("1")), stable_hash(-std::nan("2")));
  EXPECT_EQ(stable_hash(std::nanf("1")), stable_hash(std::nan("")));
  EXPECT_NE(stable_hash(1.0), stable_hash(-1.0));
}

TEST(StableHash, EqualTextsHashEqually) {
  const std::string text = "motorcycle";
  const char* pointer = text.c_str();
  char array[] = "motorcycle";
  EXPECT_EQ(stable_hash(text), stable_hash(std::string_view(text)));
  EXPECT_EQ(stable_hash(text), stable_hash("motorcycle"));
  EXPECT_EQ(stable_hash(text), stable_hash(pointer));
  EXPECT_EQ(stable_hash(text), stable_hash(array));
  EXPECT_NE(stable_hash(std::string("a\0b", 3)), stable_hash(std::string("a")));
}

TEST(StableHash, EqualTimesHashEqually) {
  EXPECT_EQ(stable_hash(1s), stable_hash(1000ms));
  EXPECT_EQ(stable_hash(-2h), stable_hash(-7200s));
  EXPECT_EQ(stable_hash(streamwork::EventTime(5s)), stable_hash(5s));
}

TEST(StableHash, OptionalHashesAsItsValue) {
  EXPECT_EQ(stable_hash(std::optional(5)), stable_hash(5));
  EXPECT_EQ(stable_hash(std::optional<std::string>("x")), stable_hash("x"));
}

TEST(StableHash, NoValueZeroAndEmptyAreDifferent) {
  const char* null = nullptr;
  const std::set<std::uint32_t> hashes{stable_hash(std::optional<int>()), stable_hash(0), stable_hash(""),
                                       stable_hash(std::vector<int>())};
  EXPECT_EQ(hashes.size(), 4U);
  EXPECT_EQ(stable_hash(null), stable_hash(std::optional<std::string>()));
}

TEST(StableHash, PartsOfACompoundKeyCountInOrder) {
  EXPECT_NE(stable_hash(std::pair(1, 2)), stable_hash(std::pair(2, 1)));
  EXPECT_NE(stable_hash(std::vector{0}), stable_hash(std::vector{0, 0}));
  EXPECT_NE(stable_hash(std::pair(std::string("ab"), std::string("c"))),
            stable_hash(std::pair(std::string("a"), std::string("bc"))));
  EXPECT_NE(stable_hash(Key{{"A2", 7}, 3}), stable_hash(Key{{"A2", 7}, std::nullopt}));
  EXPECT_NE(stable_hash(Key{{"A2", 7}, 0}), stable_hash(Key{{"A2", 7}, std::nullopt}));
  EXPECT_EQ(stable_hash(std::vector<bool>{true, false}), stable_hash(std::vector<int>{1, 0}));
}

TEST(StableHash, CanBeWrittenForAType) {
  EXPECT_EQ(stable_hash(accounts::Account(7)), stable_hash(accounts::Account(7)));
  EXPECT_NE(stable_hash(accounts::Account(7)), stable_hash(accounts::Account(8)));
  EXPECT_EQ(stable_hash(accounts::CaseInsensitive{"Car"}), stable_hash(accounts::CaseInsensitive{"cAR"}));
  EXPECT_EQ(stable_hash(std::vector{accounts::Account(1)}), stable_hash(std::vector{accounts::Account(1)}));
}

TEST(StableHash, WorksAtCompileTime) {
  static_assert(stable_hash(7) == stable_hash(std::int64_t{7}));
  static_assert(streamwork::StableHash{}(7) == stable_hash(7));
}

/// Greatest distance from one half of the chance that an input bit flips an output bit.
template <class Hash>
double worst_bias(std::uint64_t first, std::uint64_t step, Hash hash) {
  constexpr int samples = 40'000;
  double worst = 0;
  for (unsigned input = 0; input < 64; ++input) {
    std::array<int, 32> flips{};
    for (std::uint64_t i = 0; i < samples; ++i) {
      const std::uint64_t key = first + i * step;
      const std::uint32_t changed = hash(key) ^ hash(key ^ (std::uint64_t{1} << input));
      for (unsigned output = 0; output < 32; ++output) flips[output] += static_cast<int>(changed >> output & 1U);
    }
    for (const int flip : flips) worst = std::max(worst, std::abs(flip / double{samples} - 0.5));
  }
  return worst;
}

// Chance alone deviates by 0.0025 (one sigma) here, the worst of 2,048 pairs of bits by about 0.009.
TEST(StableHash, EveryInputBitFlipsEveryOutputBitHalfOfTheTime) {
  const auto integer_hash = [](std::uint64_t key) { return stable_hash(key); };
  EXPECT_LT(worst_bias(0, 1, integer_hash), 0.015);
  EXPECT_LT(worst_bias(1'700'000'000'000, 1000, integer_hash), 0.015);
  EXPECT_LT(worst_bias(0x0123456789ABCDEF, 0x9E3779B97F4A7C15, integer_hash), 0.015);
  const auto pair_hash = [](std::uint64_t key) {
    return stable_hash(std::pair(static_cast<std::uint32_t>(key), static_cast<std::uint32_t>(key >> 32U)));
  };
  EXPECT_LT(worst_bias(0, 1, pair_hash), 0.015);
}

/// Chi-square over the buckets, divided by its degrees of freedom: near 1 if the keys are spread like random ones.
template <class MakeKey>
double spread(unsigned shift, std::uint32_t mask, MakeKey make_key) {
  constexpr std::uint64_t keys = 1U << 17U;
  std::vector<double> counts(std::size_t{mask} + 1);
  for (std::uint64_t i = 0; i < keys; ++i) counts[stable_hash(make_key(i)) >> shift & mask] += 1;
  const double expected = static_cast<double>(keys) / static_cast<double>(counts.size());
  double sum = 0;
  for (const double count : counts) sum += (count - expected) * (count - expected) / expected;
  return sum / static_cast<double>(mask);
}

TEST(StableHash, SpreadsRealKeysOverGroupsAndTables) {
  for (const std::uint64_t stride : {1ULL, 2ULL, 10ULL, 1000ULL, 65536ULL, 1ULL << 32U, 1'000'003ULL}) {
    const auto key = [stride](std::uint64_t i) { return i * stride; };
    EXPECT_LT(spread(25, 127, key), 1.5) << stride;    // the key groups
    EXPECT_LT(spread(0, 1023, key), 1.25) << stride;   // the lowest bits
    EXPECT_LT(spread(12, 1023, key), 1.25) << stride;  // bits in the middle
  }
  const auto negative = [](std::uint64_t i) { return -static_cast<std::int64_t>(i); };
  const auto text = [](std::uint64_t i) { return "user-" + std::to_string(i); };
  const auto floating = [](std::uint64_t i) { return static_cast<double>(i) / 4; };
  EXPECT_LT(spread(25, 127, negative), 1.5);
  EXPECT_LT(spread(25, 127, text), 1.5);
  EXPECT_LT(spread(0, 1023, text), 1.25);
  EXPECT_LT(spread(25, 127, floating), 1.5);
}

}  // namespace
