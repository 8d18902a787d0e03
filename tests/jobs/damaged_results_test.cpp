// Results that were prepared for the newest checkpoint and are damaged before they are published: the job goes on from the checkpoint
// before it, and they come out again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <streamwork/streamwork.hpp>
#include <streamwork/testing.hpp>
#include <string>
#include <vector>

#include "kit/ledger.hpp"
#include "kit/temporary_folder.hpp"
#include "kit/thrown.hpp"

namespace streamwork {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::HasSubstr;

constexpr std::uint64_t events = 20'000;

/// Finds what was prepared for one checkpoint damaged.
class Damaged : public testkit::Ledger<std::uint64_t>::Sink {
 public:
  Damaged(const testkit::Ledger<std::uint64_t>& ledger, std::uint64_t checkpoint)
      : testkit::Ledger<std::uint64_t>::Sink(ledger), checkpoint_(checkpoint) {}
  void recover(std::uint64_t checkpoint, const std::vector<Transaction>& transactions) {
    if (checkpoint == checkpoint_) throw DamagedResults("'a part' is damaged");
    testkit::Ledger<std::uint64_t>::Sink::recover(checkpoint, transactions);
  }

 private:
  std::uint64_t checkpoint_;
};

/// A job that publishes numbers, and can be suspended.
class Runs {
 public:
  JobHandle begin(std::uint64_t damaged_checkpoint = 0) const {
    return start(job(damaged_checkpoint), {.workers = 2, .checkpoints = checkpoints()});
  }
  /// Under a seeded schedule, to its end.
  JobResult simulate(std::uint64_t damaged_checkpoint) const {
    return testing::run(job(damaged_checkpoint), {.checkpoints = checkpoints()});
  }
  /// Returns the number of the last checkpoint.
  std::uint64_t until_suspended() const {
    JobHandle handle = begin();
    while (handle.metrics().checkpoints.completed < 3) handle.wait_for(1ms);
    handle.suspend();
    EXPECT_EQ(handle.wait().end, JobEnd::suspended);
    return handle.metrics().checkpoints.newest;
  }
  std::vector<std::uint64_t> published() const {
    std::vector<std::uint64_t> numbers = results_.published();
    std::ranges::sort(numbers);
    return numbers;
  }
  void remove_checkpoints_before(std::uint64_t number) const {
    for (std::uint64_t older = 1; older < number; ++older) {
      std::string name = std::to_string(older);
      name = "checkpoint-" + std::string(6 - name.size(), '0') + name;
      std::filesystem::remove_all(folder_.path("checkpoints/" + name));
    }
  }

 private:
  Job job(std::uint64_t damaged_checkpoint) const {
    Job job("numbers");
    job.source("numbers", generate<std::uint64_t>([](std::uint64_t i) { return i; }, {.count = events, .rate = 40'000}))
        .key_by([](std::uint64_t i) { return i % 3; }, {.parallelism = 2})
        .sink("rows", Damaged(results_, damaged_checkpoint));
    return job;
  }
  CheckpointOptions checkpoints() const { return {.directory = folder_.path("checkpoints"), .interval = 10ms}; }

  testkit::TemporaryFolder folder_;
  testkit::Ledger<std::uint64_t> results_;
};

void expect_all(const std::vector<std::uint64_t>& numbers) {
  ASSERT_EQ(numbers.size(), events);
  for (std::uint64_t i = 0; i < events; ++i) ASSERT_EQ(numbers[i], i);
}

TEST(DamagedResults, ComeOutAgainFromTheCheckpointBefore_F7) {
  const Runs runs;
  const std::uint64_t last = runs.until_suspended();
  {
    JobHandle handle = runs.begin(last);
    handle.wait_for(20ms);
    EXPECT_THAT(handle.notices(), Contains(HasSubstr("is not used: 'a part' is damaged")));
    handle.cancel();
    handle.wait();
  }
  JobHandle handle = runs.begin(last);
  EXPECT_EQ(handle.wait().end, JobEnd::finished) << "the checkpoint is not found again";
  expect_all(runs.published());
}

TEST(DamagedResults, ComeOutAgainInASimulationToo_F7) {
  const Runs runs;
  EXPECT_EQ(runs.simulate(runs.until_suspended()).end, JobEnd::finished);
  expect_all(runs.published());
}

TEST(DamagedResults, AreRefusedWhereThereIsNoOtherCheckpoint) {
  const Runs runs;
  const std::uint64_t last = runs.until_suspended();
  runs.remove_checkpoints_before(last);
  for (int time = 0; time < 2; ++time)
    EXPECT_THAT(testkit::message_of([&] { runs.begin(last); }), HasSubstr("'a part' is damaged")) << "and again";
}

}  // namespace
}  // namespace streamwork
