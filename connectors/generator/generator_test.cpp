#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <numeric>
#include <streamwork/connectors/collection.hpp>
#include <streamwork/connectors/generator.hpp>
#include <streamwork/job.hpp>
#include <streamwork/run.hpp>
#include <vector>

#include "kit/source_driver.hpp"
#include "kit/thrown.hpp"

namespace streamwork {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

std::uint64_t itself(std::uint64_t sequence) { return sequence; }

std::vector<std::uint64_t> numbers_below(std::uint64_t count) {
  std::vector<std::uint64_t> numbers(count);
  std::iota(numbers.begin(), numbers.end(), std::uint64_t{0});
  return numbers;
}

std::vector<std::uint64_t> sorted(std::vector<std::uint64_t> numbers) {
  std::ranges::sort(numbers);
  return numbers;
}

TEST(Generator, makes_the_events_of_all_sequence_numbers_in_order) {
  EXPECT_EQ(testkit::read_all(generate<std::uint64_t>(itself, {.count = 5000})), numbers_below(5000));
}

TEST(Generator, makes_nothing_when_the_count_is_zero) {
  EXPECT_TRUE(testkit::read_all(generate<std::uint64_t>(itself, {.count = 0}), {.parallelism = 3}).empty());
}

TEST(Generator, goes_on_where_the_output_had_no_more_room) {
  EXPECT_EQ(testkit::read_all(generate<std::uint64_t>(itself, {.count = 100}), {.limit = 7, .room = 3}),
            numbers_below(100));
}

TEST(Generator, gives_each_instance_a_residue_class) {
  const auto events = testkit::read_all(generate<std::uint64_t>(itself, {.count = 8}), {.parallelism = 3});
  EXPECT_THAT(events, ElementsAre(0, 3, 6, 1, 4, 7, 2, 5));
}

TEST(Generator, makes_each_event_once_at_any_parallelism) {
  for (std::int64_t parallelism = 1; parallelism <= 9; ++parallelism) {
    for (const std::uint64_t count : {1U, 7U, 8U, 9U, 1000U}) {
      const auto events =
          testkit::read_all(generate<std::uint64_t>(itself, {.count = count}), {.parallelism = parallelism});
      EXPECT_EQ(sorted(events), numbers_below(count));
    }
  }
}

TEST(Generator, refuses_a_rate_that_is_not_above_zero_or_too_high) {
  for (const double rate : {1.1e12, 1e18, 1e308, std::numeric_limits<double>::infinity()}) {
    EXPECT_THAT(testkit::message_of([&] { generate<std::uint64_t>(itself, {.rate = rate}); }),
                ::testing::HasSubstr("at most 1e12"));
  }
  EXPECT_THROW(generate<std::uint64_t>(itself, {.rate = 0.0}), std::invalid_argument);
  EXPECT_THROW(generate<std::uint64_t>(itself, {.rate = -1.0}), std::invalid_argument);
  EXPECT_THROW(generate<SteadyTime>([](std::uint64_t, SteadyTime due) { return due; }), std::invalid_argument);
}

/// A reader of split 0 of a source, on a clock that stands still.
template <class Source>
struct Paced {
  explicit Paced(const Source& source, std::int64_t parallelism = 1)
      : vertex{"source", 0, parallelism, nullptr},
        context(vertex, task),
        splits(source.splits({"source", parallelism})),
        reader((task.time.set(SteadyTime{} + 1s), source.open(splits[0], context))) {}

  ReadStatus read(std::size_t limit = 1000) {
    events.clear();
    return reader.read([&](auto event) { return events.push_back(event), true; }, limit);
  }

