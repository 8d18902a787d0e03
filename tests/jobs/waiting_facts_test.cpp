// Rows of joins that have waited come out with their own times: whatever is behind the join must take none for late.
#include <gtest/gtest.h>

#include <chrono>
#include <streamwork/connectors/collection.hpp>
#include <streamwork/connectors/generator.hpp>
#include <streamwork/join.hpp>
#include <streamwork/testing.hpp>
#include <streamwork/windowed_stream.hpp>

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
