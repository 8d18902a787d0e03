// A job that goes on with other numbers of instances while it runs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <streamwork/streamwork.hpp>
#include <streamwork/testing/memory_file_system.hpp>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "kit/ledger.hpp"
#include "kit/seeded_random.hpp"
#include "kit/temporary_folder.hpp"

namespace streamwork {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::HasSubstr;

using KeyAndCount = std::pair<std::int64_t, std::int64_t>;

/// The how many-th event of its key this is.
class Count {
 public:
  void open(OperatorContext& context) {
    key_ = context.current_key<std::int64_t>();
    count_ = context.value_state<std::int64_t>("count");
  }
  void apply(const std::int64_t&, Output<KeyAndCount>& out) { out.emit({*key_, ++*count_}); }

 private:
  CurrentKey<std::int64_t> key_;
  ValueState<std::int64_t> count_;
};

constexpr std::int64_t keys = 50;

/// A job that counts numbers by key, at a modest rate.
struct Counting {
  explicit Counting(std::uint64_t count, double rate = 20'000) {
    job.source("numbers", generate<std::int64_t>([](std::uint64_t i) { return static_cast<std::int64_t>(i); },
                                                 {.count = count, .rate = rate}))
        .key_by([](std::int64_t i) { return i % keys; }, {.parallelism = 1})
        .apply("count", Count())
        .sink("results", results.sink());
  }
  JobOptions options(StateBackend backend = StateBackend::memory) const {
    return {.workers = 2,
            .checkpoints = {.directory = folder.path("checkpoints"), .interval = 20ms},
            .state = {.backend = backend}};
  }
  /// Every event has been counted once, up to this many.
  void expect_counted(std::int64_t events) const {
    std::vector<KeyAndCount> expected;
    for (std::int64_t i = 0; i < events; ++i) expected.emplace_back(i % keys, i / keys + 1);
    auto published = results.published();
    std::ranges::sort(published);
    std::ranges::sort(expected);
    EXPECT_EQ(published.size(), expected.size());
    EXPECT_TRUE(published == expected);
  }

