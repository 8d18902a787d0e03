// Whole jobs under seeded schedules that crash, lose power, fail and are suspended at random moments, and go on from their
// checkpoints: what they have published in the end is what one undisturbed run publishes (DESIGN 7; F1, F2, F5 of the
// fault catalogue). That this finds broken rules is shown by tests/bites.
#include <gtest/gtest.h>

#include <streamwork/hash.hpp>
#include <string>

#include "kit/scale.hpp"
#include "kit/simulated/simulation.hpp"

namespace streamwork {
namespace {

/// All scenarios together have more than 2,000.
constexpr std::uint64_t schedules_of_each = 210;

class CheckpointSimulation : public ::testing::TestWithParam<testkit::Scenario> {};

TEST_P(CheckpointSimulation, FaultsAtAnyMomentChangeNothingOfWhatIsPublished) {
  const std::uint64_t seed = kit::seed();
  SCOPED_TRACE("STREAMWORK_TEST_SEED=" + std::to_string(seed));
  const std::vector<std::string> expected = testkit::undisturbed(GetParam());
  ASSERT_GT(expected.size(), 20U);
  std::uint64_t starts = 0;
  const std::uint64_t schedules = kit::scaled(schedules_of_each);
  for (std::uint64_t schedule = 0; schedule < schedules; ++schedule) {
    const testkit::Verdict verdict = testkit::simulate(GetParam(), expected, typed::mix64(seed + schedule));
    ASSERT_EQ(verdict.violation, "") << "in schedule " << schedule;
    starts += verdict.starts;
  }
  EXPECT_GE(starts, 3 * schedules);
}

INSTANTIATE_TEST_SUITE_P(Jobs, CheckpointSimulation, ::testing::ValuesIn(testkit::scenarios()),
                         [](const auto& scenario) { return scenario.param.name; });

class LooserSimulation : public ::testing::TestWithParam<testkit::Scenario> {};

TEST_P(LooserSimulation, AtLeastOnceRepeatsLinesAndLosesNone) {
  const std::uint64_t seed = kit::seed();
  SCOPED_TRACE("STREAMWORK_TEST_SEED=" + std::to_string(seed));
  const std::vector<std::string> expected = testkit::undisturbed(GetParam());
  ASSERT_EQ(expected.size(), 3U * 150);
  std::uint64_t repeated = 0;
  for (std::uint64_t schedule = 0; schedule < kit::scaled(schedules_of_each); ++schedule) {
    const testkit::Verdict verdict =
        testkit::simulate(GetParam(), expected, typed::mix64(seed + schedule), Delivery::at_least_once);
    ASSERT_EQ(verdict.violation, "") << "in schedule " << schedule;
    repeated += verdict.repeated;
  }
  EXPECT_GT(repeated, 0U) << "or it proves nothing";
}

INSTANTIATE_TEST_SUITE_P(Jobs, LooserSimulation, ::testing::ValuesIn(testkit::repeatable_scenarios()),
                         [](const auto& scenario) { return scenario.param.name; });

}  // namespace
}  // namespace streamwork
