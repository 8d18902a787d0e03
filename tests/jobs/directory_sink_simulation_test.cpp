// Whole jobs that write to directories, under a seeded schedule, with crashes between any two steps and file operations, half
// of them power failures: what is published in the end is what one undisturbed run publishes (DESIGN 6 and 7; F1, F2, F5, F6
// of the fault catalogue).
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <random>
#include <set>
#include <streamwork/streamwork.hpp>
#include <streamwork/testing.hpp>
#include <streamwork/testing/memory_file_system.hpp>
#include <string>
#include <vector>

#include "kit/plain_lines.hpp"
#include "kit/scale.hpp"

namespace streamwork {
namespace {

using namespace std::chrono_literals;
using testing::MemoryFileSystem;
using Files = std::shared_ptr<MemoryFileSystem>;

struct Reading {
  std::uint64_t number;
  std::string key;
  EventTime time;
};
struct Counted {
  std::string key;
  std::int64_t count;
};
class Counter {
 public:
  void open(OperatorContext& context) {
    key_ = context.current_key<std::string>();
    count_ = context.value_state<std::int64_t>("count");
  }
  void apply(const Reading&, Output<Counted>& out) { out.emit({*key_, ++*count_}); }

 private:
  CurrentKey<std::string> key_;
  ValueState<std::int64_t> count_;
};
struct Row {
  std::string key;
  EventTime end;
  std::int64_t count;
  bool update;
};

// The sources wait for their pace now and then: only then does the time of a test go on, and a checkpoint becomes due.

Reading reading(std::uint64_t i) {
  const std::uint64_t noise = i * 0x9E37'79B9'7F4A'7C15ULL >> 40U;
  const std::int64_t late = noise % 40 == 0 ? 4000 : static_cast<std::int64_t>(noise % 1000);
  return {i, std::string(1, static_cast<char>('a' + noise % 7)),
          EventTime(std::chrono::milliseconds(static_cast<std::int64_t>(i) * 50 - late))};
}

/// A running count in one directory, windows and late readings in another.
Job counts_and_windows(const Files& files, int parallelism) {
  Job job("simulated");
  const auto keyed = job.source("readings", generate<Reading>(reading, {.count = 200, .rate = 1e6}))
                         .event_time(&Reading::time, bounded_out_of_order(1s), {.granularity = 1ms})
                         .key_by(&Reading::key, {.parallelism = parallelism});
  keyed.apply("count", Counter{}).sink("counts", write_json_lines("dir:counts", {files}));
  const SideOutput<Reading> late("late");
  const auto rows = keyed.window(tumbling(2s)).allowed_lateness(1s).late(late).aggregate("windows", count());
  rows.map("row", [](const auto& result) { return Row{result.key, result.end, result.value, result.update}; })
      .sink("rows", write_json_lines("dir:windows", {files}));
  rows.side(late).sink("late", write_json_lines("dir:windows", {files}));
  return job;
}

constexpr std::uint64_t copied = 200;

/// What comes in comes out.
Job copies(const Files& files, int parallelism) {
  Job job("copies");
  job.source("readings", generate<Reading>(reading, {.count = copied, .rate = 1e6}))
      .key_by(&Reading::key, {.parallelism = parallelism})
      .map("number", [](const Reading& event) { return event.number; })
      .sink("numbers", write_json_lines("dir:numbers", {files}));
  return job;
}
using MakeJob = Job (*)(const Files&, int parallelism);

struct Output {
  std::vector<std::string> lines;  // sorted
  std::size_t unpublished = 0;
};
Output output_in(const Files& files) {
  Output output;
  for (const std::string directory : {"counts", "windows", "numbers"}) {
    if (!files->exists(directory)) continue;
    for (const std::string& name : files->list(directory)) {
      output.unpublished += name.starts_with('.') ? 1 : 0;
      if (name.starts_with('.')) continue;
      std::ranges::copy(testkit::texts(testkit::plain_lines(files->content(directory + "/" + name))),
                        std::back_inserter(output.lines));
    }
  }
  std::ranges::sort(output.lines);
  return output;
}

/// Crashes that come after a random number of steps or file operations.
class Crash {
 public:
  Crash(Files files, std::mt19937_64& random, bool ever) : files_(std::move(files)) {
    last_call_ = ever ? random() % 150 : ~0ULL;
    last_step_ = ever ? random() % 600 : ~0ULL;
    files_->before_each_call([this](MemoryFileSystem::Call, const std::string& path) {
      if (++calls_ > last_call_) crashed_ = true;
      if (crashed_) throw FileError("use", path, EIO);  // nothing reaches the disk any more
    });
  }
  Crash(const Crash&) = delete;
  Crash& operator=(const Crash&) = delete;
  ~Crash() { files_->before_each_call(nullptr); }

