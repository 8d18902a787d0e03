// Rows of joins that have waited come out with their own times: whatever is behind the join must take none for late.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <streamwork/connectors/collection.hpp>
#include <streamwork/connectors/generator.hpp>
#include <streamwork/join.hpp>
#include <streamwork/testing.hpp>
#include <streamwork/windowed_stream.hpp>
#include <variant>

#include "kit/join_reference.hpp"
#include "kit/scale.hpp"
#include "kit/window_reference.hpp"

namespace sw = streamwork;
using namespace std::chrono_literals;

namespace streamwork::testkit {
namespace {

Timed second(std::uint64_t i) {
  const auto number = static_cast<std::int64_t>(i);
  return {number % 3, sw::EventTime(std::chrono::seconds(number)), number};
}

TEST(WaitingFacts, AreOnTimeInTheWindowsBehindTheJoin) {
  constexpr std::int64_t facts = 200;
  using Joined = sw::JoinResult<std::int64_t, Timed, Timed>;
  for (const sw::TableWait wait : {sw::TableWait::the_whole, sw::TableWait::its_time}) {
    for (std::uint64_t seed = 1; seed <= kit::scaled(40); ++seed) {
      sw::Job job{"facts and table"};
      const auto side = [&](const char* name, std::uint64_t count) {
        return job.source(name, sw::generate<Timed>(second, {.count = count}))
            .event_time(&Timed::time, sw::ascending(), {.granularity = 1ms, .name = std::string(name) + " time"})
            .key_by(&Timed::key, {.parallelism = 2});
      };
      // The table has come to the middle of the facts' time when it ends.
      sw::Collected<sw::WindowResult<std::int64_t, std::int64_t>> results;
      sw::join(side("facts", facts), side("table", facts / 2))
          .latest("named", wait, sw::JoinType::left)
          .key_by(&Joined::key)
          .window(sw::tumbling(5s))
          .aggregate("windows", sw::count())
          .sink("rows", sw::collect(results));
      sw::testing::run(job, {.seed = seed});
      std::int64_t counted = 0;
      for (const auto& row : results.take()) {
        EXPECT_FALSE(row.update);
        counted += row.value;
      }
      ASSERT_EQ(counted, facts) << "seed " << seed;
    }
  }
}

/// Out of order by up to 50 s; every tenth comes too late for a bound of 10 s.
Timed disordered(std::uint64_t i) {
  const auto number = static_cast<std::int64_t>(i);
  return {number % 3, sw::EventTime(std::chrono::seconds(number - number % 10 / 9 * 50)), number};
}

/// How many facts are in each window behind the join, and how many were late.
struct Counted {
  std::map<std::pair<std::int64_t, sw::EventTime>, std::int64_t> windows;
  std::int64_t late = 0;
  friend bool operator==(const Counted&, const Counted&) = default;
};

TEST(WaitingFacts, ThatAreOnTimeGiveTheSameSumsHoweverSlowEitherInputIs) {
  constexpr std::uint64_t events = 200;
  using Joined = sw::JoinResult<std::int64_t, Timed, Timed>;
  using Late = std::variant<Timed, Timed>;
  Counted expected;
  std::int64_t greatest = 0;
  for (std::uint64_t i = 0; i < events; ++i) {
    const Timed fact = disordered(i);
    const std::int64_t second = fact.time.time_since_epoch() / 1s;
    if (second < greatest - 10) {
      ++expected.late;
    } else {
      ++expected.windows[{fact.key, sw::EventTime(std::chrono::seconds(second / 20 * 20))}];
    }
    greatest = std::max(greatest, second);
  }
  ASSERT_GT(expected.late, 10);
  const std::optional<double> slow = 3;
  for (const auto& [rate_of_facts, rate_of_table] :
       {std::pair(slow, std::optional<double>()), std::pair(std::optional<double>(), slow), std::pair(slow, slow)}) {
    for (std::uint64_t seed = 1; seed <= kit::scaled(10); ++seed) {
      sw::Job job{"facts and table"};
      const auto side = [&](const char* name, std::optional<double> rate) {
        return job.source(name, sw::generate<Timed>(disordered, {.count = events, .rate = rate}))
            .event_time(&Timed::time, sw::bounded_out_of_order(10s), {.name = std::string(name) + " time"})
            .key_by(&Timed::key, {.parallelism = 2});
      };
      const sw::SideOutput<Late> late("late");
      sw::Collected<sw::WindowResult<std::int64_t, std::int64_t>> results;
      sw::Collected<Late> late_facts;
      const auto joined = sw::join(side("facts", rate_of_facts), side("table", rate_of_table))
                              .late(late)
                              .on_time_only()
                              .latest("named", sw::TableWait::the_whole, sw::JoinType::left);
      joined.side(late).sink("late facts", sw::collect(late_facts));
      joined.key_by(&Joined::key)
          .window(sw::tumbling(20s))
          .aggregate("windows", sw::count())
          .sink("rows", sw::collect(results));
      sw::testing::run(job, {.seed = seed});
      Counted counted{{}, static_cast<std::int64_t>(late_facts.take().size())};
      for (const auto& row : results.take()) counted.windows[{row.key, row.start}] += row.value;
      EXPECT_EQ(counted, expected) << "seed " << seed;
    }
  }
}

TEST(WaitingFacts, OfTheirTimeMeetTheLastValueThatHasArrivedWhenTheTableHasPassedThem) {
  const std::uint64_t seed = kit::seed();
  SCOPED_TRACE("STREAMWORK_TEST_SEED=" + std::to_string(seed));
  std::mt19937_64 random(seed);
  const auto between = [&](std::int64_t least, std::int64_t greatest) {
    return std::uniform_int_distribution<std::int64_t>(least, greatest)(random);
  };
  using Joined = sw::JoinResult<std::int64_t, Timed, Timed>;
  for (std::uint64_t round = 0; round < kit::scaled(200) && !HasFailure(); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    const auto events = [&](std::int64_t first_id) {
      JoinSide side{{}, std::chrono::milliseconds(between(0, 20))};
      const std::int64_t count = between(0, 60);
      for (std::int64_t i = 0; i < count; ++i)
        side.events.push_back(
            {between(0, 2), sw::EventTime(std::chrono::milliseconds(3 * i - between(0, 30))), first_id + i});
      return side;
    };
    const JoinSide facts = events(0);
    const JoinSide table = events(1000);
    sw::Job job{"facts and table"};
    const int parallelism = static_cast<int>(between(1, 4));
    const auto stream = [&](const std::string& name, const JoinSide& side) {
      return job.source(name, sw::from_vector(side.events))
          .event_time(&Timed::time, sw::bounded_out_of_order(side.out_of_order),
                      {.granularity = 1ms, .name = name + " time"})
          .key_by(&Timed::key, {.parallelism = parallelism});
    };
    sw::Collected<Joined> results;
    sw::join(stream("facts", facts), stream("table", table))
        .latest("named", sw::TableWait::its_time, sw::JoinType::left)
        .sink("rows", sw::collect(results));
    sw::testing::run(job, {.seed = seed + round});
    const std::vector<Joined> rows = results.take();
    EXPECT_EQ(rows.size(), facts.events.size());
    const std::vector<sw::EventTime> reached = watermarks_at(table, 1ms);
    for (const Joined& row : rows) {
      // The last value when the table had just passed the fact, or a later one if the fact came later.
      std::set<std::int64_t> may_meet;
      std::int64_t last = -1;
      for (std::size_t i = 0; i <= table.events.size(); ++i) {
        const bool ended = i == table.events.size();
        if (ended || reached[i] >= row.left->time) may_meet.insert(last);
        if (!ended && table.events[i].key == row.key) last = table.events[i].id;
      }
      EXPECT_TRUE(may_meet.contains(row.right ? row.right->id : -1)) << "fact " << row.left->id;
    }
  }
}

TEST(RowsWithoutAMatch, AreOnTimeInTheWindowsBehindTheJoin) {
  constexpr std::int64_t events = 200;
  using Joined = sw::JoinResult<std::int64_t, Timed, Timed>;
  for (const sw::JoinType type : {sw::JoinType::left, sw::JoinType::right, sw::JoinType::full}) {
    for (std::uint64_t seed = 1; seed <= kit::scaled(20); ++seed) {
      sw::Job job{"nothing matches"};
      const auto side = [&](const char* name, std::int64_t first_key) {
        return job.source(name, sw::generate<Timed>(second, {.count = events}))
            .event_time(&Timed::time, sw::ascending(), {.granularity = 1ms, .name = std::string(name) + " time"})
            .key_by([first_key](const Timed& event) { return first_key + event.key; }, {.parallelism = 2});
      };
      sw::Collected<sw::WindowResult<std::int64_t, std::int64_t>> results;
      sw::join(side("left", 0), side("right", 100))
          .interval("join", -3s, 7s, type)
          .key_by(&Joined::key)
          .window(sw::tumbling(2s))
          .aggregate("windows", sw::count())
          .sink("rows", sw::collect(results));
      sw::testing::run(job, {.seed = seed});
      std::int64_t counted = 0;
      for (const auto& row : results.take()) counted += row.value;
      ASSERT_EQ(counted, type == sw::JoinType::full ? 2 * events : events) << "seed " << seed;
    }
  }
}

}  // namespace
}  // namespace streamwork::testkit
