#include "job/experiments.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <streamwork/job.hpp>

namespace streamwork::job {
namespace {

using ::testing::HasSubstr;

class ExperimentsTest : public ::testing::Test {
 protected:
  std::vector<std::string> calls_;
  Experiments experiments_{
      {{.name = "slow",
        .begin = [this] { calls_.emplace_back("begin"); },
        .end = [this] { calls_.emplace_back("end"); }},
       {.name = "crash", .begin = [this] { calls_.emplace_back("crash"); }},
       {.name = "broken", .begin = [] { throw std::runtime_error("no such lever"); }, .end = [] {}}}};
};

TEST_F(ExperimentsTest, AreUnderWayUntilTheyAreEnded) {
  experiments_.begin(0);
  EXPECT_TRUE(experiments_.status(0).under_way);
  EXPECT_FALSE(experiments_.status(1).under_way);
  EXPECT_THAT([&] { experiments_.begin(0); },
              ::testing::ThrowsMessage<ExperimentRefused>(HasSubstr("under way already")));
  experiments_.end(0);
  EXPECT_FALSE(experiments_.status(0).under_way);
  EXPECT_THAT([&] { experiments_.end(0); }, ::testing::ThrowsMessage<ExperimentRefused>(HasSubstr("not under way")));
  experiments_.begin(0);
  EXPECT_EQ(experiments_.status(0).begun, 2U);
  EXPECT_THAT(calls_, ::testing::ElementsAre("begin", "end", "begin"));
}

TEST_F(ExperimentsTest, WithoutAnEndAreOverAtOnce) {
  experiments_.begin(1);
  experiments_.begin(1);
  EXPECT_FALSE(experiments_.status(1).under_way);
  EXPECT_EQ(experiments_.status(1).begun, 2U);
  EXPECT_THAT([&] { experiments_.end(1); }, ::testing::ThrowsMessage<ExperimentRefused>(HasSubstr("as soon as")));
}

TEST_F(ExperimentsTest, ThatFailHaveNotBegun) {
  EXPECT_THAT([&] { experiments_.begin(2); }, ::testing::ThrowsMessage<ExperimentRefused>(HasSubstr("no such lever")));
  EXPECT_FALSE(experiments_.status(2).under_way);
  EXPECT_EQ(experiments_.status(2).begun, 0U);
}

TEST(JobExperiments, HaveANameOfTheirOwnAndDoSomething) {
  Job job("experiments");
  EXPECT_THROW(job.experiment({.begin = [] {}}), std::invalid_argument);
  EXPECT_THROW(job.experiment({.name = "nothing"}), std::invalid_argument);
  job.experiment({.name = "one", .begin = [] {}});
  EXPECT_THROW(job.experiment({.name = "one", .begin = [] {}}), std::invalid_argument);
  EXPECT_EQ(job.experiments().size(), 1U);
}

}  // namespace
}  // namespace streamwork::job
