// The public test kit, used as its users would.
#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <streamwork/connectors/collection.hpp>
#include <streamwork/connectors/generator.hpp>
#include <streamwork/job.hpp>
#include <streamwork/testing.hpp>
#include <string>
#include <vector>

#include "kit/jobs.hpp"

namespace sw = streamwork;
using namespace std::chrono_literals;
using streamwork::kit::numbers;

namespace {

struct Numbered {
  std::int64_t key = 0;
  std::int64_t number = 0;
  friend bool operator==(const Numbered&, const Numbered&) = default;
};

}  // namespace

TEST(TestKit, RepeatsAScheduleForASeed) {
  const auto outcome = [](std::uint64_t seed) {
    sw::Job job{"schedule"};
    sw::Collected<std::int64_t> collected;
    job.source("numbers", numbers(2000), {.parallelism = 3})
        .shuffle({.parallelism = 2})
        .global()
        .sink("collect", sw::collect(collected));
    sw::testing::run(job, {.seed = seed});
    return collected.take();
  };
  EXPECT_EQ(outcome(7), outcome(7));
  EXPECT_NE(outcome(7), outcome(8)) << "another seed, another order of instances";
}

TEST(TestKit, LetsADayPassInAnInstant) {
  sw::Job job{"a day"};
  std::uint64_t seen = 0;
  job.source("every minute", sw::generate<std::int64_t>([](std::uint64_t i) { return static_cast<std::int64_t>(i); },
                                                        {.count = 24 * 60, .rate = 1.0 / 60}))
      .sink("count", sw::for_each([&](std::int64_t) { ++seen; }));
  sw::testing::ManualClock clock;
  const sw::JobResult result = sw::testing::run(job, {.clock = &clock});
  EXPECT_EQ(seen, 24U * 60);
  EXPECT_GE(result.metrics.running_for, 23h + 58min);
}

TEST(TestKit, RunsAnOperatorFourWaysAndTellsTheOneThatDiffers) {
  struct Good {
    void open(sw::OperatorContext& context) { count_ = context.value_state<std::int64_t>("count"); }
    void apply(const Numbered& event, sw::Output<Numbered>& out) { out.emit({event.key, ++*count_}); }
    sw::ValueState<std::int64_t> count_;
  };
  struct Forgetful {  // keeps its count outside of its state
    std::int64_t count = 0;
    void apply(const Numbered& event, sw::Output<Numbered>& out) { out.emit({event.key, ++count}); }
  };
  const std::vector<Numbered> events{{1, 0}, {2, 0}, {1, 0}, {1, 0}};
  EXPECT_EQ(sw::testing::results_of(Good{}, &Numbered::key, events),
            (std::vector<Numbered>{{1, 1}, {2, 1}, {1, 2}, {1, 3}}));
  try {
    sw::testing::results_of(Forgetful{}, &Numbered::key, events);
    FAIL() << "nothing was noticed";
  } catch (const std::logic_error& error) {
    EXPECT_NE(std::string(error.what()).find("fresh instance"), std::string::npos) << error.what();
  }
}
