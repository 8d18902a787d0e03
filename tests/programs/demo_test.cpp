// The demo as a newcomer meets it, and the one with the vehicles.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>

#include "programs/road_results.hpp"

namespace streamwork::testkit {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;

TEST(VehicleDemoTest, EndsByItselfAfterSomeSeconds) {
  const ProcessResult ended = run_program("vehicle_count_demo", {"--seconds", "2.5"});
  EXPECT_EQ(ended.exit_code, 0) << describe(ended);
  EXPECT_EQ(ended.output, "");
  EXPECT_THAT(ended.errors, AllOf(HasSubstr("over TCP"), HasSubstr("Ctrl-C")));
  EXPECT_THAT(ended.errors, ContainsRegex("1 s  in [0-9]+/s  out [0-9]+/s  .*bottleneck"));
  EXPECT_THAT(ended.errors, AllOf(HasSubstr("counter 0:"), HasSubstr("counter 1:"), HasSubstr("car ")));
}

TEST(VehicleDemoTest, EndsWithControlC) {
  Process process({program_path("vehicle_count_demo")});
  process.wait_for_errors("1 s  in ");
  process.send_signal(SIGINT);
  const ProcessResult ended = process.wait();
  EXPECT_EQ(ended.exit_code, 0) << describe(ended);
}

TEST(VehicleDemoTest, KeepsTheResultsIfAsked) {
  const ProcessResult ended = run_program("vehicle_count_demo", {"--seconds", "1", "--output", "-"});
  ASSERT_EQ(ended.exit_code, 0) << ended.errors;
  const std::vector<RoadResult> results = results_of(ended);
  EXPECT_GT(results.size(), 50U);
  EXPECT_TRUE(each_type_has_one_instance(results));
  EXPECT_GT(summed_last_counts(results)["car"], 30);
}

TEST(VehicleDemoTest, MistakesAreExplained) {
  EXPECT_EQ(run_program("vehicle_count_demo", {"--nonsense"}).exit_code, 2);
  EXPECT_EQ(run_program("vehicle_count_demo", {"--output"}).exit_code, 2);
  EXPECT_EQ(run_program("vehicle_count_demo", {"--seconds", "1", "--output", "/no/such/folder/out"}).exit_code, 1);
}

/// Twenty plant hours pass in a second, so that there is something to see.
const std::vector<std::string> hurried = {"--live", "--status", "--speed", "72000"};

std::vector<std::string> hurried_and(const std::vector<std::string>& more) {
  std::vector<std::string> arguments = hurried;
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

TEST(DemoTest, ShowsMachinesThatWearOutAndFailAndEndsByItself) {
  const ProcessResult ended = run_program("predictive_maintenance", hurried_and({"--seconds", "1.5"}));
  EXPECT_EQ(ended.exit_code, 0) << describe(ended);
  EXPECT_EQ(ended.output, "");
  EXPECT_THAT(ended.errors, AllOf(HasSubstr("A made-up plant of 60 machines"), HasSubstr("Ctrl-C")));
  EXPECT_THAT(ended.errors, ContainsRegex("1 s  in [0-9.]+( k)?/s  out [0-9.]+( k)?/s  .*bottleneck"));
  EXPECT_THAT(ended.errors, ContainsRegex("07:[0-9]+  ALERT    [a-z]+-[0-9]+ shakes [0-9]+ % more"));
  EXPECT_THAT(ended.errors, ContainsRegex("[0-9:]+  most worn  [a-z]+-[0-9]+ [0-9]+ %"));
  EXPECT_THAT(ended.errors, ContainsRegex("failure  [a-z]+-[0-9]+ stands still, as foreseen [0-9]+ minutes ago"));
  EXPECT_THAT(ended.errors, ContainsRegex("failures [0-9]+, foreseen [0-9]+, [0-9]+ minutes ahead in the middle"));
}

TEST(DemoTest, CallsNoAlertFalseWhoseEndItDoesNotSee) {
  Process process({program_path("predictive_maintenance"), "--live", "--speed", "1000"});
  process.wait_for_errors("ALERT");
  process.send_signal(SIGINT);
  const ProcessResult ended = process.wait();
  EXPECT_EQ(ended.exit_code, 0) << describe(ended);
  EXPECT_THAT(ended.errors, HasSubstr("false alarms 0\n"));
}

TEST(DemoTest, IsNoDelugeOnTheTerminal) {
  Process process({program_path("predictive_maintenance"), "--live", "--status"});
  process.wait_for_errors("2 s  in ");
  process.send_signal(SIGINT);
  const ProcessResult ended = process.wait();
  EXPECT_EQ(ended.exit_code, 0) << describe(ended);
  const auto lines = std::ranges::count(ended.errors.substr(0, ended.errors.find("2 s  in ")), '\n');
  EXPECT_LT(lines, 24) << ended.errors;
}

/// From "console: http://127.0.0.1:PORT".
std::string port_in(const std::string& said) {
  const std::string begin = "console: http://127.0.0.1:";
  const std::size_t at = said.find(begin) + begin.size();
  return said.substr(at, said.find('\n', at) - at);
}

TEST(DemoTest, IsBrokenFromATerminalAndRecovers) {
  Process process({program_path("predictive_maintenance"), "--live", "--console", "127.0.0.1:0"});
  process.wait_for_errors("ALERT");
  const std::string port = port_in(process.errors());
  EXPECT_THAT(run_program("streamwork", {"experiment", "--at", port}).output,
              AllOf(HasSubstr("Slow the sink\n"), HasSubstr("Send late data\n"), HasSubstr("Poison an event\n"),
                    HasSubstr("Crash an operator\n")));
  const auto experiment = [&](const std::string& name, const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments{"experiment", name, "--at", port};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_program("streamwork", arguments);
  };
  const auto refused_of = [&](const std::string& vertex, const std::string& text) {
    ProcessResult answer;
    for (int i = 0; i < 200 && answer.output.find(text) == std::string::npos; ++i) {
      if (i > 0) std::this_thread::sleep_for(std::chrono::milliseconds(50));
      answer = run_program("streamwork", {"refused", vertex, "--at", port});
    }
    return answer.output;
  };
  EXPECT_THAT(experiment("Poison an event").output, HasSubstr("watch: 'plausible' refuses them"));
  EXPECT_THAT(refused_of("plausible", "\"bad\""), HasSubstr("the vibration is not a number"));
  EXPECT_THAT(experiment("Send late data").output, HasSubstr("has begun"));
  EXPECT_THAT(refused_of("rolling statistics", "\"late\""), HasSubstr("too late"));
  EXPECT_THAT(experiment("Send late data", {"--undo"}).output, HasSubstr("has ended"));
  EXPECT_EQ(experiment("Send late data", {"--undo"}).exit_code, 1);
  EXPECT_EQ(experiment("Set it on fire").exit_code, 1);
  EXPECT_THAT(experiment("Crash an operator").output, HasSubstr("has begun"));
  process.wait_for_errors("failed, starting again: vertex 'wear watch', instance 0: somebody has pulled the plug");
  process.wait_for_errors("goes on from checkpoint");  // only then: what the console tells is up to a second old
  std::string status;
  for (int i = 0; i < 200 && status.find(", running") == std::string::npos; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    status = run_program("streamwork", {"status", "--at", port}).output;
  }
  EXPECT_THAT(status, HasSubstr(", running")) << "it has recovered";
  process.send_signal(SIGINT);
  const ProcessResult ended = process.wait();
  EXPECT_EQ(ended.exit_code, 0) << describe(ended);
}

TEST(DemoTest, KeepsTheAlertsIfAsked) {
  const ProcessResult ended = run_program("predictive_maintenance", hurried_and({"--hours", "24", "--output", "-"}));
  EXPECT_EQ(ended.exit_code, 0) << describe(ended);
  EXPECT_THAT(ended.output, ::testing::StartsWith(R"({"machine":")"));
}

TEST(DemoTest, MistakesAreExplained) {
  EXPECT_EQ(run_program("predictive_maintenance", {"--live", "--speed", "0"}).exit_code, 2);
  EXPECT_EQ(
      run_program("predictive_maintenance", {"--live", "--seconds", "1", "--output", "/no/such/folder/out"}).exit_code,
      1);
}

TEST(DemoTest, TheScriptStartsIt) {
  std::ifstream script(source_path("dev"));
  const std::string text{std::istreambuf_iterator<char>(script), {}};
  EXPECT_THAT(text, HasSubstr("demo_program=predictive_maintenance\n"));
  EXPECT_THAT(text, HasSubstr("run_program \"$demo_program\" --live --status \"$@\""));
}

}  // namespace
}  // namespace streamwork::testkit
