// A disk that is full when a checkpoint is to be taken: how often it is tried again, how soon, and what is said at last.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cerrno>
#include <memory>
#include <streamwork/streamwork.hpp>
#include <streamwork/testing/memory_file_system.hpp>
#include <string>

namespace streamwork {
namespace {

using namespace std::chrono_literals;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using Call = testing::MemoryFileSystem::Call;

constexpr auto patience = 60s;

/// An endless job whose checkpoints find no room for as many files as a test says.
class FullDisk : public ::testing::Test {
 protected:
  FullDisk() {
    files_->before_each_call([failures = failures_left_](Call call, const std::string& path) {
      if (call == Call::create && path.ends_with("task-0-0") && (*failures)-- > 0)
        throw FileError("create", path, ENOSPC);
    });
    job_.source("numbers", generate<std::uint64_t>([](std::uint64_t i) { return i; }, {.rate = 1000}))
        .sink("discard", discard());
  }
  JobHandle begin(std::chrono::nanoseconds interval) const {
    return start(
        job_, {.workers = 1,
               .checkpoints = {
                   .directory = "checkpoints", .interval = interval, .tolerated_failures = 1, .file_system = files_}});
  }
  void fill_for(int checkpoints) const { *failures_left_ = checkpoints; }
  void free() const { *failures_left_ = 0; }

 private:
  std::shared_ptr<testing::MemoryFileSystem> files_ = std::make_shared<testing::MemoryFileSystem>();
  std::shared_ptr<std::atomic<int>> failures_left_ = std::make_shared<std::atomic<int>>(0);
  Job job_{"numbers"};
};

TEST_F(FullDisk, HoldsUpASuspensionForASecondAndNotForAnInterval_F9) {
  fill_for(1);
  JobHandle handle = begin(1h);
  handle.suspend();
  ASSERT_TRUE(handle.wait_for(patience));
  const JobResult result = handle.wait();
  EXPECT_EQ(result.end, JobEnd::suspended) << result.failure;
  EXPECT_EQ(result.metrics.checkpoints.failed, 1U);
  EXPECT_EQ(result.metrics.checkpoints.failed_in_a_row, 0) << "the one after it was complete";
}

TEST_F(FullDisk, EndsASuspensionThatIsTriedInVainAndSaysWhatIsKept_F9) {
  const JobResult result = [this] {
    JobHandle handle = begin(1ms);
    while (handle.metrics().checkpoints.completed < 2) handle.wait_for(1ms);
    fill_for(1000);
    handle.suspend();
    EXPECT_TRUE(handle.wait_for(patience));
    return handle.wait();
  }();
  EXPECT_EQ(result.end, JobEnd::failed);
  EXPECT_EQ(result.metrics.checkpoints.failed_in_a_row, 2);
  EXPECT_THAT(result.failure, HasSubstr("2 in a row could not be taken"));
  EXPECT_THAT(result.failure, HasSubstr("task-0-0"));
  EXPECT_THAT(result.failure, EndsWith("; checkpoint " + std::to_string(result.metrics.checkpoints.newest) +
                                       " is kept: once that is mended, a start goes on from it"));
  free();
  JobHandle again = begin(1h);
  EXPECT_EQ(again.metrics().checkpoints.newest, result.metrics.checkpoints.newest);
  again.suspend();
  EXPECT_EQ(again.wait().end, JobEnd::suspended);
}

TEST_F(FullDisk, FromTheBeginningLeavesNothingToGoOnFrom_F9) {
  fill_for(1000);
  JobHandle handle = begin(1h);
  handle.suspend();
  ASSERT_TRUE(handle.wait_for(patience));
  EXPECT_THAT(handle.wait().failure, EndsWith("; none is complete: the next start begins anew"));
}

}  // namespace
}  // namespace streamwork