  testkit::FakeTask task;
  typed::VertexInstance vertex;
  SourceContext context;
  std::vector<typename Source::Split> splits;
  typename Source::Reader reader;
  std::vector<typename Source::Event> events;
};

TEST(GeneratorWithRate, gives_out_an_event_when_it_is_due_and_asks_to_be_woken_for_the_next) {
  Paced source(generate<std::uint64_t>(itself, {.rate = 10.0}));
  EXPECT_EQ(source.read(), ReadStatus::waiting);
  EXPECT_THAT(source.events, ElementsAre(0));
  EXPECT_EQ(source.task.wake_time, SteadyTime{} + 1100ms);
  source.task.sleep();
  EXPECT_EQ(source.read(), ReadStatus::waiting);
  EXPECT_THAT(source.events, ElementsAre(1));
}

TEST(GeneratorWithRate, is_open_loop_and_gives_out_all_that_has_become_due) {
  Paced source(generate<std::uint64_t>(itself, {.count = 1000, .rate = 100.0}));
  source.read();
  source.task.time.advance(1s);
  EXPECT_EQ(source.read(60), ReadStatus::more);
  EXPECT_EQ(source.read(60), ReadStatus::waiting);
  EXPECT_EQ(source.events.back(), 100U);
  source.task.time.advance(100s);
  EXPECT_EQ(source.read(), ReadStatus::ended);
  EXPECT_EQ(source.events.back(), 999U);
}

TEST(GeneratorWithRate, means_the_total_of_all_instances) {
  Paced source(generate<std::uint64_t>(itself, {.rate = 10.0}), 4);
  source.read();
  source.task.time.advance(1s);
  source.read();
  EXPECT_THAT(source.events, ElementsAre(4, 8));  // 0 to 10 are due; this is the instance of 0, 4, 8
}

TEST(GeneratorWithRate, tells_the_function_when_its_event_is_due_however_late_it_is) {
  Paced source(generate<SteadyTime>([](std::uint64_t, SteadyTime due) { return due; }, {.rate = 1000.0}));
  source.read();
  source.task.time.advance(1h);
  source.read(2);
  EXPECT_THAT(source.events, ElementsAre(SteadyTime{} + 1001ms, SteadyTime{} + 1002ms));
}

TEST(GeneratorWithRate, never_sleeps_until_a_time_at_which_nothing_is_due_yet) {
  for (const double rate : {3.0, 7.0, 1234.567, 1e6 / 3, 1e7}) {
    Paced source(generate<std::uint64_t>(itself, {.rate = rate}));
    for (std::uint64_t next = 0; next < 10'000; ++next) {
      ASSERT_EQ(source.read(), ReadStatus::waiting);
      ASSERT_THAT(source.events, ElementsAre(next)) << "rate " << rate;
      source.task.sleep();
    }
  }
}

TEST(Pace, counts_what_is_due_at_every_rate_however_long_it_takes) {
  for (const double rate : {1e-308, 1e-3, 1.0, 1e6 / 3, 1e9, 1.5e11, Pace::greatest_rate}) {
    for (const auto elapsed :
         {0ns, 1ns, 999'999'999ns, 3'600'000'000'001ns, std::chrono::nanoseconds(24h * 365 * 200)}) {
      const Pace pace(rate);
      const SteadyTime begin = SteadyTime{} + 5s;
      pace.begin(begin);
      const std::uint64_t events = pace.events_due(begin + elapsed);
      if (events == std::uint64_t{1} << 63U) continue;  // and more
      EXPECT_GT(events, 0U);
      EXPECT_LE(pace.due(events - 1), begin + elapsed) << rate << " " << elapsed.count();
      EXPECT_GT(pace.due(events), begin + elapsed) << rate << " " << elapsed.count();
    }
  }
  const Pace pace(Pace::greatest_rate);
  pace.begin(SteadyTime{});
  EXPECT_EQ(pace.events_due(SteadyTime{} + 0ns), 1000U);
  EXPECT_EQ(pace.events_due(SteadyTime{} + 1s), 1'000'000'001'000U);
  EXPECT_EQ(pace.events_due(SteadyTime{} - 1s), 0U);
  EXPECT_EQ(pace.events_due(SteadyTime{} + 24h * 200), std::uint64_t{1} << 63U);
}

TEST(Generator, feeds_a_whole_job) {
  Collected<std::uint64_t> collected;
  Job job{"numbers"};
  job.source("numbers", generate<std::uint64_t>(itself, {.count = 100'000}), {.parallelism = 3})
      .sink("collect", collect(collected));
  EXPECT_EQ(start(job).wait().failure, "");
  EXPECT_EQ(sorted(collected.take()), numbers_below(100'000));
}

}  // namespace
}  // namespace streamwork
