// Programs that are killed (kill -9) at random moments, also while they recover, and started again with the same command and
// another parallelism: what they have published in the end is what an undisturbed run publishes (F1, F2 of the fault
// catalogue). The slow starts are limited by --rate, so that none comes to its end; the last one is not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "kit/killed_job.hpp"
#include "kit/scale.hpp"

namespace streamwork::testkit {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Arguments = KilledJob::Arguments;
using Random = std::mt19937_64;

constexpr int events = 40'000;
constexpr int events_per_second = 1'000;

/// Readings of a few keys, out of order by up to 2.5 s.
std::string random_readings(Random& random, int count) {
  std::string input;
  for (int i = 0; i < count; ++i) {
    const std::int64_t time = 1'700'000'000'000 + i * 20 - static_cast<std::int64_t>(random() % 2500);
    input += R"({"key":"key )" + std::to_string(random() % 9) + R"(","time":)" + std::to_string(time) + R"(,"value":)" +
             std::to_string(random() % 100) + "}\n";
  }
  return input;
}

/// A program and its input.
struct Subject {
  std::string program;
  Arguments arguments;
  int rate = events_per_second;
  bool late = false;

  KilledJob job() const { return {program, arguments, rate, late}; }
  std::vector<std::string> undisturbed() const {
    const KilledJob job = this->job();
    const ProcessResult result = job.run();
    EXPECT_EQ(result.exit_code, 0) << describe(result);
    EXPECT_THAT(job.unpublished(), IsEmpty());
    EXPECT_TRUE(job.published() == job.run_plainly()) << "checkpoints change nothing";
    return job.published();
  }
};

/// The seed of a test, and what is made of it.
struct Chance {
  std::uint64_t seed = kit::seed();
  Random random{seed};
  TemporaryFolder folder;

