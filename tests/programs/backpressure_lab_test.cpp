// The lab of overload, played quickly.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "kit/process.hpp"

namespace streamwork::testkit {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// Both instances are slow for some of the time, and well before and after: six and a half scenes.
ProcessResult play(const std::string& policy, int sensor_rate, int seconds_of_a_scene) {
  return run_program("backpressure_lab",
                     {"--overload", policy, "--buffer", "100", "--sensor-rate", std::to_string(sensor_rate),
                      "--measurements", std::to_string(sensor_rate * seconds_of_a_scene * 13 / 2), "--scene",
                      std::to_string(seconds_of_a_scene) + "s", "--console", "off"});
}

/// The least that was measured in a second.
int least_measured(const std::string& report) {
  int least = std::numeric_limits<int>::max();
  const std::string word = "measured ";
  for (std::size_t at = report.find(word); at != std::string::npos; at = report.find(word, at + 1))
    least = std::min(least, std::stoi(report.substr(at + word.size())));
  return least;
}

TEST(BackpressureLab, LosesNothingAndMakesTheSensorsWait) {
  const ProcessResult result = play("block", 7000, 2);
  EXPECT_EQ(result.exit_code, 0) << describe(result);
  EXPECT_THAT(result.errors, HasSubstr("-- instance 1 of 'work' is ten times as slow"));
  EXPECT_LT(least_measured(result.errors), 5000) << describe(result);
  EXPECT_THAT(result.errors, Not(HasSubstr("dropped"))) << describe(result);
}

TEST(BackpressureLab, DropsAndSaysSo) {
  for (const std::string policy : {"drop_newest", "drop_oldest", "sample:10"}) {
    // More in a slow second than the queues before the work hold (above 3,000 in all).
    const ProcessResult result = play(policy, 16'000, 1);
    EXPECT_EQ(result.exit_code, 0) << describe(result);
    EXPECT_THAT(result.errors, HasSubstr("'overload' drops events when those behind it do not keep up"));
    EXPECT_THAT(result.errors, HasSubstr("note: 'overload' dropped ")) << describe(result);
  }
}

TEST(BackpressureLab, ExplainsWhatAPolicyIs) {
  for (const std::string policy : {"sample", "sample:0", "sample:x", "drop", "block:3"}) {
    const ProcessResult result = run_program("backpressure_lab", {"--overload", policy});
    EXPECT_EQ(result.exit_code, 2) << describe(result);
    EXPECT_THAT(result.errors, HasSubstr("block, drop_newest, drop_oldest or sample:N"));
  }
}

}  // namespace
}  // namespace streamwork::testkit
