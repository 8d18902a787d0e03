// Sources that acknowledge to a sender, who sends again what was not acknowledged: nothing is lost, whatever crashes; where the
// source knows its messages again, nothing counts twice either.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <streamwork/streamwork.hpp>
#include <streamwork/testing.hpp>

#include "kit/broker.hpp"
#include "kit/crashing_runs.hpp"
#include "kit/ledger.hpp"
#include "kit/scale.hpp"

namespace streamwork {
namespace {

using testkit::Broker;

constexpr std::uint64_t messages = 300;

/// The messages that reached the world outside, and how often.
using Effects = std::map<std::uint64_t, int>;

template <class Source>
Job ledger_job(const Source& source, int parallelism, const testkit::Ledger<std::uint64_t>& ledger) {
  Job job("messages");
  job.source("broker", source, {.parallelism = parallelism})
      .key_by([](std::uint64_t message) { return message % 5; }, {.parallelism = 2})
      .sink("ledger", ledger.sink());
  return job;
}

template <class Source>
Job effects_job(const Source& source, Effects& effects) {
  Job job("messages");
  job.source("broker", source, {.parallelism = 2})
      .shuffle({.parallelism = 2})
      .sink("effects", for_each([&effects](std::uint64_t message) { ++effects[message]; }));
  return job;
}

Effects counted(const testkit::Ledger<std::uint64_t>& ledger) {
  Effects effects;
  for (const std::uint64_t message : ledger.published()) ++effects[message];
  return effects;
}

template <class Test>
void for_each_schedule(std::uint64_t schedules, Test test) {
  const std::uint64_t seed = kit::seed();
  std::mt19937_64 random(seed);
  for (std::uint64_t schedule = 0; schedule < kit::scaled(schedules); ++schedule) {
    const std::uint64_t schedule_seed = random();
    SCOPED_TRACE("STREAMWORK_TEST_SEED=" + std::to_string(seed) + ", schedule " + std::to_string(schedule) +
                 ", its seed " + std::to_string(schedule_seed));
    test(schedule_seed);
    if (::testing::Test::HasFatalFailure()) return;
  }
}

TEST(AcknowledgingSource, ThatKnowsItsMessagesAgainIsExactlyOnce_F14) {
  std::uint64_t sent_again = 0;
  for_each_schedule(300, [&](std::uint64_t seed) {
    const Broker broker(messages);
    const testkit::Ledger<std::uint64_t> ledger;
    testkit::run_until_it_ends(
        [&](std::mt19937_64& choose) {
          return ledger_job(broker.source(), 1 + static_cast<int>(choose() % 3), ledger);
        },
        {.seed = seed});
    const Effects effects = counted(ledger);
    ASSERT_EQ(effects.size(), messages);
    for (const auto& [message, times] : effects) ASSERT_EQ(times, 1) << "message " << message;
    sent_again += broker.sent_again();
  });
  EXPECT_GT(sent_again, 0U);
}

TEST(AcknowledgingSource, ThatDoesNotIsAtLeastOnce) {
  std::uint64_t repeated = 0;
  for_each_schedule(300, [&](std::uint64_t seed) {
    const Broker broker(messages);
    const testkit::Ledger<std::uint64_t> ledger;
    testkit::run_until_it_ends([&](std::mt19937_64&) { return ledger_job(broker.forgetful_source(), 2, ledger); },
                               {.seed = seed, .delivery = Delivery::at_least_once});
    const Effects effects = counted(ledger);
    ASSERT_EQ(effects.size(), messages);
    for (const auto& [message, times] : effects) repeated += static_cast<std::uint64_t>(times - 1);
  });
  EXPECT_GT(repeated, 0U);
}

TEST(AcknowledgingSource, AtMostOnceAcknowledgesBeforeItGivesOut) {
  std::uint64_t lost = 0;
  for_each_schedule(200, [&](std::uint64_t seed) {
    const Broker broker(messages);
    Effects effects;
    testkit::run_until_it_ends([&](std::mt19937_64&) { return effects_job(broker.forgetful_source(), effects); },
                               {.seed = seed, .delivery = Delivery::at_most_once});
    for (const auto& [message, times] : effects) ASSERT_EQ(times, 1) << "message " << message;
    lost += messages - effects.size();
  });
  EXPECT_GT(lost, 0U);
}

TEST(AcknowledgingSource, HasAcknowledgedEverythingWhenTheJobHasEnded) {
  for (const bool checkpoints : {true, false}) {
    for_each_schedule(20, [&](std::uint64_t seed) {
      const Broker broker(messages);
      Effects effects;
      testkit::run_until_it_ends([&](std::mt19937_64&) { return effects_job(broker.source(), effects); },
                                 {.seed = seed, .crashes = 0, .checkpoints = checkpoints});
      ASSERT_EQ(effects.size(), messages);
      ASSERT_EQ(broker.left(), 0U);
    });
  }
}

TEST(AcknowledgingSource, WithoutCheckpointsAcknowledgesWhatItHasHandedOn) {
  const Broker broker(messages);
  Effects effects;
  testing::RunOptions options;
  options.crashed = [&] { return effects.size() > messages / 2; };
  ASSERT_EQ(testing::run(effects_job(broker.source(), effects), options).end, JobEnd::cancelled);
  EXPECT_LT(broker.left(), messages / 2);
}

/// What the notices of a start say about its delivery.
template <class Source>
std::string note_of(const Source& source, CheckpointOptions checkpoints) {
  Effects effects;
  checkpoints.file_system = std::make_shared<testing::MemoryFileSystem>();
  JobHandle handle = start(effects_job(source, effects), {.workers = 1, .checkpoints = checkpoints});
  handle.wait();
  std::string notes;
  for (const std::string& notice : handle.notices()) {
    if (notice.starts_with("delivery: source 'broker'")) notes += notice;
  }
  return notes;
}

TEST(AcknowledgingSource, IsReportedAsWhatItReallyDelivers) {
  const Broker broker(1);
  EXPECT_EQ(note_of(broker.source(), {.directory = "checkpoints"}), "");
  EXPECT_EQ(
      note_of(broker.forgetful_source(), {.directory = "checkpoints"}),
      "delivery: source 'broker' does not know events again whose acknowledgement was lost: at least once from there");
  EXPECT_EQ(note_of(broker.forgetful_source(), {.directory = "checkpoints", .delivery = Delivery::at_least_once}), "");
  EXPECT_EQ(
      note_of(broker.source(), {}),
      "delivery: source 'broker' acknowledges what it has handed on, since there are no checkpoints: at most once from "
      "there");
}

}  // namespace
}  // namespace streamwork