  std::string readings(const std::string& name) {
    return "file:" + folder.write(name, random_readings(random, events));
  }
  Subject windows(const std::string& window) {
    return {"window_lab",
            {"--input", readings("input"), "--window", window, "--aggregate", "count,sum,min,max,avg", "--out-of-order",
             "500ms", "--lateness", "300ms"},
            events_per_second,
            true};
  }
  Subject joins(const std::string& join, const std::string& type) {
    return {"join_lab",
            {"--left", readings("left"), "--right", readings("right"), "--join", join, "--type", type, "--out-of-order",
             "3s"},
            events_per_second,
            true};
  }
  std::chrono::milliseconds moment() { return std::chrono::milliseconds(random() % 80); }
  Arguments parallelism() { return {"--parallelism", std::to_string(1 + random() % 4)}; }
  std::string trace() const { return "STREAMWORK_TEST_SEED=" + std::to_string(seed); }
};

void expect_finished(const KilledJob& job, const std::vector<std::string>& expected, const Arguments& more = {}) {
  const ProcessResult result = job.run(more);
  ASSERT_EQ(result.exit_code, 0) << describe(result);
  const std::vector<std::string> published = job.published();
  ASSERT_EQ(published.size(), expected.size());
  ASSERT_TRUE(published == expected);
  EXPECT_THAT(job.unpublished(), IsEmpty());
  const std::vector<std::string> parts = job.parts();
  const ProcessResult once_more = job.run();
  EXPECT_EQ(once_more.exit_code, 0) << describe(once_more);
  EXPECT_EQ(job.parts(), parts) << "it had ended, and writes nothing any more";
}

/// Every kill at work comes after a checkpoint more; between them lie kills during the start and the recovery.
void expect_same_after_kills(Subject subject, Chance& chance) {
  SCOPED_TRACE(chance.trace());
  const std::vector<std::string> expected = subject.undisturbed();
  ASSERT_FALSE(expected.empty());
  const KilledJob job = subject.job();
  for (std::uint64_t kill = 0; kill < kit::scaled(4); ++kill) {
    if (kill % 2 == 1) {
      ASSERT_TRUE(job.kill_soon(chance.moment(), chance.parallelism()));
    }
    const int checkpoints = 1 + static_cast<int>(chance.random() % 3);
    ASSERT_TRUE(job.kill_at_work(checkpoints, chance.moment(), chance.parallelism()));
  }
  EXPECT_LT(job.published().size(), expected.size());
  expect_finished(job, expected, chance.parallelism());
}

class KilledWindows : public ::testing::TestWithParam<const char*> {};
TEST_P(KilledWindows, ComeOutAsIfNothingHadHappened) {
  Chance chance;
  expect_same_after_kills(chance.windows(GetParam()), chance);
}
INSTANTIATE_TEST_SUITE_P(Kinds, KilledWindows,
                         ::testing::Values("tumbling:1s", "sliding:3s:1s", "session:300ms", "count:10",
                                           "cumulative:4s:1s"));

class KilledWindowsInRocksDb : public ::testing::TestWithParam<const char*> {};
TEST_P(KilledWindowsInRocksDb, ComeOutAsIfNothingHadHappened) {
  Chance chance;
  Subject subject = chance.windows(GetParam());
  subject.arguments.insert(subject.arguments.end(),
                           {"--state-backend", "rocksdb", "--state-memory", "16MiB", "--concurrent-checkpoints", "3"});
  expect_same_after_kills(subject, chance);
}
INSTANTIATE_TEST_SUITE_P(Kinds, KilledWindowsInRocksDb, ::testing::Values("sliding:3s:1s", "session:300ms"));

class KilledJoins : public ::testing::TestWithParam<std::pair<const char*, const char*>> {};
TEST_P(KilledJoins, ComeOutAsIfNothingHadHappened) {
  Chance chance;
  expect_same_after_kills(chance.joins(GetParam().first, GetParam().second), chance);
}
INSTANTIATE_TEST_SUITE_P(Kinds, KilledJoins,
                         ::testing::Values(std::pair("windowed:1s", "full"), std::pair("interval:-500ms:300ms", "left"),
                                           std::pair("regular:200ms", "inner"), std::pair("as_of", "left"),
                                           std::pair("table", "inner")));

TEST(KilledFraudDetection, RaisesTheSameAlerts) {
  Chance chance;
  const std::string input = chance.folder.path("transactions");
  const ProcessResult made = run_program(
      "fraud_detection", {"--seed", std::to_string(chance.random() % 1000), "--events", "20000", "--accounts", "100",
                          "--transactions", input, "--output", "/dev/null", "--report", "/dev/null", "--quiet"});
  ASSERT_EQ(made.exit_code, 0) << describe(made);
  expect_same_after_kills({"fraud_detection", {"--input", "file:" + input}}, chance);
}

TEST(KilledFraudDetection, RaisesTheSameAlertsAboutMadeUpTransactions) {
  Chance chance;
  expect_same_after_kills({"fraud_detection",
                           {"--seed", std::to_string(chance.random() % 1000), "--events", "20000", "--accounts", "100",
                            "--report", "/dev/null"}},
                          chance);
}

TEST(KilledPredictiveMaintenance, RaisesTheSameAlerts) {
  Chance chance;
  expect_same_after_kills(
      {"predictive_maintenance",
       {"--seed", std::to_string(chance.random() % 1000), "--machines", "60", "--report", "/dev/null"},
       10'000},
      chance);
}

TEST(Suspended, GivesOverBothRunsTheOutputOfOne) {
  Chance chance;
  SCOPED_TRACE(chance.trace());
  const Subject subject = chance.windows("tumbling:1s");
  const std::vector<std::string> expected = subject.undisturbed();
  ASSERT_TRUE(std::ranges::any_of(expected, [](const std::string& line) { return line.find("start") == line.npos; }))
      << "some readings come too late";
  KilledJob job = subject.job();
  for (int i = 0; i < 2; ++i) {
    const std::uint64_t before = job.newest_checkpoint();
    const auto process = job.start_slowly(chance.parallelism());
    job.wait_for_checkpoints(*process, before, 1);
    std::this_thread::sleep_for(chance.moment());
    process->send_signal(SIGTERM);
    const ProcessResult result = process->wait();
    EXPECT_EQ(result.exit_code, 0) << describe(result);
    EXPECT_THAT(job.unpublished(), IsEmpty());
    job.move_directories();
  }
  EXPECT_LT(job.published().size(), expected.size());
  expect_finished(job, expected, chance.parallelism());
}

TEST(Savepoint, IsGoneOnFromAndLaterOnlyByForce) {
  Chance chance;
  SCOPED_TRACE(chance.trace());
  const Subject subject = chance.windows("tumbling:1s");
  const std::vector<std::string> expected = subject.undisturbed();
  const KilledJob job = subject.job();
  const auto process = job.start_slowly({"--stop-with-savepoint"});
  job.wait_for_checkpoints(*process, 0, 2);
  process->send_signal(SIGTERM);
  ASSERT_EQ(process->wait().exit_code, 0);
  std::string savepoint;
  for (const auto& entry : std::filesystem::directory_iterator(job.checkpoints())) {
    if (entry.path().filename().string().starts_with("savepoint")) savepoint = entry.path();
  }
  ASSERT_NE(savepoint, "");
  expect_finished(job, expected, {"--restore", savepoint});

  const ProcessResult refused = job.run({"--restore", savepoint});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.errors, HasSubstr("--overwrite-output"));
  const ProcessResult anew = job.run({"--restore", "none"});
  EXPECT_EQ(anew.exit_code, 1);
  EXPECT_THAT(anew.errors, HasSubstr("holds results of an earlier run"));
  EXPECT_EQ(job.published(), expected);
  expect_finished(job, expected, {"--restore", savepoint, "--overwrite-output"});
  expect_finished(job, expected, {"--restore", "none", "--overwrite-output"});
}

TEST(Finished, IsLeftAsItIsAlsoWhenItsInputIsGone) {
  Chance chance;
  SCOPED_TRACE(chance.trace());
  const KilledJob job = chance.windows("tumbling:1s").job();
  ASSERT_EQ(job.run().exit_code, 0);
  const std::vector<std::string> parts = job.parts();
  std::filesystem::remove(chance.folder.path("input"));
  const ProcessResult again = job.run(chance.parallelism());
  EXPECT_EQ(again.exit_code, 0) << describe(again);
  EXPECT_EQ(job.parts(), parts);
}

/// Flips a bit in the middle of the largest file of the newest checkpoint; returns its path.
std::string damage_newest_checkpoint(const KilledJob& job) {
  std::string number = std::to_string(job.newest_checkpoint());
  number.insert(0, 6 - std::min<std::size_t>(6, number.size()), '0');
  std::filesystem::path largest;
  for (const auto& entry : std::filesystem::directory_iterator(job.checkpoints() + "/checkpoint-" + number)) {
    if (largest.empty() || entry.file_size() > std::filesystem::file_size(largest)) largest = entry.path();
  }
  std::fstream file(largest, std::ios::in | std::ios::out | std::ios::binary);
  const auto middle = static_cast<std::streamoff>(std::filesystem::file_size(largest) / 2);
  file.seekg(middle);
  const char byte = static_cast<char>(file.get() ^ 1);
  file.seekp(middle);
  file.put(byte);
  return largest;
}

TEST(DamagedCheckpoint, FallsBackAndWithdrawsWhatIsNewer) {
  Chance chance;
  SCOPED_TRACE(chance.trace());
  const Subject subject = chance.windows("tumbling:1s");
  const std::vector<std::string> expected = subject.undisturbed();
  const KilledJob job = subject.job();
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(job.kill_at_work(3, chance.moment()));
    const std::string damaged = damage_newest_checkpoint(job);
    const auto process = job.start_slowly(chance.parallelism());
    process->wait_for_errors("going on from");
    EXPECT_THAT(process->errors(), HasSubstr("'" + damaged + "' is damaged at byte "));
    process->send_signal(SIGKILL);
    process->wait();
  }
  expect_finished(job, expected, chance.parallelism());
}

}  // namespace
}  // namespace streamwork::testkit
