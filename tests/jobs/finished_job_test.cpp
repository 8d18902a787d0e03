// A job that had come to its end is started again: nothing is read, nothing is written, and nothing of the outside is missed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <streamwork/streamwork.hpp>
#include <streamwork/testing.hpp>
#include <streamwork/testing/memory_file_system.hpp>
#include <string>
#include <vector>

#include "kit/ledger.hpp"

namespace streamwork {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;

/// Lines from a file to a directory and to a plain file, and the disk of all starts.
class Lines : public ::testing::Test {
 protected:
  Lines() {
    files_->write("input", "one\ntwo\nthree\n");
    auto lines = job_.source("lines", file_lines("input", {.file_system = files_}));
    lines.sink("parts", write_lines("dir:parts", {files_}));
    lines.sink("plain", write_lines("plain", {files_}));
  }
  CheckpointOptions checkpoints() const { return {.directory = "checkpoints", .file_system = files_}; }
  std::vector<std::string> names() const { return files_->list("parts"); }

  std::shared_ptr<testing::MemoryFileSystem> files_ = std::make_shared<testing::MemoryFileSystem>();
  Job job_{"lines"};
};

TEST_F(Lines, ThatHaveAllBeenReadAreMissedByNobody) {
  const auto run = [&] { return start(job_, {.workers = 1, .checkpoints = checkpoints()}).wait(); };
  ASSERT_EQ(run().end, JobEnd::finished);
  const std::vector<std::string> parts = names();
  ASSERT_THAT(parts, Not(IsEmpty()));
  files_->remove("input");
  files_->remove("plain");
  const JobResult again = run();
  EXPECT_EQ(again.end, JobEnd::finished) << again.failure;
  EXPECT_EQ(names(), parts);
  EXPECT_FALSE(files_->exists("plain")) << "nothing is written";
}

TEST_F(Lines, ThatHaveAllBeenReadAreNotMissedInASimulationEither) {
  const auto run = [&] { return testing::run(job_, {.checkpoints = checkpoints()}); };
  ASSERT_EQ(run().end, JobEnd::finished);
  const std::vector<std::string> parts = names();
  files_->remove("input");
  EXPECT_EQ(run().end, JobEnd::finished);
  EXPECT_EQ(names(), parts);
}

TEST(FinishedJob, PublishesWhenItStartsAgainWhatItCouldNotAtItsEnd) {
  testkit::Ledger<int> results;
  int calls = 0;
  results.before_each_call([&calls] {  // prepared, then committed: the disk of the results is full once
    if (++calls == 2) throw std::runtime_error("no space");
  });
  Job job("numbers");
  job.source("numbers", from_vector(std::vector<int>{1, 2, 3})).sink("results", results.sink());
  JobHandle handle = start(job, {.workers = 1,
                                 .checkpoints = {.directory = checkpoints_in_memory, .interval = 1h},
                                 .restart = restart_at_fixed_delay(1, 1ms)});
  const JobResult result = handle.wait();
  EXPECT_EQ(result.end, JobEnd::finished) << result.failure;
  EXPECT_EQ(result.metrics.restarts, 1U);
  EXPECT_THAT(handle.notices(), Contains("the job has ended before: there is nothing left to do"));
  EXPECT_EQ(results.published(), (std::vector<int>{1, 2, 3}));
}

}  // namespace
}  // namespace streamwork
