// What aggregates make of events that were split over states in any way, against the plain thing done with all of them.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <set>
#include <streamwork/aggregates.hpp>
#include <string>
#include <tuple>
#include <vector>

#include "kit/scale.hpp"
#include "kit/seeded_random.hpp"

namespace streamwork {
namespace {

struct Reading {
  std::int64_t value = 0;
  std::string name;
  EventTime time{};
  friend bool operator==(const Reading&, const Reading&) = default;
};

/// Few different values and times, so that equal ones are common.
std::vector<Reading> readings(testkit::SeededRandom& random) {
  std::vector<Reading> readings(random.below(30) + 1);
  for (std::size_t i = 0; i < readings.size(); ++i) {
    readings[i].value = static_cast<std::int64_t>(random.below(12)) - 6;
    readings[i].name = std::to_string(i);
    readings[i].time = EventTime(Duration(static_cast<std::int64_t>(random.below(10)) - 5));
  }
  return readings;
}

/// Added to one state after the other, some of them empty, which are then combined in order, some of them with each other first.
template <class Aggregate>
auto result_of_parts(const Aggregate& unbound, const std::vector<Reading>& readings, testkit::SeededRandom& random) {
  const auto aggregate = aggregates::bind<Reading>(unbound);
  std::vector<typename decltype(aggregate)::State> states(1);
  for (const Reading& reading : readings) {
    while (random.one_in(4)) states.emplace_back();
    aggregates::add(aggregate, states.back(), reading, reading.time);
  }
  while (states.size() > 1) {
    const std::size_t place = random.below(states.size() - 1);
    aggregate.combine(states[place], states[place + 1]);
    states.erase(states.begin() + static_cast<std::ptrdiff_t>(place) + 1);
  }
  return aggregate.result(states.front());
}

/// The reading that was better than the best of those before it, and no later one is.
template <class Better>
const Reading& best(const std::vector<Reading>& readings, Better&& better) {
  const Reading* found = readings.data();
  for (const Reading& reading : readings) {
    if (better(reading, *found)) found = &reading;
  }
  return *found;
}

template <class Check>
void for_many_inputs(Check&& check) {
  testkit::SeededRandom random(7);
  SCOPED_TRACE(random.trace());
  for (std::uint64_t round = 0; round < kit::scaled(500); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    check(readings(random), random);
  }
}

TEST(Aggregates, MinimumAndMaximumAreThoseOfAllEvents) {
  for_many_inputs([](const std::vector<Reading>& all, testkit::SeededRandom& random) {
    std::vector<std::int64_t> values;
    for (const Reading& reading : all) values.push_back(reading.value);
    EXPECT_EQ(result_of_parts(minimum(&Reading::value), all, random), std::ranges::min(values));
    EXPECT_EQ(result_of_parts(maximum(&Reading::value), all, random), std::ranges::max(values));
  });
}

TEST(Aggregates, AverageIsTheSumByTheNumber) {
  for_many_inputs([](const std::vector<Reading>& all, testkit::SeededRandom& random) {
    const std::int64_t sum =
        std::accumulate(all.begin(), all.end(), std::int64_t{0},
                        [](std::int64_t so_far, const Reading& one) { return so_far + one.value; });
    EXPECT_EQ(result_of_parts(average(&Reading::value), all, random),
              static_cast<double>(sum) / static_cast<double>(all.size()));
  });
}

TEST(Aggregates, FirstAndLastGoByEventTimeAndThenByArrival) {
  for_many_inputs([](const std::vector<Reading>& all, testkit::SeededRandom& random) {
    EXPECT_EQ(result_of_parts(first(&Reading::name), all, random),
              best(all, [](const Reading& one, const Reading& found) { return one.time < found.time; }).name);
    EXPECT_EQ(result_of_parts(last(&Reading::name), all, random),
              best(all, [](const Reading& one, const Reading& found) { return one.time >= found.time; }).name);
  });
}

TEST(Aggregates, TopNHasTheGreatestAndOfEqualOnesTheFirst) {
  for_many_inputs([](const std::vector<Reading>& all, testkit::SeededRandom& random) {
    const std::size_t n = random.below(6) + 1;
    std::vector<Reading> sorted = all;
    std::ranges::stable_sort(sorted, std::greater<>(), &Reading::value);
    sorted.resize(std::min(n, sorted.size()));
    EXPECT_EQ(result_of_parts(top_n(n, &Reading::value), all, random), sorted);
  });
}

TEST(Aggregates, DistinctCountCountsEqualValuesOnce) {
  for_many_inputs([](const std::vector<Reading>& all, testkit::SeededRandom& random) {
    std::set<std::int64_t> values;
    for (const Reading& reading : all) values.insert(reading.value);
    EXPECT_EQ(result_of_parts(distinct_count(&Reading::value), all, random), static_cast<std::int64_t>(values.size()));
  });
}

TEST(Aggregates, ReduceFoldsInTheOrderOfArrival) {
  const auto join_names = [](const Reading& so_far, const Reading& next) {
    return Reading{so_far.value + next.value, so_far.name + "," + next.name, next.time};
  };
  for_many_inputs([&](const std::vector<Reading>& all, testkit::SeededRandom& random) {
    const aggregates::Reduce<decltype(join_names), Reading> reduce{join_names};
    EXPECT_EQ(result_of_parts(reduce, all, random),
              std::accumulate(all.begin() + 1, all.end(), all.front(), join_names));
  });
}

TEST(Aggregates, TogetherAreEachAsByItself) {
  for_many_inputs([](const std::vector<Reading>& all, testkit::SeededRandom& random) {
    const auto bound = [](const auto& aggregate) { return aggregates::bind<Reading>(aggregate); };
    using Both = aggregates::Together<decltype(bound(maximum(&Reading::value))), decltype(bound(last(&Reading::name)))>;
    const auto [greatest, newest] =
        result_of_parts(Both{{bound(maximum(&Reading::value)), bound(last(&Reading::name))}}, all, random);
    EXPECT_EQ(greatest, result_of_parts(maximum(&Reading::value), all, random));
    EXPECT_EQ(newest, result_of_parts(last(&Reading::name), all, random));
  });
}

}  // namespace
}  // namespace streamwork
