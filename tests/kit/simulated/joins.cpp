#include <streamwork/streamwork.hpp>

#include "kit/simulated/readings.hpp"
#include "kit/simulated/scenario.hpp"

namespace streamwork::testkit {

namespace {

using namespace std::chrono_literals;

/// Every so many events, as few as they are, has their time too, so that both sides of a join cover the same stretch.
Stream<Reading> side(Job& job, Variation& variation, const std::string& name, std::uint64_t events,
                     std::uint64_t every) {
  return job
      .source(name, generate<Reading>([every](std::uint64_t i) { return reading(i * every, Disorder::bounded); },
                                      {.count = events}))
      .filter(name + " risk", variation.risk<Reading>(), variation.steps())
      .event_time(&Reading::time, bounded_out_of_order(1s), {.granularity = 1ms, .name = name + " time"});
}

Job timed_joins(Variation& variation, Ledgers& ledgers) {
  Job job("timed joins");
  const GroupingOptions grouping{.parallelism = variation.parallelism()};
  const auto left = side(job, variation, "left", 100, 1).key_by(&Reading::key, grouping);
  const auto right = side(job, variation, "right", 60, 2).key_by(&Reading::key, grouping);
  const auto pairs = join(left, right);
  pairs.interval("interval", -200ms, 500ms, JoinType::full)
      .map("interval line", JoinLine())
      .sink("interval out", ledgers.sink("interval"));
  pairs.windowed("windowed", tumbling(1s), JoinType::left)
      .map("windowed line", JoinLine())
      .sink("windowed out", ledgers.sink("windowed"));
  pairs.windowed("sessions", session(300ms), JoinType::full)
      .map("sessions line", JoinLine())
      .sink("sessions out", ledgers.sink("sessions"));
  pairs.within("within", 300ms).map("within line", JoinLine()).sink("within out", ledgers.sink("within"));
  return job;
}

/// Facts that wait for a table; the table ends long before the facts do.
Job table_joins(Variation& variation, Ledgers& ledgers) {
  Job job("table joins");
  const GroupingOptions grouping{.parallelism = variation.parallelism()};
  const auto facts = side(job, variation, "facts", 120, 1).key_by(&Reading::key, grouping);
  const auto table = side(job, variation, "table", 20, 4).key_by(&Reading::key, grouping);
  const auto pairs = join(facts, table);
  pairs.as_of("as of", JoinType::left).map("as of line", JoinLine()).sink("as of out", ledgers.sink("as of"));
  pairs.latest("whole", TableWait::the_whole, JoinType::left)
      .map("whole line", JoinLine())
      .sink("whole out", ledgers.sink("whole"));
  return job;
}

}  // namespace

std::vector<Scenario> join_scenarios() { return {{"timed_joins", timed_joins}, {"table_joins", table_joins}}; }

}  // namespace streamwork::testkit
