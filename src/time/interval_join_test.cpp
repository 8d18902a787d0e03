// What an interval join keeps of its keys, by hand: what comes out of it is compared with a reference in joins_test.cpp.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <streamwork/operators/interval_join.hpp>
#include <streamwork/testing/operator_bench.hpp>
#include <streamwork/typed/keyed_rows.hpp>
#include <streamwork/typed/operator_segment.hpp>
#include <vector>

namespace sw = streamwork;
using namespace std::chrono_literals;

namespace streamwork::typed {
namespace {

struct Reading {
  std::int64_t key;
  std::int64_t milliseconds;
};

using Key = std::int64_t Reading::*;
using Join = operators::IntervalJoin<Reading, Reading, std::int64_t>;
using Rows = KeyedRows<std::int64_t, Key, Key>;
using Result = JoinResult<std::int64_t, Reading, Reading>;

/// One instance of a join of readings at most 100 ms apart.
class OneJoin {
 public:
  explicit OneJoin(JoinType type)
      : segment_(
            Join(-100ms, 100ms, type, std::nullopt), [] { return Rows(&Reading::key, &Reading::key); },
            BadEventPolicy{}, OperatorPlace{.left_inputs = 1, .right_inputs = 1, .timed = true},
            VertexInstance{"join", 0, 1, std::make_shared<VertexCounters>()}),
        consumer_(results_, false) {
    segment_.main().add_consumer(consumer_, 0);
    segment_.open(task_);
  }
  void left(const Reading& reading) { feed(0, reading); }
  void right(const Reading& reading) { feed(1, reading); }
  void reach(std::int64_t milliseconds) {
    for (const std::size_t input : {0U, 1U}) {
      Batch<Reading> batch(1, columns);
      batch.add_marker(MarkerKind::watermark, at(milliseconds));
      take(input, batch);
    }
  }
  std::uint64_t keys() { return segment_.rows().size(); }
  const std::vector<Result>& results() const { return results_; }

 private:
  static constexpr BatchColumns columns{.hashes = true, .times = true};
  static EventTime at(std::int64_t milliseconds) { return EventTime(std::chrono::milliseconds(milliseconds)); }
  void feed(std::size_t input, const Reading& reading) {
    Batch<Reading> batch(1, columns);
    batch.hashes()[0] = stable_hash(reading.key);
    batch.append(reading, at(reading.milliseconds));
    take(input, batch);
  }
  void take(std::size_t input, Batch<Reading>& batch) {
    segment_.accept(batch, input, true);
    while (!segment_.advance()) {
    }
  }

  sw::testing::BenchTask task_;
  OperatorSegment<TwoInputs<Reading, Reading>, Join, Rows> segment_;
  std::vector<Result> results_;
  sw::testing::BenchConsumer<Result> consumer_;
};

class IntervalJoinsOfEachType : public ::testing::TestWithParam<JoinType> {};

TEST_P(IntervalJoinsOfEachType, ForgetAKeyThatHasNoMoreEventsWithinSomeLengthsOfTheInterval) {
  OneJoin join(GetParam());
  for (std::int64_t i = 0; i < 20'000; ++i) {
    join.left({.key = i, .milliseconds = i});
    if (i >= 190) join.left({.key = i - 190, .milliseconds = i});  // not over yet when the first one is
    if (i % 2 == 0) join.right({.key = i, .milliseconds = i + 5});
    join.reach(i);
    ASSERT_LE(join.keys(), 1000U) << "after " << i << " keys of a fifth of a second at most";
  }
}

TEST_P(IntervalJoinsOfEachType, FindEveryMatchOfAKeyThatNeverRests) {
  OneJoin join(GetParam());
  std::uint64_t pairs = 0;
  for (std::int64_t i = 0; i < 5'000; ++i) {
    join.left({.key = 1, .milliseconds = i * 10});
    join.right({.key = 1, .milliseconds = i * 10});
    join.reach(i * 10);
    // With the right ones of the last 100 ms, the left ones of the last 100 ms, and each other.
    pairs += static_cast<std::uint64_t>(2 * std::min<std::int64_t>(i, 10) + 1);
  }
  EXPECT_EQ(join.results().size(), pairs);
}

INSTANTIATE_TEST_SUITE_P(Types, IntervalJoinsOfEachType,
                         ::testing::Values(JoinType::inner, JoinType::left, JoinType::right, JoinType::full));

TEST(IntervalJoins, GiveARowWithoutAMatchAsSoonAsNoneCanCome) {
  OneJoin join(JoinType::left);
  join.left({.key = 1, .milliseconds = 1000});
  join.left({.key = 2, .milliseconds = 1000});
  join.right({.key = 2, .milliseconds = 1000});
  ASSERT_EQ(join.results().size(), 1U);
  join.reach(1100);
  EXPECT_EQ(join.results().size(), 1U) << "a right event of 1,100 ms may still come";
  join.reach(1102);
  ASSERT_EQ(join.results().size(), 2U);
  EXPECT_EQ(join.results().back().key, 1);
  EXPECT_FALSE(join.results().back().right);
}

}  // namespace
}  // namespace streamwork::typed
