// The maintenance example finds planted failures of plants it never saw, and says the same in any layout.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "kit/process.hpp"

namespace streamwork::testkit {
namespace {

using ::testing::HasSubstr;

constexpr const char* program = "predictive_maintenance";

/// The number behind `label` in a report.
double number_behind(const std::string& report, const std::string& label) {
  const std::size_t place = report.find(label);
  if (place == std::string::npos) throw std::runtime_error("no '" + label + "' in:\n" + report);
  return std::stod(report.substr(place + label.size()));
}

std::string report_of_seed(const std::string& seed) {
  const ProcessResult ended =
      run_program(program, {"--seed", seed, "--quiet", "--output", "/dev/null", "--report", "-"});
  EXPECT_EQ(ended.exit_code, 0) << describe(ended);
  return ended.output;
}

/// The alerts, and behind them the report, of a small plant.
std::string small_plant(const std::vector<std::string>& layout) {
  const std::string report = ::testing::TempDir() + "/maintenance_report." + std::to_string(::getpid());
  std::vector<std::string> arguments = {"--seed", "7",       "--machines", "30",  "--hours",
                                        "18",     "--quiet", "--report",   report};
  arguments.insert(arguments.end(), layout.begin(), layout.end());
  const ProcessResult ended = run_program(program, arguments);
  EXPECT_EQ(ended.exit_code, 0) << describe(ended);
  std::vector<std::string> lines = ended.output_lines();
  std::ranges::sort(lines);
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  std::ifstream file(report);
  text.append(std::istreambuf_iterator<char>(file), {});
  std::remove(report.c_str());
  return text;
}

TEST(PredictiveMaintenanceTest, FindsFailuresOfPlantsItNeverSaw) {
  // 361, 1003 and 2046 had false alarms when the detector learnt rough material as normal.
  for (const char* seed : {"201", "202", "203", "361", "1003", "2046"}) {
    const std::string report = report_of_seed(seed);
    EXPECT_GE(number_behind(report, "precision "), 0.9) << seed << "\n" << report;
    EXPECT_GE(number_behind(report, "recall "), 0.9) << seed << "\n" << report;
    EXPECT_GE(number_behind(report, "failures "), 15) << seed << "\n" << report;
    EXPECT_LT(number_behind(report, "best threshold on one field alone: F1 "), 0.6) << seed << "\n" << report;
  }
}

TEST(PredictiveMaintenanceTest, SaysTheSameInAnyLayout) {
  const std::string alone = small_plant({"--parallelism", "1", "--workers", "1"});
  EXPECT_THAT(alone, HasSubstr("\"vibration_percent\":"));
  EXPECT_EQ(alone, small_plant({"--parallelism", "3", "--workers", "2"}));
  EXPECT_EQ(alone, small_plant({"--parallelism", "3", "--workers", "1"}));
}

TEST(PredictiveMaintenanceTest, KeepsTheRate) {
  const ProcessResult ended = run_program(program, {"--rate", "100", "--seconds", "0.5", "--quiet", "--report", "-"});
  EXPECT_EQ(ended.exit_code, 0) << describe(ended);
  EXPECT_THAT(ended.output, HasSubstr("failures 0, found 0; alerts 0, true 0"));
}

TEST(PredictiveMaintenanceTest, MistakesAreExplained) {
  EXPECT_EQ(run_program(program, {"--nonsense"}).exit_code, 2);
  EXPECT_EQ(run_program(program, {"--machines", "0"}).exit_code, 2);
  EXPECT_EQ(run_program(program, {"--hours", "many"}).exit_code, 2);
  EXPECT_EQ(run_program(program, {"--rate", "-1"}).exit_code, 2);
  EXPECT_EQ(run_program(program, {"--rate", "1e13"}).exit_code, 2);
  EXPECT_EQ(run_program(program, {"--live", "--speed", "1e300"}).exit_code, 2);
  EXPECT_EQ(run_program(program, {"--parallelism", "0"}).exit_code, 2);
  EXPECT_EQ(run_program(program, {"--hours", "1", "--report", "/no/such/folder/report"}).exit_code, 1);
}

}  // namespace
}  // namespace streamwork::testkit
