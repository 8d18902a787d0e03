// Slices of every kind against a plain map, asked and changed in any order.
#include <gtest/gtest.h>

#include <algorithm>
#include <concepts>
#include <map>
#include <optional>
#include <random>
#include <streamwork/typed/slices.hpp>
#include <vector>

#include "kit/scale.hpp"

namespace streamwork::typed {
namespace {

/// Keeps what was added, in the order of slices: more than a sum would show.
struct Numbers {
  using State = std::vector<int>;
  static void combine(State& state, const State& later) { state.insert(state.end(), later.begin(), later.end()); }
};
/// Whose combination can be undone; the order in which it was added is lost.
struct Bag : Numbers {
  static void uncombine(State& state, const State& part) {
    for (const int number : part) state.erase(std::ranges::find(state, number));
  }
};
using Plain = std::map<std::int64_t, std::vector<int>>;

template <class Slices>
void expect_equal(const Slices& slices, const Plain& plain, std::int64_t from) {
  ASSERT_EQ(slices.empty(), plain.empty());
  if (!plain.empty()) {
    ASSERT_EQ(slices.first(), plain.begin()->first);
  }
  const std::int64_t* found = slices.first_from(from);
  const auto expected = plain.lower_bound(from);
  ASSERT_EQ(found != nullptr, expected != plain.end());
  if (found != nullptr) {
    ASSERT_EQ(*found, expected->first);
  }
}

template <class Slices>
void add(Slices& slices, Plain& plain, std::int64_t start, int number) {
  bool made = false;
  slices.at(start, [&] { made = true; }).push_back(number);
  EXPECT_EQ(made, !plain.contains(start));
  plain[start].push_back(number);
}

template <class Aggregate, class Slices>
std::optional<std::vector<int>> asked(Slices& slices, std::int64_t from, std::int64_t to) {
  std::optional<std::vector<int>> got;
  slices.over(Aggregate(), from, to, [&](const std::vector<int>& state) { got = state; });
  if (std::same_as<Aggregate, Bag> && got) std::ranges::sort(*got);
  return got;
}

std::optional<std::vector<int>> added_up(const Plain& plain, std::int64_t from, std::int64_t to, bool sorted = false) {
  std::optional<std::vector<int>> all;
  for (auto slice = plain.lower_bound(from); slice != plain.end() && slice->first < to; ++slice) {
    if (!all) all.emplace();
    all->insert(all->end(), slice->second.begin(), slice->second.end());
  }
  if (sorted && all) std::ranges::sort(*all);
  return all;
}

template <class Aggregate, template <class> class Older>
void expect_what_a_map_adds_up() {
  const std::uint64_t seed = kit::seed();
  SCOPED_TRACE("STREAMWORK_TEST_SEED=" + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (std::uint64_t round = 0; round < kit::scaled(2000); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    SharedSlices<Aggregate, Older> slices;
    Plain plain;
    std::int64_t front = -20;
    const auto spread = static_cast<std::int64_t>(1 + random() % 30);
    const auto near = [&] { return front - static_cast<std::int64_t>(random()) % spread; };
    for (int step = 0; step < 120; ++step) {
      front += static_cast<std::int64_t>(random() % 3);
      switch (random() % 6) {
        case 0:
          if (!plain.empty()) {
            slices.drop_first({});
            plain.erase(plain.begin());
          }
          break;
        case 1:
        case 2:
          add(slices, plain, near(), step);
          break;
        case 3:
          add(slices, plain, front, step);
          break;
        default: {
          const std::int64_t from = near() - spread;
          const std::int64_t to = from + static_cast<std::int64_t>(random() % 40);
          ASSERT_EQ(asked<Aggregate>(slices, from, to), added_up(plain, from, to, std::same_as<Aggregate, Bag>))
              << "from " << from << " to " << to;
        }
      }
      expect_equal(slices, plain, near());
      if (::testing::Test::HasFatalFailure()) return;
    }
  }
}

}  // namespace

TEST(SharedSlices, AddUpWhatAMapAddsUp) { expect_what_a_map_adds_up<Numbers, SliceStacks>(); }

TEST(SharedSlices, AddUpTheSameByWhatComesAndGoes) { expect_what_a_map_adds_up<Bag, SliceSum>(); }

TEST(SingleSlices, HoldWhatAMapHolds) {
  const std::uint64_t seed = kit::seed();
  SCOPED_TRACE("STREAMWORK_TEST_SEED=" + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (std::uint64_t round = 0; round < kit::scaled(2000); ++round) {
    SingleSlices<Numbers> slices;
    Plain plain;
    for (int step = 0; step < 60; ++step) {
      const auto start = static_cast<std::int64_t>(random() % 6) * 10 - 30;
      if (random() % 4 == 0 && !plain.empty()) {
        slices.drop_first({});
        plain.erase(plain.begin());
      } else if (random() % 2 == 0) {
        add(slices, plain, start, step);
      } else {
        ASSERT_EQ(asked<Numbers>(slices, start, start + 10), added_up(plain, start, start + 10));
      }
      expect_equal(slices, plain, start - 5);
      if (HasFatalFailure()) return;
    }
    const SingleSlices<Numbers> copy(slices);
    expect_equal(copy, plain, -100);
  }
}

}  // namespace streamwork::typed
