// Tables as streams of changes: what has gone is taken back, whatever the parallelism and the schedule.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <random>
#include <streamwork/connectors/collection.hpp>
#include <streamwork/connectors/generator.hpp>
#include <streamwork/join.hpp>
#include <streamwork/table.hpp>
#include <streamwork/testing.hpp>
#include <string>
#include <tuple>
#include <vector>

#include "kit/crashing_runs.hpp"
#include "kit/ledger.hpp"
#include "kit/scale.hpp"

namespace streamwork {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Person {
  std::int64_t id = 0;
  std::int64_t city = 0;
  std::int64_t earns = 0;
  friend auto operator<=>(const Person&, const Person&) = default;
};
/// Of a dozen people; some stay as they are, some move, some earn nothing for a while.
Person person(std::uint64_t i) {
  const std::uint64_t random = std::mt19937_64(i)();
  return {static_cast<std::int64_t>(random % 12), static_cast<std::int64_t>(random / 12 % 4),
          static_cast<std::int64_t>(random / 48 % 5 * 100)};
}
bool earns(const Person& person) { return person.earns > 0; }

using City = TableRow<std::int64_t, std::tuple<std::int64_t, std::int64_t, double>>;
using Cities = std::map<std::int64_t, City>;

/// How many live in each city that earn something, what they earn together, and in the middle.
Cities cities_after(std::uint64_t events) {
  std::map<std::int64_t, Person> people;
  for (std::uint64_t i = 0; i < events; ++i) people[person(i).id] = person(i);
  std::map<std::int64_t, std::pair<std::int64_t, std::int64_t>> sums;
  for (const auto& [id, one] : people) {
    if (!earns(one)) continue;
    ++sums[one.city].first;
    sums[one.city].second += one.earns;
  }
  Cities cities;
  for (const auto& [city, sum] : sums) {
    const double average = static_cast<double>(sum.second) / static_cast<double>(sum.first);
    cities[city] = {city, {sum.first, sum.second, average}};
  }
  return cities;
}

/// Applies a change to a table, which must fit what is there.
template <class K, class Row>
void apply_to(std::map<K, Row>& table, const K& key, const Change<Row>& change) {
  const auto there = table.find(key);
  if (change.kind == ChangeKind::insert) {
    EXPECT_EQ(there, table.end()) << "inserted twice";
    table.emplace(key, change.value);
    return;
  }
  ASSERT_NE(there, table.end()) << "changed, and was not there";
  EXPECT_EQ(there->second, change.kind == ChangeKind::update ? *change.old : change.value);
  if (change.kind == ChangeKind::update) {
    EXPECT_NE(there->second, change.value) << "a change that changes nothing";
    there->second = change.value;
  } else {
    table.erase(there);
  }
}

auto cities_of(const Stream<Person>& people, int parallelism) {
  return people.key_by(&Person::id, {.parallelism = parallelism})
      .table("people")
      .flat_map("who earn", [](const Change<Person>& change) { return change.filter(earns); })
      .flat_map("by city", split_by(&Person::city))
      .key_by(of_value(&Person::city), {.parallelism = parallelism})
      .aggregate("cities", count(), sum(&Person::earns), average(&Person::earns));
}

TEST(Tables, AreAtTheEndWhatTheLastRowsMakeThem) {
  constexpr std::uint64_t events = 500;
  const Cities expected = cities_after(events);
  ASSERT_GT(expected.size(), 2U);
  for (std::uint64_t seed = 1; seed <= kit::scaled(60); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Job job("people");
    Collected<Change<City>> changes;
    const int parallelism = static_cast<int>(seed % 4) + 1;
    cities_of(job.source("moves", generate<Person>(person, {.count = events})), parallelism)
        .global()
        .sink("changes", collect(changes));
    testing::run(job, {.seed = seed});
    Cities cities;
    for (const Change<City>& change : changes.take()) apply_to(cities, change.value.key, change);
    EXPECT_EQ(cities, expected);
  }
}

TEST(Tables, GoOnAfterCrashesWithNothingTakenBackTwice) {
  constexpr std::uint64_t events = 300;
  const Cities expected = cities_after(events);
  int crashes = 0;
  for (std::uint64_t seed = 1; seed <= kit::scaled(60); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const testkit::Ledger<Change<City>> ledger;
    const auto make_job = [&](std::mt19937_64& random) {
      Job job("people");
      const int parallelism = 1 + static_cast<int>(random() % 4);
      cities_of(job.source("moves", generate<Person>(person, {.count = events})), parallelism)
          .global()
          .sink("changes", ledger.sink());
      return job;
    };
    crashes += testkit::run_until_it_ends(make_job, {.seed = seed});
    Cities cities;
    for (const Change<City>& change : ledger.published()) apply_to(cities, change.value.key, change);
    EXPECT_EQ(cities, expected);
  }
  EXPECT_GT(crashes, 0);
}

TEST(RunningAggregates, ComeOutOfEventsAsTheyAreAdded) {
  const auto sums = [] {
    return operators::RunningAggregate<Person, std::int64_t, decltype(aggregates::bind<Person>(sum(&Person::earns)))>(
        aggregates::bind<Person>(sum(&Person::earns)));
  };
  using Row = TableRow<std::int64_t, std::int64_t>;
  const std::vector<Person> people = {{1, 7, 10}, {2, 8, 5}, {3, 7, 0}, {4, 7, 1}};
  EXPECT_THAT(
      testing::results_of(sums(), &Person::city, people),
      ElementsAre(Change<Row>::insert({7, 10}), Change<Row>::insert({8, 5}), Change<Row>::update({7, 10}, {7, 11})));
}

TEST(RunningAggregates, RefuseToTakeBackWhatNeverCame) {
  Job job("nothing there");
  job.source("changes", from_vector<Change<Person>>({Change<Person>::remove({1, 7, 10})}))
      .key_by(of_value(&Person::city))
      .aggregate("cities", count())
      .sink("nowhere", discard());
  const JobResult result = testing::run(job);
  EXPECT_EQ(result.end, JobEnd::failed);
  EXPECT_THAT(result.failure, HasSubstr("its insertion is missing"));
}

TEST(Change, IsFilteredAsTheTableIs) {
  const auto keeps = [](const Person& one) { return earns(one); };
  const Person rich{1, 7, 10};
  const Person richer{1, 7, 20};
  const Person poor{1, 7, 0};
  EXPECT_EQ(Change<Person>::insert(rich).filter(keeps), Change<Person>::insert(rich));
  EXPECT_EQ(Change<Person>::insert(poor).filter(keeps), std::nullopt);
  EXPECT_EQ(Change<Person>::update(rich, richer).filter(keeps), Change<Person>::update(rich, richer));
  EXPECT_EQ(Change<Person>::update(rich, poor).filter(keeps), Change<Person>::remove(rich));
  EXPECT_EQ(Change<Person>::update(poor, rich).filter(keeps), Change<Person>::insert(rich));
  EXPECT_EQ(Change<Person>::update(poor, poor).filter(keeps), std::nullopt);
  EXPECT_EQ(Change<Person>::remove(rich).filter(keeps), Change<Person>::remove(rich));
  EXPECT_EQ(Change<Person>::remove(poor).filter(keeps), std::nullopt);
}

TEST(Change, IsMappedWithTheRowThatWasThere) {
  EXPECT_EQ(Change<Person>::update({1, 7, 10}, {1, 8, 10}).map(&Person::city), Change<std::int64_t>::update(7, 8));
  EXPECT_EQ(Change<Person>::remove({1, 7, 10}).map(&Person::city), Change<std::int64_t>::remove(7));
}

TEST(Change, OfTheKeyIsARemovalAndAnInsertion) {
  const auto split = split_by(&Person::city);
  const Person there{1, 7, 10};
  const Person moved{1, 8, 10};
  const Person richer{1, 7, 20};
  EXPECT_THAT(split(Change<Person>::update(there, moved)),
              ElementsAre(Change<Person>::remove(there), Change<Person>::insert(moved)));
  EXPECT_THAT(split(Change<Person>::update(there, richer)), ElementsAre(Change<Person>::update(there, richer)));
  EXPECT_THAT(split(Change<Person>::remove(there)), ElementsAre(Change<Person>::remove(there)));
}

struct TimedChange {
  EventTime time;
  Change<Person> change;
};

/// What facts at 5 s, 15 s and 25 s find, of a row that is inserted at 0 s, becomes another at 10 s and goes at 20 s.
std::vector<std::optional<std::int64_t>> found_by_facts(bool as_of) {
  struct Fact {
    std::int64_t person;
    EventTime time;
  };
  const auto at = [](Duration time) { return EventTime(time); };
  const Person before{1, 7, 10};
  const Person after{1, 8, 10};
  Job job("facts and changes");
  const auto facts = job.source("facts", from_vector<Fact>({{1, at(5s)}, {1, at(15s)}, {1, at(25s)}}))
                         .event_time(&Fact::time, ascending())
                         .key_by(&Fact::person);
  const auto table = job.source("table", from_vector<TimedChange>({{at(0s), Change<Person>::insert(before)},
                                                                   {at(10s), Change<Person>::update(before, after)},
                                                                   {at(20s), Change<Person>::remove(after)}}))
                         .event_time(&TimedChange::time, ascending())
                         .map("changes", [](const TimedChange& timed) { return timed.change; })
                         .key_by(of_value(&Person::id));
  Collected<JoinResult<std::int64_t, Fact, Person>> results;
  const auto joined = join(facts, table);
  if (as_of) {
    joined.as_of("found", JoinType::left).sink("results", collect(results));
  } else {
    joined.latest("found", TableWait::the_whole, JoinType::left).sink("results", collect(results));
  }
  testing::run(job);
  std::vector<std::optional<std::int64_t>> cities;
  for (const auto& result : results.take())
    cities.push_back(result.right ? std::optional(result.right->city) : std::nullopt);
  return cities;
}

TEST(TableJoins, FindNoRowThatHasGone) {
  EXPECT_THAT(found_by_facts(true), ElementsAre(7, 8, std::nullopt)) << "as of the fact's time";
  EXPECT_THAT(found_by_facts(false), ElementsAre(std::nullopt, std::nullopt, std::nullopt)) << "the last there is";
}

}  // namespace
}  // namespace streamwork
