// `async_map` against the same function in a `flat_map`: whatever the service does, the same results come out, with the
// same event times, behind the same watermarks; ordered, also in the same order.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <compare>
#include <cstdint>
#include <map>
#include <random>
#include <streamwork/streamwork.hpp>
#include <streamwork/testing.hpp>
#include <vector>

#include "kit/jobs.hpp"
#include "kit/scale.hpp"
#include "kit/unsteady_service.hpp"

namespace sw = streamwork;
namespace kit = streamwork::kit;
using namespace std::chrono_literals;

namespace {

/// A result, and where in event time it came.
struct Seen {
  kit::Answered answer;
  sw::EventTime time;
  sw::EventTime watermark;
  friend auto operator<=>(const Seen&, const Seen&) = default;
};

class Recorder {
 public:
  void open(sw::OperatorContext& context) { time_ = context.time(); }
  void apply(const kit::Answered& answer, sw::Output<Seen>& out) {
    out.emit({answer, time_.event_time(), time_.watermark()});
  }

 private:
  sw::OperatorTime time_;
};

struct Trial {
  std::uint64_t seed;
  int parallelism;
  sw::AsyncOptions options;
  std::vector<kit::Question> questions;
  kit::UnsteadyService service;
};

Trial draw(std::uint64_t seed, sw::AsyncOrder order, kit::UnsteadyService::Behaviour behaviour, std::size_t events) {
  std::mt19937_64 random(seed);
  behaviour.seed = seed;
  Trial trial{seed, 1 + static_cast<int>(seed % 4), {}, {}, kit::UnsteadyService(behaviour)};
  trial.options = {.in_flight = 1 + static_cast<std::uint32_t>(random() % 20),
                   .order = order,
                   .attempts = 1000,
                   .backoff = {.first = 50us, .factor = 1.5, .longest = 1ms}};
  std::int64_t time = 0;
  for (std::size_t i = 0; i < events; ++i) {
    time += static_cast<std::int64_t>(random() % 3);
    const std::int64_t late = random() % 5 == 0 ? static_cast<std::int64_t>(random() % 12) : 0;
    trial.questions.push_back({static_cast<std::int64_t>(random() % 7), static_cast<std::int64_t>(i),
                               sw::EventTime(std::chrono::milliseconds(time - late))});
  }
  return trial;
}

struct Outcome {
  std::vector<Seen> results;
  std::vector<std::string> refused;
};

/// Runs the questions through the `answer` stage, which has dead letters in `refused`.
template <class AnswerStage, class Run>
Outcome run(const Trial& trial, AnswerStage answer, Run run_job) {
  sw::Job job{"questions"};
  sw::Collected<Seen> seen;
  sw::Collected<sw::DeadLetter> letters;
  const sw::SideOutput<sw::DeadLetter> refused{"refused"};
  auto asked = job.source("questions", sw::from_vector(trial.questions))
                   .event_time(&kit::Question::time, sw::bounded_out_of_order(5ms), {.granularity = 1ms})
                   .key_by(&kit::Question::key, {.parallelism = trial.parallelism});
  const sw::Stream<kit::Answered> answers = answer(asked, refused);
  answers.apply("recorder", Recorder{}).sink("seen", sw::collect(seen));
  answers.side(refused).sink("letters", sw::collect(letters));
  run_job(job);
  Outcome outcome{seen.snapshot(), {}};
  for (const sw::DeadLetter& letter : letters.snapshot()) outcome.refused.push_back(letter.reason);
  return outcome;
}

template <class Run>
Outcome run_plain(const Trial& trial, Run run_job) {
  return run(
      trial,
      [&](const auto& asked, const auto& refused) -> sw::Stream<kit::Answered> {
        auto answered =
            asked.flat_map("plain", [service = trial.service](const kit::Question& q) { return service.outcome(q); },
                           {.bad_events = sw::dead_letter(refused)});
        return answered;
      },
      run_job);
}

template <class Run>
Outcome run_async(const Trial& trial, Run run_job) {
  return run(
      trial,
      [&](const auto& asked, const auto& refused) {
        sw::AsyncOptions options = trial.options;
        options.bad_events = sw::dead_letter(refused);
        return asked.async_map("ask", trial.service, options);
      },
      run_job);
}

/// Results per key in the order in which they came.
std::map<std::int64_t, std::vector<Seen>> by_key(const std::vector<Seen>& results) {
  std::map<std::int64_t, std::vector<Seen>> keys;
  for (const Seen& seen : results) keys[seen.answer.key].push_back(seen);
  return keys;
}

template <class Run>
void expect_as_plain(const Trial& trial, Run run_job) {
  SCOPED_TRACE("repeat with STREAMWORK_TEST_SEED=" + std::to_string(trial.seed));
  Outcome plain = run_plain(trial, run_job);
  Outcome async = run_async(trial, run_job);
  EXPECT_EQ(plain.refused.size(), async.refused.size());
  EXPECT_TRUE(std::ranges::all_of(async.refused, [](const auto& reason) { return reason == "no such machine"; }));
  if (trial.options.order == sw::AsyncOrder::ordered) {
    ASSERT_TRUE(by_key(plain.results) == by_key(async.results)) << "results of a key in another order, or others";
  }
  std::ranges::sort(plain.results);
  std::ranges::sort(async.results);
  ASSERT_EQ(plain.results.size(), async.results.size());
  ASSERT_TRUE(plain.results == async.results) << "other results, or behind other watermarks";
}

void run_seeded(const sw::Job& job, std::uint64_t seed) {
  const sw::JobResult result = sw::testing::run(job, {.seed = seed});
  ASSERT_EQ(result.end, sw::JobEnd::finished) << result.failure;
}

void try_seeded(sw::AsyncOrder order) {
  const std::uint64_t first = kit::seed();
  for (std::uint64_t i = 0; i < kit::scaled(60); ++i) {
    const Trial trial = draw(first + i, order, {.silent_at_times = true}, 300);
    expect_as_plain(trial, [&](const sw::Job& job) { run_seeded(job, trial.seed); });
    if (testing::Test::HasFatalFailure()) return;
  }
}

void try_workers(sw::AsyncOrder order) {
  const std::uint64_t first = kit::seed();
  for (std::uint64_t i = 0; i < kit::scaled(12); ++i) {
    const Trial trial = draw(first + i, order, {.longest_delay = 200us}, 400);
    expect_as_plain(trial, [](const sw::Job& job) { kit::finished(job); });
    if (testing::Test::HasFatalFailure()) return;
  }
}

}  // namespace

TEST(AsyncMap, OrderedGivesWhatAPlainMapGives) { try_seeded(sw::AsyncOrder::ordered); }
TEST(AsyncMap, UnorderedGivesItBetweenTheSameWatermarks) { try_seeded(sw::AsyncOrder::unordered); }
TEST(AsyncMap, OrderedGivesWhatAPlainMapGivesOnWorkers) { try_workers(sw::AsyncOrder::ordered); }
TEST(AsyncMap, UnorderedGivesItBetweenTheSameWatermarksOnWorkers) { try_workers(sw::AsyncOrder::unordered); }

TEST(AsyncMap, IsTheSameAgainWithTheSameSeed) {
  const Trial trial = draw(kit::seed(), sw::AsyncOrder::unordered, {.silent_at_times = true}, 300);
  const auto seeded = [&] {
    const Trial again = draw(trial.seed, sw::AsyncOrder::unordered, {.silent_at_times = true}, 300);
    return run_async(again, [&](const sw::Job& job) { run_seeded(job, trial.seed); });
  };
  EXPECT_TRUE(seeded().results == seeded().results) << "seed " << trial.seed;
}
