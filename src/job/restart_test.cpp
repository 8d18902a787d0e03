// What is tried again after a failure, and what is said of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <ranges>
#include <streamwork/connectors/collection.hpp>
#include <streamwork/connectors/generator.hpp>
#include <streamwork/run.hpp>
#include <streamwork/testing/memory_file_system.hpp>
#include <string>
#include <utility>
#include <vector>

#include "kit/temporary_folder.hpp"

namespace streamwork {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

/// Cannot be opened so many times.
class Stubborn {
 public:
  explicit Stubborn(int failures) : failures_left_(std::make_shared<std::atomic<int>>(failures)) {}
  void open(OperatorContext&) {
    if ((*failures_left_)-- > 0) throw std::runtime_error("the server is not there");
  }
  void apply(int number, Output<int>& out) { out.emit(number); }

 private:
  std::shared_ptr<std::atomic<int>> failures_left_;
};

JobResult run_stubbornly(int failures, const RestartPolicy& policy, Collected<int>& collected) {
  Job job("stubborn");
  job.source("numbers", from_vector(std::vector<int>{1, 2, 3}))
      .apply("stubborn", Stubborn(failures))
      .sink("collect", collect(collected));
  return start(job, {.workers = 1,
                     .checkpoints = {.directory = "checkpoints",
                                     .file_system = std::make_shared<testing::MemoryFileSystem>()},
                     .restart = policy})
      .wait();
}

TEST(Restart, TriesAgainWhatCannotBeOpenedAtTheFirstStart) {
  Collected<int> collected;
  const JobResult result = run_stubbornly(2, restart_at_fixed_delay(2, 1ms), collected);
  EXPECT_EQ(result.end, JobEnd::finished) << result.failure;
  EXPECT_EQ(result.metrics.restarts, 2U);
  EXPECT_EQ(collected.take(), (std::vector<int>{1, 2, 3}));
}

/// Throws at one number, once.
class Stumbling {
 public:
  void open(OperatorContext& context) { sum_ = context.operator_state<int>("sum"); }
  void apply(int number, Output<int>& out) {
    if (number == 5000 && !std::exchange(*stumbled_, true)) throw std::runtime_error("stumbled");
    *sum_ += number;
    out.emit(*sum_);
  }

 private:
  std::shared_ptr<bool> stumbled_ = std::make_shared<bool>(false);
  OperatorState<int> sum_;
};

TEST(Restart, GoesOnFromACheckpointInMemoryAndLeavesNoFiles) {
  Job job("stumbling");
  Collected<int> sums;
  job.source("numbers",
             generate<int>([](std::uint64_t i) { return static_cast<int>(i); }, {.count = 6'000, .rate = 20'000}))
      .apply("stumbling", Stumbling())
      .sink("collect", collect(sums));
  const JobResult result = start(job, {.workers = 1,
                                       .checkpoints = {.directory = checkpoints_in_memory, .interval = 10ms},
                                       .restart = restart_at_fixed_delay(1, 1ms)})
                               .wait();
  EXPECT_EQ(result.end, JobEnd::finished) << result.failure;
  EXPECT_EQ(result.metrics.restarts, 1U);
  EXPECT_EQ(sums.take().back(), 5'999 * 6'000 / 2);
  EXPECT_FALSE(RealFileSystem::instance()->exists(checkpoints_in_memory));
}

TEST(Restart, EndsWhereThePolicyDoes_F17) {
  Collected<int> collected;
  EXPECT_THAT(run_stubbornly(3, restart_at_fixed_delay(2, 1ms), collected).failure,
              HasSubstr("the server is not there"));
  EXPECT_EQ(run_stubbornly(1, never_restart(), collected).end, JobEnd::failed);
  EXPECT_EQ(collected.size(), 0U);
}

TEST(Start, TellsOfNewerCheckpointsWithoutAManifestThatItPassesOver) {
  const auto files = std::make_shared<testing::MemoryFileSystem>();
  const auto notices = [&] {
    Job job("numbers");
    job.source("numbers", from_vector(std::vector<int>{1, 2, 3})).sink("discard", discard());
    JobHandle handle = start(job, {.workers = 1, .checkpoints = {.directory = "checkpoints", .file_system = files}});
    EXPECT_EQ(handle.wait().end, JobEnd::finished);
    return handle.notices();
  };
  EXPECT_THAT(notices(), Not(Contains(HasSubstr("no manifest"))));
  files->create_directories("checkpoints/checkpoint-000022");
  EXPECT_THAT(notices(), Contains("checkpoint-000022 has no manifest: it was not completed, or the file is missing; "
                                  "passed over"));
  files->remove("checkpoints/checkpoint-000001/manifest");
  EXPECT_THAT(notices(), Contains(HasSubstr("checkpoint-000001 has no manifest")));
}

TEST(Restart, IsToldBeforeTheLastWord) {
  const testkit::TemporaryFolder folder;
  Job job("failing");
  job.source("numbers", from_vector(std::vector<int>{1, 2, 3})).sink("fail", for_each([](int) {
                                                                       throw std::runtime_error("user code fails");
                                                                     }));
  std::vector<std::string> arguments{"program", "--quiet", "--checkpoint-dir", folder.path("checkpoints")};
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(run(job, static_cast<int>(argv.size()), argv.data()), 1);
  const std::string said = ::testing::internal::GetCapturedStderr();
  std::vector<std::string> lines;
  for (const auto line : said | std::views::split('\n')) {
    if (!line.empty()) lines.emplace_back(line.begin(), line.end());
  }
  ASSERT_EQ(lines.size(), 4U) << said;
  EXPECT_THAT(std::vector(lines.begin(), lines.end() - 1), ::testing::Each(StartsWith("failed, starting again: ")))
      << said;
  EXPECT_THAT(lines.back(), StartsWith("failed: ")) << said;
}

}  // namespace
}  // namespace streamwork
