// Joins of every kind on random out-of-order input with late events, against what the rules say (kit/join_reference.hpp): the
// same rows and the same late events, whatever the parallelism and the schedule, and so whichever input is ahead.
#include <gtest/gtest.h>

#include <chrono>
#include <random>
#include <sstream>
#include <streamwork/connectors/collection.hpp>
#include <streamwork/join.hpp>
#include <streamwork/run.hpp>
#include <streamwork/testing.hpp>
#include <streamwork/windowed_stream.hpp>
#include <variant>

#include "kit/join_reference.hpp"
#include "kit/scale.hpp"

namespace streamwork::testkit {
namespace {

using namespace std::chrono_literals;

using Late = std::variant<Timed, Timed>;

/// Random rules and events; times are whole milliseconds, so that they often meet bounds.
class Inputs {
 public:
  explicit Inputs(std::uint64_t seed) : random_(seed) {}

  std::int64_t between(std::int64_t least, std::int64_t greatest) {
    return std::uniform_int_distribution<std::int64_t>(least, greatest)(random_);
  }
  Duration milliseconds(std::int64_t least, std::int64_t greatest) {
    return std::chrono::milliseconds(between(least, greatest));
  }

  JoinRules rules(JoinKind kind) {
    const bool with_table = kind == JoinKind::as_of || kind == JoinKind::latest;
    JoinRules rules{.kind = kind, .length = milliseconds(1, 30)};
    rules.type = static_cast<JoinType>(between(0, with_table ? 1 : 3));
    if (kind == JoinKind::sliding) rules.step = milliseconds(1, rules.length / 1ms);
    if (kind == JoinKind::cumulative) {
      rules.step = rules.length;
      rules.length = rules.step * between(1, 6);
    }
    if (kind == JoinKind::session && between(0, 1) == 0) rules.gap_of_each = milliseconds(1, 8);
    if (kind == JoinKind::interval) {
      rules.upper = milliseconds(-20, 40);
      // Half of them as `within` has them.
      rules.lower = between(0, 1) == 0 && rules.upper >= 0ms ? -rules.upper : rules.upper - milliseconds(0, 40);
    }
    if (kind == JoinKind::as_of && between(0, 2) > 0) rules.retention = milliseconds(0, 60);
    rules.granularity = between(0, 1) == 0 ? Duration(1ms) : milliseconds(1, 25);
    return rules;
  }

  /// Times that go on by `pace` ms an event on average, from before 1970 on, each up to `disorder` ms back from there.
  JoinSide side(std::int64_t count, std::int64_t keys, std::int64_t first_id) {
    const std::int64_t pace = between(0, 8);
    const std::int64_t disorder = between(0, 3) == 0 ? 0 : between(0, 120);
    std::int64_t front = -between(0, count * pace + 1);
    JoinSide side{{}, between(0, 2) == 0 ? Duration() : milliseconds(0, 60)};
    for (std::int64_t id = 0; id < count; ++id) {
      front += between(0, 2 * pace);
      if (between(0, 30) == 0) front += between(0, 150);
      const std::int64_t back = between(0, 3) == 0 ? between(0, disorder) : between(0, disorder / 8);
      side.events.push_back({between(0, keys - 1), EventTime(std::chrono::milliseconds(front - back)), first_id + id});
    }
    return side;
  }

