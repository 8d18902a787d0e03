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

TEST(TestKit, SavesAndRestoresWhatAnOperatorKeepsBetweenCalls) {
  struct Keeps {  // of its key, of its instance, and a timer
    void open(sw::OperatorContext& context) {
      numbers = context.list_state<std::int64_t>("numbers");
      lately = context.map_state<std::int64_t, std::int64_t>(
          "lately", {.time_to_live = 1h, .by = sw::StateLifetime::By::event_time});
      seen = context.operator_state<std::int64_t>("seen");
      rules = context.broadcast_state<std::int64_t, std::int64_t>("rules");
      timers = context.event_timers();
    }
    void apply(const Numbered& event, sw::Output<Numbered>& out) {
      numbers.add(event.number);
      ++lately[event.number];
      rules.put(event.number, ++*seen);
      timers.set(sw::EventTime(std::chrono::seconds(event.number)));
      out.emit({*seen, static_cast<std::int64_t>(numbers.size() * 100 + lately.size() * 10 + rules.size())});
    }
    void on_timer(sw::EventTime time, sw::Output<Numbered>& out) {
      out.emit({time.time_since_epoch() / 1s, static_cast<std::int64_t>(numbers.size())});
    }
    sw::ListState<std::int64_t> numbers;
    sw::MapState<std::int64_t, std::int64_t, sw::Expiring> lately;
    sw::OperatorState<std::int64_t> seen;
    sw::BroadcastState<std::int64_t, std::int64_t> rules;
    sw::EventTimers timers;
  };
  EXPECT_EQ(sw::testing::results_of(Keeps{}, &Numbered::key, std::vector<Numbered>{{1, 7}, {2, 5}, {1, 7}, {1, 6}}),
            (std::vector<Numbered>{{1, 111}, {2, 112}, {3, 212}, {4, 323}, {5, 1}, {6, 3}, {7, 3}}));
}

TEST(TestKit, FindsAnOperatorWithoutAKeyThatForgets) {
  struct Forgetful {
    std::int64_t count = 0;
    void apply(const Numbered& event, sw::Output<Numbered>& out) { out.emit({event.key, ++count}); }
  };
  EXPECT_THROW(sw::testing::results_of(Forgetful{}, std::vector<Numbered>{{1, 0}, {2, 0}}), std::logic_error);
}
