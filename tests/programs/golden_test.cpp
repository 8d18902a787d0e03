// Every example's sample input gives its expected output, byte by byte; lines of several instances in any order.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "kit/process.hpp"

namespace streamwork::testkit {
namespace {

std::string folder_of(const std::string& example) { return STREAMWORK_SOURCE_DIR "/examples/" + example + "/"; }

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

}  // namespace
}  // namespace streamwork::testkit
