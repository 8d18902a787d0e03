// The demo as a newcomer meets it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "programs/road_results.hpp"

namespace streamwork::testkit {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;

TEST(DemoTest, EndsByItselfAfterSomeSeconds) {
  const ProcessResult ended = run_program("vehicle_count_demo", {"--seconds", "2.5"});
  EXPECT_EQ(ended.exit_code, 0) << describe(ended);
  EXPECT_EQ(ended.output, "");
  EXPECT_THAT(ended.errors, AllOf(HasSubstr("over TCP"), HasSubstr("Ctrl-C")));
  EXPECT_THAT(ended.errors, ContainsRegex("1 s  in [0-9]+/s  out [0-9]+/s  .*bottleneck"));
  EXPECT_THAT(ended.errors, AllOf(HasSubstr("counter 0:"), HasSubstr("counter 1:"), HasSubstr("car ")));
}

TEST(DemoTest, EndsWithControlC) {
  Process process({program_path("vehicle_count_demo")});
  process.wait_for_errors("1 s  in ");
  process.send_signal(SIGINT);
  const ProcessResult ended = process.wait();
  EXPECT_EQ(ended.exit_code, 0) << describe(ended);
}

TEST(DemoTest, KeepsTheResultsIfAsked) {
  const ProcessResult ended = run_program("vehicle_count_demo", {"--seconds", "1", "--output", "-"});
  ASSERT_EQ(ended.exit_code, 0) << ended.errors;
  const std::vector<RoadResult> results = results_of(ended);
  EXPECT_GT(results.size(), 50U);
  EXPECT_TRUE(each_type_has_one_instance(results));
  EXPECT_GT(summed_last_counts(results)["car"], 30);
}

TEST(DemoTest, MistakesAreExplained) {
  EXPECT_EQ(run_program("vehicle_count_demo", {"--nonsense"}).exit_code, 2);
  EXPECT_EQ(run_program("vehicle_count_demo", {"--output"}).exit_code, 2);
  EXPECT_EQ(run_program("vehicle_count_demo", {"--seconds", "1", "--output", "/no/such/folder/out"}).exit_code, 1);
}

TEST(DemoTest, TheScriptStartsIt) {
  std::ifstream script(STREAMWORK_SOURCE_DIR "/dev");
  const std::string text{std::istreambuf_iterator<char>(script), {}};
  EXPECT_THAT(text, HasSubstr("demo_program=vehicle_count_demo\n"));
}

}  // namespace
}  // namespace streamwork::testkit
