// A disk that is full while a job runs, a real one: a small file system in memory, which takes the right to mount (F9 of the
// fault catalogue).
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <thread>

#include "kit/killed_job.hpp"
#include "kit/scale.hpp"

namespace streamwork::testkit {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
namespace fs = std::filesystem;

/// A file system of its own at a path.
class SmallDisk {
 public:
  explicit SmallDisk(std::string path) : path_(std::move(path)) {
    fs::create_directories(path_);
    if (::mount("streamwork-test", path_.c_str(), "tmpfs", 0, "size=2m,mode=700") != 0) problem_ = std::strerror(errno);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  ~SmallDisk() {
    if (problem_.empty()) ::umount2(path_.c_str(), MNT_DETACH);
  }

  /// Why it is not there; empty: it is.
  const std::string& problem() const { return problem_; }
  /// Leaves no byte.
  void fill() const {
    std::ofstream ballast(path_ + "/ballast", std::ios::app);
    const std::array<char, 512> block{};
    while (ballast.write(block.data(), block.size()).flush()) {
    }
  }
  void free() const { fs::remove(path_ + "/ballast"); }

 private:
  std::string path_;
  std::string problem_;
};

/// Readings of a few keys, in order, so many that a slow run does not come to their end.
std::string readings() {
  std::mt19937_64 random(kit::seed());
  std::string lines;
  for (int i = 0; i < 30'000; ++i) {
    lines += R"({"key":"key )" + std::to_string(random() % 9) + R"(","time":)" +
             std::to_string(1'700'000'000'000 + i * 20) + R"(,"value":)" + std::to_string(random() % 100) + "}\n";
  }
  return lines;
}

class FullDisk : public ::testing::Test {
 protected:
  KilledJob job() const {
    const std::string input = input_.write("input", readings());
    return {
        "window_lab",
        {"--input", "file:" + input, "--window", "sliding:2s:500ms", "--aggregate", "count,sum", "--parallelism", "2"},
        1'000};
  }
  /// Fills the disk, also what the removal of an old checkpoint gives back meanwhile, until a checkpoint has failed.
  static void fill(const SmallDisk& disk, const Process& process) {
    const auto deadline = std::chrono::steady_clock::now() + process_patience;
    while (process.errors().find("checkpoint failed (") == std::string::npos) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline) << process.errors();
      disk.fill();
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }
  static void expect_finished(const KilledJob& job) {
    const ProcessResult result = job.run();
    ASSERT_EQ(result.exit_code, 0) << describe(result);
    EXPECT_TRUE(job.published() == job.run_plainly()) << "nothing is lost, nothing comes twice";
    EXPECT_THAT(job.unpublished(), IsEmpty());
  }

 private:
  TemporaryFolder input_;
};

TEST_F(FullDisk, UnderCheckpointsIsToldAndTheJobGoesOn_F9) {
  const KilledJob job = this->job();
  const SmallDisk disk(job.checkpoints());
  if (!disk.problem().empty()) GTEST_SKIP() << "a small file system cannot be mounted here: " << disk.problem();
  const auto process = job.start_slowly({"--tolerated-checkpoint-failures", "1000"});
  job.wait_for_checkpoints(*process, 0, 2);
  fill(disk, *process);
  process->wait_for_errors("checkpoint failed (2 in a row, 1000 are tolerated): ");
  process->wait_for_errors("No space left on device");
  const std::uint64_t newest = job.newest_checkpoint();
  disk.free();
  job.wait_for_checkpoints(*process, newest, 2);
  process->wait_for_errors("checkpoints are complete again\n");
  process->send_signal(SIGTERM);
  const ProcessResult suspended = process->wait();
  EXPECT_EQ(suspended.exit_code, 0) << describe(suspended);
  EXPECT_THAT(suspended.errors, HasSubstr(job.checkpoints())) << "the message names the file";
  expect_finished(job);
}

TEST_F(FullDisk, UnderTheLastCheckpointEndsTheJobWhichGoesOnFromTheOneBefore_F9) {
  const KilledJob job = this->job();
  const SmallDisk disk(job.checkpoints());
  if (!disk.problem().empty()) GTEST_SKIP() << "a small file system cannot be mounted here: " << disk.problem();
  const auto process = job.start_slowly({"--tolerated-checkpoint-failures", "3"});
  job.wait_for_checkpoints(*process, 0, 2);
  fill(disk, *process);
  process->send_signal(SIGTERM);
  const ProcessResult failed = process->wait();
  EXPECT_EQ(failed.exit_code, 1) << describe(failed);
  EXPECT_THAT(failed.errors, HasSubstr(" in a row, 3 are tolerated): "));
  EXPECT_THAT(failed.errors, HasSubstr("failed: checkpoints: 4 in a row could not be taken"));
  EXPECT_THAT(failed.errors, HasSubstr("; checkpoint " + std::to_string(job.newest_checkpoint()) + " is kept"));
  disk.free();
  expect_finished(job);
}

TEST_F(FullDisk, UnderTheLastCheckpointDoesNotKeepASecondSignalFromCancelling_F9) {
  const KilledJob job = this->job();
  const SmallDisk disk(job.checkpoints());
  if (!disk.problem().empty()) GTEST_SKIP() << "a small file system cannot be mounted here: " << disk.problem();
  const auto process = job.start_slowly({"--tolerated-checkpoint-failures", "1000"});
  job.wait_for_checkpoints(*process, 0, 2);
  fill(disk, *process);
  process->send_signal(SIGTERM);
  process->wait_for_errors("checkpoint failed (2 in a row");
  process->send_signal(SIGTERM);
  const ProcessResult cancelled = process->wait();
  EXPECT_EQ(cancelled.exit_code, 1) << describe(cancelled);
  EXPECT_THAT(cancelled.errors, HasSubstr("cancelled: the same command goes on from the newest checkpoint\n"));
  disk.free();
  expect_finished(job);
}

TEST_F(FullDisk, UnderResultsStopsTheJobWhichGoesOnWhenThereIsSpace_F9) {
  const KilledJob job = this->job();
  const SmallDisk disk(job.output());
  if (!disk.problem().empty()) GTEST_SKIP() << "a small file system cannot be mounted here: " << disk.problem();
  const auto process = job.start_slowly();
  job.wait_for_checkpoints(*process, 0, 2);
  disk.fill();
  const ProcessResult failed = process->wait();
  EXPECT_EQ(failed.exit_code, 1) << describe(failed);
  EXPECT_THAT(failed.errors, HasSubstr("starting again: ")) << "a full disk may be so for a moment";
  EXPECT_THAT(failed.errors, HasSubstr("No space left on device"));
  EXPECT_THAT(failed.errors, HasSubstr(job.output())) << "the message names the file";
  disk.free();
  expect_finished(job);
}

}  // namespace
}  // namespace streamwork::testkit
