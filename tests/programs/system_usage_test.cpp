// The delivery lab: system_usage is killed at random moments and started again with the same command, and what the world has
// seen of it then shows what its delivery comes to (F1, F2 of the fault catalogue).
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <map>
#include <random>
#include <streamwork/json.hpp>
#include <thread>

#include "kit/killed_job.hpp"
#include "kit/process.hpp"
#include "kit/scale.hpp"
#include "kit/temporary_folder.hpp"

namespace streamwork::testkit {
namespace {

using namespace std::chrono_literals;

/// So many that the runs that are to be killed never come to the end; the last one is not held back.
constexpr std::uint64_t transactions = 40'000;
constexpr int transactions_per_second = 2000;

/// A line of the output.
struct Usage {
  std::uint64_t transaction;
  std::int64_t merchandise;
  bool fraud;
  std::int64_t transactions;
  std::int64_t frauds;
};

/// What the world has seen: how often each transaction came out, and the greatest count of each merchandise.
struct Seen {
  std::map<std::uint64_t, int> times;
  std::map<std::int64_t, std::int64_t> counts;
  int kills = 0;

  void add(const std::vector<std::string>& lines) {
    for (const std::string& line : lines) {
      if (!line.ends_with('}')) continue;  // the kill cut it off
      const auto usage = parse_json<Usage>()(line);
      if (!usage) continue;
      ++times[usage->transaction];
      counts[usage->merchandise] = std::max(counts[usage->merchandise], usage->transactions);
    }
  }
  std::uint64_t lost() const { return transactions - times.size(); }
  std::uint64_t repeated() const {
    return static_cast<std::uint64_t>(
        std::ranges::count_if(times, [](const auto& transaction) { return transaction.second > 1; }));
  }
  std::int64_t counted() const {
    std::int64_t sum = 0;
    for (const auto& [merchandise, count] : counts) sum += count;
    return sum;
  }
};

std::vector<std::string> command_of(const std::string& delivery, const std::string& checkpoints,
                                    const std::string& output) {
  return {program_path("system_usage"),
          "--events",
          std::to_string(transactions),
          "--delivery",
          delivery,
          "--checkpoint-dir",
          checkpoints,
          "--checkpoint-interval",
          "50ms",
          "--source-parallelism",
          "2",
          "--output",
          output};
}

/// Runs the job until it ends, and kills it `kills` times before. The lines it has printed until then have been seen.
Seen run_with_kills(const std::string& delivery, int kills, std::mt19937_64& random) {
  const TemporaryFolder folder;
  const std::vector<std::string> command = command_of(delivery, folder.path("checkpoints"), "-");
  Seen seen;
  while (true) {
    if (seen.kills == kills) {
      const ProcessResult result = Process(command).wait();
      EXPECT_EQ(result.exit_code, 0) << describe(result);
      seen.add(result.output_lines());
      return seen;
    }
    std::vector<std::string> slowly = command;
    slowly.insert(slowly.end(), {"--rate", std::to_string(transactions_per_second)});
    Process process(slowly);
    // At a random moment, but not before it has begun to work: also on a busy machine something is to be seen.
    try {
      process.wait_for_output_lines(1 + random() % 400);
    } catch (const std::runtime_error&) {
      // It has ended before.
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(random() % 50));
    process.send_signal(SIGKILL);
    const ProcessResult result = process.wait();
    seen.add(result.output_lines());
    if (result.signal == 0) {
      EXPECT_EQ(result.exit_code, 0) << describe(result);
      return seen;
    }
    ++seen.kills;
  }
}

class DeliveryLab : public ::testing::Test {
 protected:
  DeliveryLab() { RecordProperty("seed", std::to_string(seed_)); }
  std::uint64_t seed_ = kit::seed();
  std::mt19937_64 random_{seed_};
  ::testing::ScopedTrace trace_{__FILE__, __LINE__, "STREAMWORK_TEST_SEED=" + std::to_string(seed_)};
};

TEST_F(DeliveryLab, AtMostOnceLosesAndRepeatsNothing) {
  const Seen seen = run_with_kills("at_most_once", 4, random_);
  EXPECT_GT(seen.kills, 0);
  EXPECT_EQ(seen.repeated(), 0U);
  EXPECT_GT(seen.lost(), 0U);
  EXPECT_LT(seen.lost(), transactions);
}

TEST_F(DeliveryLab, AtLeastOnceRepeatsAndLosesNothing) {
  const Seen seen = run_with_kills("at_least_once", 4, random_);
  EXPECT_GT(seen.kills, 0);
  EXPECT_EQ(seen.lost(), 0U);
  EXPECT_GT(seen.repeated(), 0U);
}

/// The same with a directory for its output: what is published in the end.
Seen publish_with_kills(const std::string& delivery, std::mt19937_64& random) {
  const KilledJob job("system_usage",
                      {"--events", std::to_string(transactions), "--delivery", delivery, "--source-parallelism", "2"},
                      transactions_per_second);
  Seen seen;
  for (; seen.kills < 4; ++seen.kills) {
    const int checkpoints = 1 + static_cast<int>(random() % 3);
    EXPECT_TRUE(job.kill_at_work(checkpoints, std::chrono::milliseconds(random() % 80)));
  }
  const ProcessResult result = job.run();
  EXPECT_EQ(result.exit_code, 0) << describe(result);
  EXPECT_THAT(job.unpublished(), ::testing::IsEmpty());
  seen.add(job.published());
  return seen;
}

TEST_F(DeliveryLab, ExactlyOnceLosesAndRepeatsNothing) {
  const Seen seen = publish_with_kills("exactly_once", random_);
  EXPECT_EQ(seen.lost(), 0U);
  EXPECT_EQ(seen.repeated(), 0U);
  EXPECT_EQ(seen.counted(), static_cast<std::int64_t>(transactions));
}

TEST_F(DeliveryLab, AtMostOnceRepeatsNothingInADirectoryEither) {
  const Seen seen = publish_with_kills("at_most_once", random_);
  EXPECT_EQ(seen.repeated(), 0U);
  EXPECT_GT(seen.lost(), 0U);
}

TEST_F(DeliveryLab, WithoutKillsEveryDeliveryCountsEachTransactionOnce) {
  for (const char* delivery : {"at_most_once", "at_least_once", "exactly_once"}) {
    const Seen seen = run_with_kills(delivery, 0, random_);
    EXPECT_EQ(seen.lost(), 0U) << delivery;
    EXPECT_EQ(seen.repeated(), 0U) << delivery;
    EXPECT_EQ(seen.counted(), static_cast<std::int64_t>(transactions)) << delivery;
  }
}

TEST(SystemUsage, SaysWhichLineOfTheScoresIsWrong) {
  const TemporaryFolder folder;
  const ProcessResult result =
      run_program("system_usage", {"--input", "-", "--scores", folder.write("scores", "1,0.5\n2,often\n")}, "1.00,1\n");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.errors, ::testing::HasSubstr("scores', line 2: expected {merchandiseId},{score from 0 to 1}"));
}

}  // namespace
}  // namespace streamwork::testkit
