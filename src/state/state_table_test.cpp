#include <gtest/gtest.h>

#include <random>
#include <stdexcept>
#include <streamwork/hash.hpp>
#include <streamwork/typed/state_table.hpp>
#include <string>
#include <string_view>
#include <unordered_map>

#include "kit/jobs.hpp"
#include "kit/scale.hpp"

namespace streamwork::typed {
namespace {

/// A key with whatever hash the test wants.
struct Chosen {
  std::uint64_t number = 0;
  std::uint64_t hash = 0;
  friend bool operator==(const Chosen&, const Chosen&) = default;
  friend std::uint64_t stable_hash_value(const Chosen& key) { return key.hash; }
};

template <class K>
class Table {
 public:
  explicit Table(std::int64_t initial = 0) : offset_(layout_.add<std::int64_t>("value", initial)), table_(layout_) {}

  std::int64_t& operator[](const K& key) { return value(table_.find_or_insert(key, stable_hash(key))); }
  std::int64_t& by_guess(const K& key) {
    const std::uint32_t hash = stable_hash(key);
    std::byte* const row = table_.prefetch_row(hash, table_.prefetch_group(hash));
    EXPECT_EQ(row, table_.guess(hash));
    return value(table_.is_row_of(row, key) ? row : table_.correct_guess(key, hash));
  }
  void remove(const K& key) { table_.remove(table_.find_or_insert(key, stable_hash(key))); }
  /// Looks without inserting.
  bool contains(const K& key) const {
    const std::byte* row = table_.guess(stable_hash(key));
    return StateTable<K>::is_row_of(row, key);
  }
  StateTable<K>& table() { return table_; }

 private:
  std::int64_t& value(std::byte* row) { return *reinterpret_cast<std::int64_t*>(row + offset_); }

  StateLayout layout_{StateTable<K>::states_offset};
  std::uint32_t offset_;
  StateTable<K> table_;
};

TEST(StateTable, HoldsWhatAMapHoldsForRandomKeys) {
  const std::uint64_t seed = kit::seed();
  SCOPED_TRACE("STREAMWORK_TEST_SEED=" + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (const std::uint64_t keys : {1ULL, 100ULL, 5'000ULL, 300'000ULL}) {
    Table<std::uint64_t> table;
    std::unordered_map<std::uint64_t, std::int64_t> map;
    for (std::uint64_t i = 0; i < kit::scaled(600'000); ++i) {
      const std::uint64_t key = random() % keys * 0x1'0000'0001ULL;
      const std::int64_t in_table = i % 2 == 0 ? ++table[key] : ++table.by_guess(key);
      ASSERT_EQ(in_table, ++map[key]);
    }
    EXPECT_EQ(table.table().size(), map.size());
  }
}

TEST(StateTable, KeepsStringsOfItsOwnForKeysThatOnlyReferToCharacters) {
  Table<std::string_view> table(40);
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 10'000; ++i) {
      const std::string text = "a key that is too long for a small string " + std::to_string(i);
      EXPECT_EQ(++table[std::string_view(text)], 41 + round);
    }
  }
  EXPECT_EQ(table.table().size(), 10'000U);
}

TEST(StateTable, TellsKeysOfOneHashApart) {
  Table<Chosen> table;
  for (int round = 1; round <= 2; ++round) {
    for (std::uint64_t i = 0; i < 3000; ++i) ASSERT_EQ((++table[Chosen{i, 7}]), round);
  }
  EXPECT_EQ(table.table().size(), 3000U);
}

TEST(StateTable, SaysThatTheHashIsBadInsteadOfFillingTheMemory) {
  Table<Chosen> table;
  const auto fill = [&] {
    for (std::uint64_t i = 0; i < 100'000; ++i) table[Chosen{i, 7}] = 1;
  };
  EXPECT_THROW(fill(), std::length_error);
  EXPECT_EQ((table[Chosen{5, 7}]), 1) << "what was there before is still there";
}

TEST(StateTable, CopiesAllRows) {
  StateLayout layout(StateTable<std::string>::states_offset);
  StateLayout other_layout(StateTable<std::string>::states_offset);
  const std::uint32_t offset = layout.add<std::string>("text", "none");
  other_layout.add<std::string>("text", "none");
  StateTable<std::string> table(layout);
  StateTable<std::string> copy(other_layout);
  const auto text = [&](StateTable<std::string>& of, const std::string& key) -> std::string& {
    return *reinterpret_cast<std::string*>(of.find_or_insert(key, stable_hash(key)) + offset);
  };
  for (int i = 0; i < 20'000; ++i) text(table, std::to_string(i)) = "value of " + std::to_string(i);
  table.copy_to(copy);
  text(table, "7") = "changed";
  EXPECT_EQ(copy.size(), 20'000U);
  for (int i = 0; i < 20'000; ++i) ASSERT_EQ(text(copy, std::to_string(i)), "value of " + std::to_string(i));
}

TEST(StateTable, HoldsWhatAMapHoldsWhileKeysAreRemoved) {
  const std::uint64_t seed = kit::seed();
  SCOPED_TRACE("STREAMWORK_TEST_SEED=" + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (const std::uint64_t keys : {3ULL, 200ULL, 20'000ULL}) {
    Table<std::uint64_t> table;
    std::unordered_map<std::uint64_t, std::int64_t> map;
    for (std::uint64_t i = 0; i < kit::scaled(400'000); ++i) {
      const std::uint64_t key = random() % keys;
      if (random() % 2 == 0 && map.contains(key)) {
        table.remove(key);
        map.erase(key);
      } else {
        ASSERT_EQ(i % 2 == 0 ? ++table[key] : ++table.by_guess(key), ++map[key]);
      }
      ASSERT_EQ(table.table().size(), map.size());
    }
    for (const auto& [key, value] : map) ASSERT_EQ(table[key], value);
    EXPECT_EQ(table.table().size(), map.size());
  }
}

TEST(StateTable, ForgottenKeysLeaveRoomForMillionsOfOthers) {
  // A window of live keys moves over millions of them; each look-up for a key that is not there must still end.
  constexpr std::uint64_t live = 1000;
  Table<std::uint64_t> table;
  std::int64_t megabytes_at_first = 0;
  for (std::uint64_t key = 0; key < kit::scaled(3'000'000); ++key) {
    if (key >= live) table.remove(key - live);
    ASSERT_EQ(++table[key], 1) << "a new key begins with the initial value";
    if (key >= live && key % 64 == 0) {
      ASSERT_FALSE(table.contains(key - live));
    }
    if (key == 10 * live) megabytes_at_first = kit::resident_megabytes();
  }
  EXPECT_EQ(table.table().size(), live);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // which keep what is freed
  EXPECT_LE(kit::resident_megabytes(), megabytes_at_first + 16);
#endif
}

TEST(StateLayout, RefusesTwoStatesOfOneName) {
  StateLayout layout(8);
  layout.add<int>("count", 0);
  EXPECT_THROW(layout.add<double>("count", 0.0), std::logic_error);
}

}  // namespace
}  // namespace streamwork::typed