  bool comes() { return crashed_ || ++steps_ > last_step_; }
  bool came() const { return crashed_; }

 private:
  Files files_;
  std::uint64_t calls_ = 0;
  std::uint64_t steps_ = 0;
  std::uint64_t last_call_ = 0;
  std::uint64_t last_step_ = 0;
  bool crashed_ = false;
};

JobResult run_until_crash(MakeJob job, const Files& files, std::mt19937_64& random, Delivery delivery, bool crashes) {
  Crash crash(files, random, crashes);
  testing::RunOptions options{.seed = random()};
  options.checkpoints = {.directory = "checkpoints", .delivery = delivery, .interval = 10us, .file_system = files};
  options.crashed = [&] { return crash.comes(); };
  try {
    return testing::run(job(files, 1 + static_cast<int>(random() % 3)), options);
  } catch (const std::exception& error) {
    EXPECT_TRUE(crash.came()) << error.what();
    JobResult cancelled;
    cancelled.end = JobEnd::cancelled;
    return cancelled;
  }
}

/// Again and again, each time until it crashes, and at last to its end. Returns how many checkpoints were complete.
std::uint64_t run_with_crashes(MakeJob job, const Files& files, std::uint64_t seed, Delivery delivery) {
  std::mt19937_64 random(seed);
  std::uint64_t checkpoints = 0;
  for (int crashes = 0;; ++crashes) {
    const JobResult result = run_until_crash(job, files, random, delivery, crashes < 6);
    checkpoints += result.metrics.checkpoints.completed;
    if (result.end != JobEnd::cancelled) {
      EXPECT_EQ(result.end, JobEnd::finished) << result.failure;
      return checkpoints;
    }
    // Half of them are crashes of the process alone, some power failures keep nothing, some keep whatever they like.
    if (random() % 2 == 0) continue;
    const std::uint64_t one_in = 1 + random() % 3;
    files->lose_unsynced([&] { return one_in > 1 && random() % one_in == 0; });
  }
}

std::vector<std::string> undisturbed() {
  const auto files = std::make_shared<MemoryFileSystem>();
  EXPECT_EQ(testing::run(counts_and_windows(files, 2), {.seed = 1}).end, JobEnd::finished);
  const Output output = output_in(files);
  EXPECT_EQ(output.unpublished, 0U);
  EXPECT_GT(output.lines.size(), 200U);
  return output.lines;
}

TEST(DirectorySinkSimulation, CrashesAndPowerFailuresChangeNothingOfWhatIsPublished_F15) {
  const std::uint64_t seed = kit::seed();
  SCOPED_TRACE("STREAMWORK_TEST_SEED=" + std::to_string(seed));
  std::mt19937_64 random(seed);
  const std::vector<std::string> expected = undisturbed();
  std::uint64_t checkpoints = 0;
  for (std::uint64_t schedule = 0; schedule < kit::scaled(200); ++schedule) {
    const std::uint64_t schedule_seed = random();
    SCOPED_TRACE("schedule " + std::to_string(schedule) + ", seed " + std::to_string(schedule_seed));
    const auto files = std::make_shared<MemoryFileSystem>();
    checkpoints += run_with_crashes(counts_and_windows, files, schedule_seed, Delivery::exactly_once);
    const Output output = output_in(files);
    ASSERT_EQ(output.lines, expected);
    ASSERT_EQ(output.unpublished, 0U);
    ASSERT_EQ(
        testing::run(counts_and_windows(files, 2), {.checkpoints = {.directory = "checkpoints", .file_system = files}})
            .end,
        JobEnd::finished);
    ASSERT_EQ(output_in(files).lines, expected) << "started once more, it writes nothing";
  }
  EXPECT_GT(checkpoints, kit::scaled(200) * 5);
}

TEST(DirectorySinkSimulation, AtLeastOnceLosesNothingAndShowsDuplicates) {
  const std::uint64_t seed = kit::seed();
  SCOPED_TRACE("STREAMWORK_TEST_SEED=" + std::to_string(seed));
  std::mt19937_64 random(seed);
  std::size_t duplicates = 0;
  for (std::uint64_t schedule = 0; schedule < kit::scaled(50); ++schedule) {
    const std::uint64_t schedule_seed = random();
    SCOPED_TRACE("schedule " + std::to_string(schedule) + ", seed " + std::to_string(schedule_seed));
    const auto files = std::make_shared<MemoryFileSystem>();
    run_with_crashes(copies, files, schedule_seed, Delivery::at_least_once);
    const Output output = output_in(files);
    ASSERT_EQ(output.unpublished, 0U);
    const std::set<std::string> numbers(output.lines.begin(), output.lines.end());
    ASSERT_EQ(numbers.size(), copied);
    duplicates += output.lines.size() - numbers.size();
  }
  EXPECT_GT(duplicates, 0U);
}

}  // namespace
}  // namespace streamwork
