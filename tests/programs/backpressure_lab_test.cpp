// The lab of overload, played quickly.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "kit/process.hpp"

namespace streamwork::testkit {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// Both instances are slow for some of the time, and well before and after: six and a half scenes of a second.
ProcessResult play(const std::string& policy, int sensor_rate) {
  return run_program("backpressure_lab",
                     {"--overload", policy, "--buffer", "100", "--sensor-rate", std::to_string(sensor_rate),
                      "--measurements", std::to_string(sensor_rate * 13 / 2), "--scene", "1s", "--console", "off"});
}

TEST(BackpressureLab, LosesNothingByBackPressure) {
  const ProcessResult result = play("block", 4000);
  EXPECT_EQ(result.exit_code, 0) << describe(result);
  EXPECT_THAT(result.errors, HasSubstr("-- instance 1 of 'work' is ten times as slow"));
  EXPECT_THAT(result.errors, HasSubstr("measured"));
  EXPECT_THAT(result.errors, Not(HasSubstr("dropped"))) << describe(result);
}

TEST(BackpressureLab, DropsAndSaysSo) {
  for (const std::string policy : {"drop_newest", "drop_oldest", "sample:10"}) {
    // More in a slow second than the queues before the work hold (above 3,000 in all).
    const ProcessResult result = play(policy, 16'000);
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
