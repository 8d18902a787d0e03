// A start that is told what to go on from takes back what came out since. If it crashes before its first checkpoint, the next
// one must not go on from a checkpoint whose results are gone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <streamwork/streamwork.hpp>
#include <streamwork/testing.hpp>
#include <streamwork/testing/memory_file_system.hpp>
#include <string>
#include <vector>

#include "kit/plain_lines.hpp"
#include "kit/thrown.hpp"

namespace streamwork {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using testkit::message_of;

constexpr std::uint64_t events = 250;

/// A job that writes to a directory, and the disk it finds again at each start.
class Runs {
 public:
  /// From one start to its end, a suspension after so many slices, or a crash after so many.
  JobResult run(CheckpointOptions checkpoints, std::uint64_t suspend_after = 0, std::uint64_t crash_after = 0) {
    Job job("numbers");
    job.source("numbers", generate<std::uint64_t>([](std::uint64_t i) { return i; }, {.count = events, .rate = 1e6}))
        .key_by([](std::uint64_t i) { return i % 3; }, {.parallelism = 2})
        .sink("rows", write_json_lines("dir:rows", {files_}));
    testing::RunOptions options{.seed = ++seed_, .suspend_after_slices = suspend_after};
    std::uint64_t slices = 0;
    if (crash_after > 0) options.crashed = [&slices, crash_after] { return ++slices > crash_after; };
    options.checkpoints = std::move(checkpoints);
    options.checkpoints.directory = "checkpoints";
    options.checkpoints.file_system = files_;
    return testing::run(job, options);
  }
  /// Numbers in the directory, sorted.
  std::vector<std::uint64_t> published() const {
    std::vector<std::uint64_t> numbers;
    for (const std::string& name : files_->list("rows")) {
      if (name.starts_with('.')) continue;
      for (const std::string& line : testkit::texts(testkit::plain_lines(files_->content("rows/" + name))))
        numbers.push_back(std::stoull(line));
    }
    std::ranges::sort(numbers);
    return numbers;
  }
  std::string newest_checkpoint() const {
    std::string newest;
    for (const std::string& name : files_->list("checkpoints")) {
      if (files_->exists("checkpoints/" + name + "/manifest")) newest = std::max(newest, name);
    }
    return "checkpoints/" + newest;
  }
  testing::MemoryFileSystem& files() { return *files_; }

 private:
  std::shared_ptr<testing::MemoryFileSystem> files_ = std::make_shared<testing::MemoryFileSystem>();
  std::uint64_t seed_ = 0;
};

std::vector<std::uint64_t> all_numbers() {
  std::vector<std::uint64_t> numbers(events);
  std::ranges::generate(numbers, [i = std::uint64_t{0}]() mutable { return i++; });
  return numbers;
}

const CheckpointOptions often{.interval = 0ns};
CheckpointOptions told_to(const std::string& restore, std::chrono::nanoseconds interval) {
  return {.interval = interval, .restore = restore, .overwrite_output = true};
}

TEST(NewHistory, IsBegunAgainAfterACrashBeforeItsFirstCheckpoint) {
  Runs runs;
  runs.run(often, 60);
  ASSERT_FALSE(runs.published().empty());
  runs.run(told_to("none", 1h), 0, 20);
  ASSERT_TRUE(runs.published().empty()) << "they were to be overwritten";
  EXPECT_EQ(runs.run({}).end, JobEnd::finished);
  EXPECT_EQ(runs.published(), all_numbers());
}

TEST(NewHistory, GoesOnFromItsBaseAgainAfterACrashBeforeItsFirstCheckpoint) {
  Runs runs;
  runs.run(often, 40);
  const std::string base = runs.newest_checkpoint();
  const std::size_t at_base = runs.published().size();
  runs.run({.interval = 0ns, .retained = 100}, 60);
  ASSERT_GT(runs.published().size(), at_base);
  runs.run(told_to(base + "/", 1h), 0, 20);
  ASSERT_EQ(runs.published().size(), at_base) << "what is newer was to be overwritten";
  EXPECT_EQ(runs.run({}).end, JobEnd::finished);
  EXPECT_EQ(runs.published(), all_numbers());
}

TEST(NewHistory, CountsFromItsFirstCheckpointOn) {
  Runs runs;
  runs.run(often, 60);
  runs.run(told_to("none", 0ns), 60);
  const std::size_t before = runs.published().size();
  ASSERT_GT(before, 0U);
  runs.run(often, 20);
  EXPECT_GE(runs.published().size(), before) << "it went on from there";
  EXPECT_EQ(runs.run({}).end, JobEnd::finished);
  EXPECT_EQ(runs.published(), all_numbers());
}

TEST(NewHistory, IsNotBegunByAStartThatIsRefused) {
  Runs runs;
  runs.run(often, 60);
  const std::size_t before = runs.published().size();
  EXPECT_THAT(message_of([&] { runs.run({.restore = "none"}); }), HasSubstr("--overwrite-output"));
  runs.run(often, 10);
  EXPECT_GE(runs.published().size(), before) << "it went on as if nothing had been asked for";
  EXPECT_EQ(runs.run({}).end, JobEnd::finished);
  EXPECT_EQ(runs.published(), all_numbers());
}

TEST(NewHistory, IsNotMistakenWhenItsFileIsDamaged) {
  Runs runs;
  runs.run(often, 60);
  runs.run(told_to("none", 1h), 0, 20);
  runs.files().write("checkpoints/history", "{}");
  EXPECT_THAT(message_of([&] { runs.run(often); }), HasSubstr("checkpoints/history"));
}

}  // namespace
}  // namespace streamwork