 private:
  std::mt19937_64 random_;
};

struct JoinRun {
  int parallelism = 1;
  std::optional<std::uint64_t> seed;  ///< of the schedule; nothing: real workers
};

/// Asked of either side.
struct Gap {
  JoinRules rules;
  Duration operator()(const Late& event) const {
    return std::visit([this](const Timed& timed) { return gap_of(rules, timed); }, event);
  }
};

/// Calls `use` with the joined stream.
template <class Joined, class Use>
void join_by(const JoinRules& rules, const Joined& joined, Use&& use) {
  switch (rules.kind) {
    case JoinKind::tumbling:
      return use(joined.windowed("join", tumbling(rules.length), rules.type));
    case JoinKind::sliding:
      return use(joined.windowed("join", sliding(rules.length, rules.step), rules.type));
    case JoinKind::cumulative:
      return use(joined.windowed("join", cumulative(rules.length, rules.step), rules.type));
    case JoinKind::session:
      if (rules.gap_of_each > 0ms) return use(joined.windowed("join", session(Gap{rules}), rules.type));
      return use(joined.windowed("join", session(rules.length), rules.type));
    case JoinKind::interval:
      if (rules.lower == -rules.upper) return use(joined.within("join", rules.upper, rules.type));
      return use(joined.interval("join", rules.lower, rules.upper, rules.type));
    case JoinKind::as_of:
      return use(joined.as_of("join", rules.type, rules.retention));
    case JoinKind::latest:
      return use(joined.on_time_only().latest("join", TableWait::the_whole, rules.type));
  }
}

JoinRow row_of(const auto& joined) {
  JoinRow row{.key = joined.key};
  if constexpr (requires { joined.start; }) {
    row.start = joined.start;
    row.end = joined.end;
  }
  if (joined.left) row.left = joined.left->id;
  if (joined.right) row.right = joined.right->id;
  return row;
}

JoinOutcome outcome_of_job(const JoinRules& rules, const JoinSide& left, const JoinSide& right, const JoinRun& run) {
  Job job("joins");
  const SideOutput<Late> late_events("late");
  Collected<JoinRow> rows;
  Collected<Late> late;
  const auto stream = [&](const std::string& name, const JoinSide& side) {
    return job.source(name, from_vector(side.events))
        .event_time(&Timed::time, bounded_out_of_order(side.out_of_order),
                    {.granularity = rules.granularity, .name = name + " time"})
        .key_by(&Timed::key, {.parallelism = run.parallelism});
  };
  join_by(rules, join(stream("left", left), stream("right", right)).late(late_events), [&](const auto& joined) {
    joined.map("row", [](const auto& row) { return row_of(row); }).sink("rows", collect(rows));
    joined.side(late_events).sink("late events", collect(late));
  });
  const JobResult ended = run.seed ? testing::run(job, {.seed = *run.seed}) : start(job, {.workers = 2}).wait();
  EXPECT_EQ(ended.end, JobEnd::finished) << ended.failure;
  JoinOutcome outcome{rows.take(), {}};
  for (const Late& event : late.take())
    outcome.late.push_back(std::visit([](const Timed& timed) { return timed.id; }, event));
  outcome.sort();
  return outcome;
}

void expect_outcome(const JoinRules& rules, const JoinSide& left, const JoinSide& right, const JoinRun& run) {
  const JoinOutcome expected = outcome_by_the_rules(rules, left, right);
  const JoinOutcome got = outcome_of_job(rules, left, right, run);
  if (got == expected) return;
  std::ostringstream listing;
  for (const JoinSide* side : {&left, &right}) {
    listing << (side == &left ? "left" : "right") << ", out of order by " << side->out_of_order.count() << '\n';
    for (const Timed& event : side->events) {
      if (side->events.size() > 60) break;
      listing << event.id << ": key " << event.key << " at " << event.time.time_since_epoch().count() << '\n';
    }
  }
  ADD_FAILURE() << rules << '\n' << difference(got, expected) << listing.str();
}

class JoinsByTheRules : public ::testing::TestWithParam<JoinKind> {};

TEST_P(JoinsByTheRules, HoldForManySmallInputs) {
  const std::uint64_t seed = kit::seed();
  SCOPED_TRACE("STREAMWORK_TEST_SEED=" + std::to_string(seed));
  Inputs random(seed);
  for (std::uint64_t round = 0; round < kit::scaled(400) && !HasFailure(); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    const JoinRules rules = random.rules(GetParam());
    const std::int64_t keys = random.between(1, 4);
    const JoinSide left = random.side(random.between(0, 40), keys, 0);
    const JoinSide right = random.side(random.between(0, 40), keys, 1000);
    expect_outcome(rules, left, right, {.parallelism = static_cast<int>(random.between(1, 4)), .seed = seed + round});
  }
}

TEST_P(JoinsByTheRules, HoldForInputsOfThousandsOfEvents) {
  const std::uint64_t seed = kit::seed();
  SCOPED_TRACE("STREAMWORK_TEST_SEED=" + std::to_string(seed));
  Inputs random(seed);
  for (int parallelism = 1; parallelism <= 4; ++parallelism) {
    const JoinRules rules = random.rules(GetParam());
    const JoinSide left = random.side(2000, 100, 0);
    const JoinSide right = random.side(3000, 100, 10'000);
    expect_outcome(rules, left, right, {.parallelism = parallelism, .seed = seed});
    expect_outcome(rules, left, right, {.parallelism = parallelism, .seed = std::nullopt});
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, JoinsByTheRules,
                         ::testing::Values(JoinKind::tumbling, JoinKind::sliding, JoinKind::cumulative,
                                           JoinKind::session, JoinKind::interval, JoinKind::as_of, JoinKind::latest),
                         [](const auto& test) { return std::string(name_of(test.param)); });

Timed at(std::int64_t milliseconds, std::int64_t key, std::int64_t id) {
  return {key, EventTime(std::chrono::milliseconds(milliseconds)), id};
}

TEST(SessionJoins, TakeAnEventAtExactlyTheGapWhenEventTimeHasComeThere) {
  // Both inputs have come to 3 ms when the second event of key 1 comes, on time.
  const JoinRules rules{.kind = JoinKind::session, .type = JoinType::full, .length = 3ms, .granularity = 1ms};
  const JoinSide left{{at(0, 1, 0), at(3, 2, 1)}};
  const JoinSide right{{at(3, 2, 10), at(3, 1, 11)}};
  const JoinOutcome expected{
      {{1, at(0, 1, 0).time, at(6, 1, 0).time, 0, 11}, {2, at(3, 1, 0).time, at(6, 1, 0).time, 1, 10}}, {}};
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const JoinOutcome got = outcome_of_job(rules, left, right, {.seed = seed});
    EXPECT_EQ(got, expected) << "seed " << seed << '\n' << difference(got, expected);
  }
}

TEST(SessionJoins, GiveRowsThatAreOnTimeInTheWindowsBehindThem) {
  using Joined = WindowJoinResult<std::int64_t, Timed, Timed>;
  std::vector<Timed> events;
  for (std::int64_t i = 0; i < 300; ++i) events.push_back(at(i * 2, i % 3, i));
  for (std::uint64_t seed = 1; seed <= kit::scaled(40); ++seed) {
    Job job("windows behind sessions");
    const auto stream = [&](const std::string& name) {
      return job.source(name, from_vector(events))
          .event_time(&Timed::time, ascending(), {.granularity = 1ms, .name = name + " time"})
          .key_by(&Timed::key, {.parallelism = 2});
    };
    Collected<WindowResult<std::int64_t, std::int64_t>> counts;
    join(stream("left"), stream("right"))
        .windowed("join", session(2ms))
        .key_by(&Joined::key)
        .window(tumbling(1ms))
        .aggregate("windows", count())
        .sink("counts", collect(counts));
    testing::run(job, {.seed = seed});
    std::int64_t counted = 0;
    for (const auto& row : counts.take()) counted += row.value;
    EXPECT_EQ(counted, 300) << "seed " << seed;
  }
}

}  // namespace
}  // namespace streamwork::testkit