  testkit::TemporaryFolder folder;
  testkit::Ledger<KeyAndCount> results;
  Job job{"counting"};
};

std::size_t instances_of(const JobHandle& handle, const std::string& vertex) {
  const JobMetrics metrics = handle.metrics();
  return std::ranges::find(metrics.vertices, vertex, &VertexMetrics::name)->instances.size();
}

/// Rescales as soon as that can be; false: the job has ended.
bool rescale_when_possible(JobHandle& handle, const std::map<std::string, int>& parallelism) {
  while (handle.running()) {
    try {
      handle.rescale(parallelism);
      return true;
    } catch (const GraphError&) {
      throw;
    } catch (const std::runtime_error&) {
      std::this_thread::sleep_for(1ms);  // it is just being rescaled
    }
  }
  return false;
}

void rescale_again_and_again(StateBackend backend, std::int64_t events, double rate) {
  testkit::SeededRandom random(17);
  SCOPED_TRACE(random.trace());
  const Counting counting(static_cast<std::uint64_t>(events), rate);
  JobHandle handle = start(counting.job, counting.options(backend));
  int rescaled = 0;
  while (rescale_when_possible(
      handle, {{"count", 1 + static_cast<int>(random.below(4))}, {"numbers", 1 + static_cast<int>(random.below(3))}})) {
    ++rescaled;
    // Where it takes long to begin anew, the next one would come before anything was read, and so for ever.
    const std::size_t published = counting.results.published().size();
    while (handle.running() && counting.results.published().size() == published) std::this_thread::sleep_for(1ms);
    std::this_thread::sleep_for(std::chrono::milliseconds(random.below(40)));
  }
  const JobResult result = handle.wait();
  ASSERT_EQ(result.end, JobEnd::finished) << result.failure;
  EXPECT_GT(rescaled, 1);
  EXPECT_EQ(result.metrics.restarts, 0U);
  counting.expect_counted(events);
}

TEST(Rescaling, AgainAndAgainLosesAndRepeatsNothing) { rescale_again_and_again(StateBackend::memory, 8'000, 20'000); }
/// Fewer: a store is opened anew each time for every instance, which takes its time.
TEST(Rescaling, OfRowsInRocksDbLosesAndRepeatsNothing) { rescale_again_and_again(StateBackend::rocksdb, 2'000, 5'000); }

TEST(Rescaling, GivesAVertexItsNumberOfInstances) {
  const Counting counting(1'000'000'000);
  JobHandle handle = start(counting.job, counting.options());
  EXPECT_EQ(instances_of(handle, "count"), 1U);
  handle.rescale({{"count", 3}});
  while (instances_of(handle, "count") != 3) std::this_thread::sleep_for(1ms);
  ASSERT_TRUE(rescale_when_possible(handle, {{"numbers", 2}}));
  while (instances_of(handle, "numbers") != 2) std::this_thread::sleep_for(1ms);
  EXPECT_EQ(instances_of(handle, "count"), 3U) << "what was said before still holds";
  handle.suspend();
  EXPECT_EQ(handle.wait().end, JobEnd::suspended);
}

TEST(Rescaling, DoesNotKeepAJobFromBeingStoppedMeanwhile) {
  for (const bool suspend : {false, true}) {
    const Counting counting(1'000'000'000);
    JobHandle handle = start(counting.job, counting.options());
    std::this_thread::sleep_for(30ms);
    handle.rescale({{"count", 2}});
    suspend ? handle.suspend() : handle.stop();
    EXPECT_EQ(handle.wait().end, suspend ? JobEnd::suspended : JobEnd::finished);
    EXPECT_EQ(instances_of(handle, "count"), 2U);
    counting.expect_counted(static_cast<std::int64_t>(counting.results.published().size()));
  }
}

TEST(Rescaling, IsRefusedWhereTheJobCannotRunSo) {
  const Counting counting(1'000'000'000);
  JobHandle without = start(counting.job, {.workers = 1});
  EXPECT_THROW(without.rescale({{"count", 2}}), std::runtime_error);
  without.cancel();
  without.wait();

  JobHandle handle = start(counting.job, counting.options());
  EXPECT_THROW(handle.rescale({{"nobody", 2}}), GraphError);
  EXPECT_THROW(handle.rescale({{"count", 129}}), GraphError);
  EXPECT_TRUE(handle.running());
  EXPECT_EQ(handle.metrics().restarts, 0U);
  handle.cancel();
}

/// A state of the instance, of which two cannot be put together.
class Unmergeable {
 public:
  void open(OperatorContext& context) { seen_ = context.operator_state<std::int64_t>("seen"); }
  void apply(const std::int64_t& number, Output<std::int64_t>& out) {
    ++*seen_;
    out.emit(number);
  }

 private:
  OperatorState<std::int64_t> seen_;
};

TEST(Rescaling, OfStateThatCannotBeSharedOutSoLeavesTheJobAsItWas) {
  const testkit::TemporaryFolder folder;
  const testkit::Ledger<std::int64_t> results;
  Job job("unmergeable");
  job.source("numbers", generate<std::int64_t>([](std::uint64_t i) { return static_cast<std::int64_t>(i); },
                                               {.count = 10'000, .rate = 10'000}))
      .shuffle({.parallelism = 2})
      .apply("seen", Unmergeable())
      .sink("results", results.sink());
  JobHandle handle =
      start(job, {.workers = 2, .checkpoints = {.directory = folder.path("checkpoints"), .interval = 20ms}});
  std::this_thread::sleep_for(50ms);
  handle.rescale({{"seen", 1}});
  const JobResult result = handle.wait();
  EXPECT_EQ(result.end, JobEnd::finished) << result.failure;
  EXPECT_EQ(instances_of(handle, "seen"), 2U);
  EXPECT_THAT(handle.notices(), Contains(HasSubstr("cannot be rescaled, goes on as before: ")));
  EXPECT_EQ(results.published().size(), 10'000U);
}

TEST(Rescaling, OfASourceLeavesTheJobAsItWasWhereEventTimeKnowsNoSplits) {
  const testkit::TemporaryFolder folder;
  Job job("forked");
  const Stream<std::int64_t> numbers =
      job.source("numbers",
                 generate<std::int64_t>([](std::uint64_t i) { return static_cast<std::int64_t>(i); },
                                        {.count = 10'000, .rate = 10'000}),
                 {.parallelism = 2});
  numbers.sink("all", discard());
  Collected<std::int64_t> timed;
  numbers
      .event_time([](std::int64_t number) { return EventTime(std::chrono::milliseconds(number)); }, ascending(),
                  {.name = "their times"})
      .sink("timed", collect(timed));
  JobHandle handle =
      start(job, {.workers = 2, .checkpoints = {.directory = folder.path("checkpoints"), .interval = 20ms}});
  std::this_thread::sleep_for(50ms);
  handle.rescale({{"numbers", 1}});
  const JobResult result = handle.wait();
  EXPECT_EQ(result.end, JobEnd::finished) << result.failure;
  EXPECT_EQ(instances_of(handle, "numbers"), 2U);
  EXPECT_THAT(handle.notices(), Contains(HasSubstr("'their times' was kept by 2 instances")));
}

TEST(Parallelism, OfVerticesCanBeSaidAtTheStart) {
  const Counting counting(100);
  JobOptions options = counting.options();
  options.parallelism = {{"count", 5}};
  {
    JobHandle handle = start(counting.job, options);
    EXPECT_EQ(handle.wait().end, JobEnd::finished);
    EXPECT_EQ(instances_of(handle, "count"), 5U);
  }
  options.parallelism = {{"nobody", 5}};
  EXPECT_THROW(start(counting.job, options), GraphError);
}

}  // namespace
}  // namespace streamwork
