// Several checkpoints in flight: the next one begins while the first is still on its way to the disk. That it changes nothing of
// what is published is shown by the simulation, which varies how many there may be.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <streamwork/streamwork.hpp>
#include <streamwork/testing/memory_file_system.hpp>
#include <string>
#include <utility>
#include <vector>

#include "job/execution.hpp"
#include "kit/ledger.hpp"
#include "kit/temporary_folder.hpp"

namespace streamwork {
namespace {

using namespace std::chrono_literals;
using testing::MemoryFileSystem;

/// A disk that does not take the first checkpoint before the second is begun, or a while has passed.
class DiskThatWaits {
 public:
  explicit DiskThatWaits(std::chrono::milliseconds patience) {
    files_->before_each_call([this, patience](MemoryFileSystem::Call call, const std::string& path) {
      std::unique_lock lock(mutex_);
      if (call == MemoryFileSystem::Call::create && path.ends_with("checkpoint-000002")) {
        begun_ = true;
        changed_.notify_all();
      }
      if (call == MemoryFileSystem::Call::sync && path.find("checkpoint-000001/task-") != std::string::npos)
        overlapped_ = changed_.wait_for(lock, patience, [this] { return begun_; });
    });
  }
  DiskThatWaits(const DiskThatWaits&) = delete;
  DiskThatWaits& operator=(const DiskThatWaits&) = delete;
  ~DiskThatWaits() { files_->before_each_call(nullptr); }

  std::shared_ptr<FileSystem> files() const { return files_; }
  /// The second was begun while the first was being written.
  bool overlapped() const { return overlapped_; }

 private:
  std::shared_ptr<MemoryFileSystem> files_ = std::make_shared<MemoryFileSystem>();
  std::mutex mutex_;
  std::condition_variable changed_;
  bool begun_ = false;
  bool overlapped_ = false;
};

/// Whether two checkpoints of a job overlap. Its results are as they should be.
bool overlap(CheckpointOptions checkpoints, std::chrono::milliseconds patience) {
  constexpr std::int64_t events = 3000;
  const DiskThatWaits disk(patience);
  const testkit::Ledger<std::int64_t> results;
  Job job("in flight");
  job.source("numbers", generate<std::int64_t>([](std::uint64_t i) { return static_cast<std::int64_t>(i); },
                                               {.count = events, .rate = 5000}))
      .key_by([](std::int64_t i) { return i % 7; }, {.parallelism = 2})
      .sink("results", results.sink());
  checkpoints.directory = "checkpoints";
  checkpoints.interval = 1ms;
  checkpoints.file_system = disk.files();
  const JobResult result = start(job, {.workers = 2, .checkpoints = checkpoints}).wait();
  EXPECT_EQ(result.end, JobEnd::finished) << result.failure;
  EXPECT_GT(result.metrics.checkpoints.completed, 2U);
  EXPECT_EQ(result.metrics.checkpoints.failed, 0U);
  std::vector<std::int64_t> published = results.published();
  std::ranges::sort(published);
  EXPECT_EQ(published.size(), static_cast<std::size_t>(events));
  EXPECT_TRUE(std::ranges::adjacent_find(published) == published.end());
  return disk.overlapped();
}

TEST(CheckpointsInFlight, OverlapWhereSeveralMayBe) {
  EXPECT_TRUE(overlap({.concurrent = 2}, 10s));
  EXPECT_TRUE(overlap({.delivery = Delivery::at_least_once, .concurrent = 3}, 10s));
}

TEST(CheckpointsInFlight, DoNotOverlapWhereOneMayBeOrAPauseIsAskedFor) {
  EXPECT_FALSE(overlap({.concurrent = 1}, 100ms));
  EXPECT_FALSE(overlap({.minimum_pause = 1ms, .concurrent = 2}, 100ms));
}

/// The how many-th event of its key this is. Fails now and then.
struct Count {
  std::shared_ptr<std::atomic<int>> failures;
  CurrentKey<std::int64_t> key{};
  ValueState<std::int64_t> count{};
  std::int64_t seen = 0;

  void open(OperatorContext& context) {
    key = context.current_key<std::int64_t>();
    count = context.value_state<std::int64_t>("count");
  }
  void apply(const std::int64_t&, Output<std::pair<std::int64_t, std::int64_t>>& out) {
    if (++seen == 2500 && failures->fetch_sub(1) > 0) throw std::runtime_error("made to fail");
    out.emit({*key, ++*count});
  }
};

TEST(CheckpointsInFlight, OfRowsInRocksDbAreGoneOnFromAndTellWhatIsNewInThem) {
  constexpr std::int64_t events = 30'000;
  constexpr std::int64_t keys = 900;
  const testkit::TemporaryFolder folder;
  const testkit::Ledger<std::pair<std::int64_t, std::int64_t>> results;
  Job job("in flight");
  job.source("numbers", generate<std::int64_t>([](std::uint64_t i) { return static_cast<std::int64_t>(i); },
                                               {.count = events, .rate = 20'000}))
      .key_by([](std::int64_t i) { return i % keys; }, {.parallelism = 2})
      .apply("count", Count{std::make_shared<std::atomic<int>>(4)})
      .sink("results", results.sink());
  job::Execution execution(job,
                           {.workers = 2,
                            .checkpoints = {.directory = folder.path("checkpoints"), .interval = 1ms, .concurrent = 3},
                            .state = {.backend = StateBackend::rocksdb},
                            .restart = restart_at_fixed_delay(10, 1ms)});
  bool shared = false;  // in some, not in each: on a busy machine the last may be the first after a restart, and whole
  while (!execution.wait_for(1ms)) {
    const CheckpointMetrics now = execution.metrics().checkpoints;
    shared = shared || now.new_bytes < now.bytes;
  }
  EXPECT_TRUE(shared) << "tables are shared with earlier ones";
  const JobResult result = execution.wait();
  ASSERT_EQ(result.end, JobEnd::finished) << result.failure;
  EXPECT_GT(result.metrics.restarts, 0U);
  std::vector<std::pair<std::int64_t, std::int64_t>> expected;
  for (std::int64_t i = 0; i < events; ++i) expected.emplace_back(i % keys, i / keys + 1);
  auto published = results.published();
  std::ranges::sort(published);
  std::ranges::sort(expected);
  EXPECT_TRUE(published == expected);

  const CheckpointMetrics& metrics = result.metrics.checkpoints;
  EXPECT_GT(metrics.new_bytes, 0U);
  const std::vector<checkpoint::CheckpointRecord> records = execution.checkpoints();
  const auto newest = std::ranges::find(records, metrics.newest, &checkpoint::CheckpointRecord::number);
  ASSERT_NE(newest, records.end());
  std::uint64_t told = 0;
  for (const checkpoint::TaskRecord& task : newest->tasks) told += task.bytes;
  EXPECT_EQ(told, metrics.new_bytes);
}

}  // namespace
}  // namespace streamwork
