// The commands of `streamwork` about a job that runs: the demo, with checkpoints.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <string>
#include <thread>
#include <vector>

#include "kit/process.hpp"
#include "kit/temporary_folder.hpp"

namespace streamwork::testkit {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

class JobCommands : public ::testing::Test {
 protected:
  JobCommands()
      : demo_({program_path("predictive_maintenance"), "--live", "--console", "127.0.0.1:0", "--checkpoint-dir",
               checkpoints(), "--checkpoint-interval", "500ms"}) {
    demo_.wait_for_errors("ALERT");
    const std::string said = demo_.errors();
    const std::string begin = "console: http://127.0.0.1:";
    const std::size_t at = said.find(begin) + begin.size();
    port_ = said.substr(at, said.find('\n', at) - at);
  }
  ~JobCommands() override {
    demo_.send_signal(SIGKILL);
    demo_.wait();
  }

  std::string checkpoints() const { return folder_.path("checkpoints"); }
  ProcessResult run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--at", port_});
    return run_program("streamwork", arguments);
  }
  /// What a command prints as soon as that is in it.
  std::string said_of(const std::vector<std::string>& arguments, const std::string& expected) const {
    ProcessResult result;
    for (int i = 0; i < 200 && result.output.find(expected) == std::string::npos; ++i) {
      if (i > 0) std::this_thread::sleep_for(std::chrono::milliseconds(50));
      result = run(arguments);
    }
    return result.output + result.errors;
  }

 private:
  TemporaryFolder folder_;
  Process demo_;
  std::string port_;
};

TEST_F(JobCommands, ShowAVertexWithItsInstancesAndEdges) {
  const std::string statistics = said_of({"status", "rolling statistics"}, "full");
  EXPECT_THAT(statistics, AllOf(HasSubstr("rolling statistics\n"), HasSubstr("instance"), HasSubstr("held back by")));
  EXPECT_THAT(statistics, HasSubstr("windows: sliding 10min by 1min\n"));
  EXPECT_THAT(statistics, ContainsRegex("plausible -> rolling statistics .*fields.* [0-9.]+( k| M)?/s +[0-9]+ % full"));
  // Behind a regrouping that only passes events on there are queues, too.
  EXPECT_THAT(said_of({"status", "historian"}, "full"), ContainsRegex("wear watch -> historian .* [0-9]+ % full"));
  EXPECT_THAT(said_of({"status", "historian", "--json"}, "instances"), MatchesRegex("\\{\"vertex\":\\{.*\\}\n"));
  EXPECT_EQ(run({"status", "nobody"}).exit_code, 1);
}

TEST_F(JobCommands, TakeASavepointAndWaitForIt) {
  const ProcessResult taken = run({"savepoint"});
  EXPECT_EQ(taken.exit_code, 0) << describe(taken);
  ASSERT_THAT(taken.output, HasSubstr("the savepoint is complete: " + checkpoints() + "/savepoint-"));
  const std::string place = taken.output.substr(taken.output.find('/'));
  const ProcessResult inspected = run_program("streamwork", {"inspect", place.substr(0, place.find('\n'))});
  EXPECT_EQ(inspected.exit_code, 0) << describe(inspected);
  const std::string number = std::to_string(std::stoi(place.substr(place.rfind('-') + 1)));
  EXPECT_THAT(run({"checkpoints", number}).output, AllOf(HasSubstr("savepoint, complete"), HasSubstr("written"),
                                                         ContainsRegex("rolling statistics instance 0")));
  EXPECT_EQ(run({"checkpoints", "999999"}).exit_code, 1);
}

TEST_F(JobCommands, TellWhatWasAndLookAgainEverySecond) {
  EXPECT_THAT(said_of({"history"}, "/s"), ContainsRegex("20[0-9-]+ [0-9:]+ +[0-9.]+"));
  EXPECT_THAT(run({"history", "--json"}).output, HasSubstr("\"watermark_lag_ms\""));
  const ProcessResult once = run({"top", "--once"});
  EXPECT_THAT(once.output, AllOf(HasSubstr("rolling statistics"), Not(HasSubstr("\x1b")))) << describe(once);
  EXPECT_THAT(run({"log"}).output, ContainsRegex("^20[0-9-]+ [0-9:]+  "));
}

TEST(JobCommandLine, FailsWhenNobodyCanReadWhatItSays) {
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"list"}, {"--help"}}) {
    const ProcessResult result = run_program("streamwork", arguments, {}, {.closed_descriptors = {STDOUT_FILENO}});
    EXPECT_EQ(result.exit_code, 1) << describe(result);
    EXPECT_THAT(result.errors, HasSubstr("standard output cannot be written"));
  }
}

TEST(JobCommandLine, TellsWhatItDoesNotUnderstandFromWhatItCannotDo) {
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{},
                                                    {"lsit"},
                                                    {"list", "--al"},
                                                    {"list", "all"},
                                                    {"list", "--at"},
                                                    {"list", "--at", "x"},
                                                    {"tap"},
                                                    {"rescale", "counter"},
                                                    {"stop", "--drain", "--savepoint"},
                                                    {"new", "1st"}}) {
    const ProcessResult result = run_program("streamwork", arguments);
    EXPECT_EQ(result.exit_code, 2) << describe(result);
    EXPECT_THAT(result.errors, HasSubstr("streamwork --help lists all commands"));
  }
  const TemporaryFolder folder;
  const ProcessOptions inside{.working_folder = folder.path("")};
  ASSERT_EQ(run_program("streamwork", {"new", "my_job"}, {}, inside).exit_code, 0);
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"new", "my_job"},
                                                    {"list", "--at", "1"},
                                                    {"status", "--job", "nobody's"},
                                                    {"list", "--token", "missing"}}) {
    const ProcessResult result = run_program("streamwork", arguments, {}, inside);
    EXPECT_EQ(result.exit_code, 1) << describe(result);
    EXPECT_THAT(result.errors, Not(HasSubstr("--help")));
  }
}

TEST(JobCommandLine, ExplainsItself) {
  EXPECT_EQ(run_program("streamwork", {"tap", "--help"}).exit_code, 0);
  EXPECT_THAT(run_program("streamwork", {"completion", "bash"}).output, HasSubstr("complete -F _streamwork"));
  const ProcessResult fish = run_program("streamwork", {"completion", "fish"});
  EXPECT_EQ(fish.exit_code, 2);
  EXPECT_THAT(fish.errors, HasSubstr("there is a completion for bash"));
}

}  // namespace
}  // namespace streamwork::testkit
