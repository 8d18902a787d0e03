// The program that asks a slow TCP server about every reading.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "kit/process.hpp"

namespace streamwork::testkit {
namespace {

/// What comes out in the order of the readings.
std::vector<std::string> expected_lines(int readings) {
  std::vector<std::string> lines;
  for (int number = 0; number < readings; ++number) {
    const int machine = number * 7 % 50;
    if (machine == 13) continue;
    std::string tenths = "." + std::to_string(number % 10);
    if (tenths == ".0") tenths.clear();
    lines.push_back("{\"number\":" + std::to_string(number) + ",\"machine\":" + std::to_string(machine) +
                    ",\"temperature\":" + std::to_string(20 + number % 100 / 10) + tenths + ",\"owner\":\"plant-" +
                    std::to_string(machine % 10) + "\"}");
  }
  return lines;
}

TEST(AsyncLookup, CompletesEveryReadingInOrderThoughTheServerAnswersInAnother) {
  const ProcessResult result =
      run_program("async_lookup", {"--readings", "500", "--delay", "2ms", "--unanswered", "10"});
  EXPECT_EQ(result.exit_code, 0) << describe(result);
  EXPECT_EQ(result.output_lines(), expected_lines(500));
  EXPECT_THAT(result.errors, ::testing::HasSubstr("calls again that had failed"));
}

TEST(AsyncLookup, CompletesEveryReadingUnordered) {
  const ProcessResult result = run_program("async_lookup", {"--readings", "500", "--delay", "2ms", "--order",
                                                            "unordered", "--in-flight", "30", "--unanswered", "30"});
  EXPECT_EQ(result.exit_code, 0) << describe(result);
  EXPECT_THAT(result.output_lines(), ::testing::UnorderedElementsAreArray(expected_lines(500)));
}

}  // namespace
}  // namespace streamwork::testkit
