// Every example's sample input gives its expected output, byte by byte; lines of several instances in any order.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "kit/process.hpp"

namespace streamwork::testkit {
namespace {

std::string folder_of(const std::string& example) { return source_path("examples/" + example + "/"); }

std::string read_whole(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> sorted_lines(ProcessResult result) {
  std::vector<std::string> lines = result.output_lines();
  std::ranges::sort(lines);
  return lines;
}

TEST(GoldenTest, VehicleCountKeepsTheOrderOfItsInput) {
  const std::string folder = folder_of("vehicle_count");
  const ProcessResult result = run_program("vehicle_count", {"--input", "file:" + folder + "input.txt"});
  EXPECT_EQ(result.exit_code, 0) << describe(result);
  EXPECT_EQ(result.output, read_whole(folder + "expected_output.jsonl"));
}

class TollBoothGoldenTest : public ::testing::TestWithParam<std::string> {};

TEST_P(TollBoothGoldenTest, SampleInputGivesExpectedOutput) {
  const std::string folder = folder_of(GetParam());
  std::vector<std::string> arguments{"--input", "file:" + folder + "input.txt"};
  if (GetParam() == "stream_merge") {
    arguments.insert(arguments.end(), {"--input2", "file:" + folder + "input2.txt"});
  }
  const ProcessResult result = run_program(GetParam(), arguments);
  EXPECT_EQ(result.exit_code, 0) << describe(result);
  EXPECT_EQ(sorted_lines(result), sorted_lines({0, 0, read_whole(folder + "expected_output.jsonl"), ""}));
}

INSTANTIATE_TEST_SUITE_P(Examples, TollBoothGoldenTest,
                         ::testing::Values("stream_fork", "stream_split", "stream_merge"),
                         [](const auto& test) { return test.param; });

struct SampleRun {
  std::string example;
  std::vector<std::string> arguments;  ///< file:NAME is a file of the example's folder
};

class TimeGoldenTest : public ::testing::TestWithParam<SampleRun> {};

TEST_P(TimeGoldenTest, SampleInputGivesExpectedOutput) {
  const std::string folder = folder_of(GetParam().example);
  for (const char* parallelism : {"1", "3"}) {
    std::vector<std::string> arguments{"--parallelism", parallelism};
    for (std::string argument : GetParam().arguments) {
      if (argument.starts_with("file:")) argument = "file:" + folder + argument.substr(5);
      if (argument.ends_with("scores.txt")) argument = folder + argument;
      arguments.push_back(argument);
    }
    const ProcessResult result = run_program(GetParam().example, arguments);
    EXPECT_EQ(result.exit_code, 0) << describe(result);
    EXPECT_EQ(sorted_lines(result), sorted_lines({0, 0, read_whole(folder + "expected_output.jsonl"), ""}));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Examples, TimeGoldenTest,
    ::testing::Values(SampleRun{"emission",
                                {"--vehicles", "file:vehicles.txt", "--temperatures", "file:temperatures.txt"}},
                      SampleRun{"system_usage", {"--input", "file:input.txt", "--scores", "scores.txt"}},
                      SampleRun{"fraud_detection", {"--input", "file:transactions.jsonl"}},
                      SampleRun{"window_lab",
                                {"--input", "file:input.jsonl", "--window", "session:3s", "--aggregate",
                                 "count,sum,min,max,avg", "--out-of-order", "1s", "--lateness", "2s"}},
                      SampleRun{"join_lab",
                                {"--left", "file:left.jsonl", "--right", "file:right.jsonl", "--join",
                                 "interval:-2s:3s", "--type", "full", "--out-of-order", "3s"}}),
    [](const auto& test) { return test.param.example; });

TEST(WindowingTest, GivesATransactionThatComesTooLateToItsSideOutput) {
  const ProcessResult result =
      run_program("windowing_test", {"--input", "-", "--late", "-"}, "42.00\n44,-20\nno amount\n");
  EXPECT_EQ(result.exit_code, 0) << describe(result);
  EXPECT_THAT(result.output_lines(), ::testing::UnorderedElementsAre(
                                         ::testing::HasSubstr(R"("count":1,"transactions":[{"user":1,"amount":42,)"),
                                         ::testing::StartsWith(R"({"user":1,"amount":44,)")));
}

}  // namespace
}  // namespace streamwork::testkit
