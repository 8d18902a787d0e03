// What became of the last checkpoints is remembered, and where their time went.
#include "checkpoint/checkpoint_history.hpp"

#include <gtest/gtest.h>

namespace streamwork::checkpoint {
namespace {

using namespace std::chrono_literals;
using Status = CheckpointRecord::Status;

constexpr SteadyTime start{100s};

TEST(CheckpointHistory, TellsWhereTheTimeOfATaskWent) {
  CheckpointHistory history;
  history.begin(Kind::savepoint, ProcessingTime{7s}, start);
  history.number(42);
  history.met(42, 1, 0, start + 1ms);
  history.met(42, 1, 0, start + 2ms);  // another of its inputs
  history.aligned(42, 1, 0, start + 5ms);
  history.passed(42, 1, 0, start + 6ms);
  history.written(42, 1, 0, 1000, start + 9ms);
  const CheckpointRecord under_way = history.records(start + 10ms).at(0);
  EXPECT_EQ(under_way.status, Status::under_way);
  EXPECT_EQ(under_way.duration, 10ms);
  history.end(42, "", start + 12ms);
  const CheckpointRecord record = history.records(start + 1h).at(0);
  EXPECT_EQ(record.number, 42U);
  EXPECT_EQ(record.kind, Kind::savepoint);
  EXPECT_EQ(record.status, Status::complete);
  EXPECT_EQ(record.begun, ProcessingTime{7s});
  EXPECT_EQ(record.duration, 12ms);
  ASSERT_EQ(record.tasks.size(), 1U);
  const TaskRecord& task = record.tasks.front();
  EXPECT_EQ(task.met, 1ms);
  EXPECT_EQ(task.aligned, 5ms);
  EXPECT_EQ(task.passed, 6ms);
  EXPECT_EQ(task.written, 9ms);
  EXPECT_EQ(task.bytes, 1000U);
}

TEST(CheckpointHistory, HeedsNothingOfACheckpointThatWasGivenUp) {
  CheckpointHistory history;
  history.begin(Kind::checkpoint, {}, start);
  history.number(1);
  history.end(1, "the disk is full", start + 1s);
  history.aligned(1, 0, 0, start + 2s);
  history.begin(Kind::checkpoint, {}, start + 3s);
  history.number(2);
  history.written(1, 0, 0, 5, start + 4s);
  const auto records = history.records(start + 5s);
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].status, Status::failed);
  EXPECT_EQ(records[0].failure, "the disk is full");
  EXPECT_TRUE(records[0].tasks.empty());
  EXPECT_TRUE(records[1].tasks.empty());
}

TEST(CheckpointHistory, KeepsSeveralUnderWayApart) {
  CheckpointHistory history;
  history.begin(Kind::checkpoint, {}, start);
  history.number(1);
  history.begin(Kind::checkpoint, {}, start + 1s);
  history.number(2);
  history.written(1, 0, 0, 5, start + 2s);
  history.aligned(2, 0, 0, start + 2s);
  history.end(1, "", start + 3s);
  const auto records = history.records(start + 4s);
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].status, Status::complete);
  EXPECT_EQ(records[0].duration, 3s);
  EXPECT_EQ(records[0].tasks.at(0).written, 2s);
  EXPECT_EQ(records[1].status, Status::under_way);
  EXPECT_EQ(records[1].duration, 3s);
  EXPECT_EQ(records[1].tasks.at(0).aligned, 1s);
}

TEST(CheckpointHistory, TakesWhatAnEarlierRunHadUnderWayForFailed) {
  CheckpointHistory history;
  history.begin(Kind::checkpoint, {}, start);
  history.number(7);
  history.begin_run();
  history.written(7, 0, 0, 5, start + 2s);
  const auto records = history.records(start + 4s);
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].status, Status::failed);
  EXPECT_TRUE(records[0].tasks.empty());
}

TEST(CheckpointHistory, KeepsTheLastSixty) {
  CheckpointHistory history;
  for (std::uint64_t number = 1; number <= 100; ++number) {
    history.begin(Kind::checkpoint, {}, start);
    history.number(number);
    history.end(number, "", start);
  }
  const auto records = history.records(start);
  ASSERT_EQ(records.size(), CheckpointHistory::limit);
  EXPECT_EQ(records.front().number, 41U);
  EXPECT_EQ(records.back().number, 100U);
}

}  // namespace
}  // namespace streamwork::checkpoint
