#include "kit/process.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdio>
#include <fstream>
#include <string>

namespace streamwork::testkit {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(ProcessTest, CollectsBothOutputsAndTheExitCode) {
  Process process({"/bin/sh", "-c", "echo results; echo trouble >&2; exit 3"});
  const ProcessResult result = process.wait();
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result.signal, 0);
  EXPECT_EQ(result.output, "results\n");
  EXPECT_EQ(result.errors, "trouble\n");
}

TEST(ProcessTest, PassesMoreThroughThanPipesHold) {
  Process process({"/bin/cat"});
  const std::string much(3'000'000, 'x');
  EXPECT_TRUE(process.write(much));
  EXPECT_EQ(process.wait().output, much);
}

TEST(ProcessTest, SplitsLines) {
  EXPECT_THAT((ProcessResult{0, 0, "a\n\nb", ""}.output_lines()), ElementsAre("a", "", "b"));
  EXPECT_TRUE(ProcessResult().output_lines().empty());
}

TEST(ProcessTest, WaitsForWhatIsPrintedWhileItRuns) {
  Process process({"/bin/cat"});
  process.write("one\ntwo\n");
  process.wait_for_output("two");
  process.wait_for_output_lines(2);
  EXPECT_EQ(process.wait().exit_code, 0);
}

TEST(ProcessTest, SaysWhatWasPrintedWhenItEndsTooEarly) {
  Process process({"/bin/sh", "-c", "echo something else"});
  try {
    process.wait_for_output("the answer");
    FAIL() << "no exception";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("something else"));
  }
}

TEST(ProcessTest, KillsWhatTakesTooLong) {
  Process process({"/bin/sleep", "100"});
  EXPECT_THROW(process.wait(20ms), std::runtime_error);
}

TEST(ProcessTest, TellsTheSignalThatEndedIt) {
  Process process({"/bin/sleep", "100"});
  process.send_signal(SIGTERM);
  const ProcessResult result = process.wait();
  EXPECT_EQ(result.signal, SIGTERM);
  EXPECT_EQ(result.exit_code, -1);
}

TEST(ProcessTest, KnowsThatNobodyReadsItsInput) {
  Process process({"/bin/true"});
  process.wait_with_open_input();
  EXPECT_FALSE(process.write("too late"));
}

TEST(ProcessTest, OffersATerminal) {
  Process process({"/bin/sh", "-c", "test -t 1 && echo terminal"}, {.output = ProcessOptions::Output::terminal});
  EXPECT_EQ(process.wait().output, "terminal\n");
}

TEST(ProcessTest, OffersAnOutputThatNobodyReads) {
  Process process({"/bin/sh", "-c", "echo lost"}, {.output = ProcessOptions::Output::closed});
  EXPECT_NE(process.wait().exit_code, 0);
}

TEST(ProcessTest, ReadsAndWritesFiles) {
  const std::string folder = ::testing::TempDir();
  std::ofstream(folder + "/process_input") << "from a file\n";
  Process process({"/bin/cat"}, {.output_path = folder + "/process_output", .input_path = folder + "/process_input"});
  EXPECT_EQ(process.wait().output, "");
  std::string line;
  std::getline(std::ifstream(folder + "/process_output"), line);
  EXPECT_EQ(line, "from a file");
}

TEST(ProcessTest, SetsEnvironmentAndFolder) {
  Process process({"/bin/sh", "-c", "echo $GREETING; pwd"}, {.environment = {"GREETING=hello"}, .working_folder = "/"});
  EXPECT_EQ(process.wait().output, "hello\n/\n");
}

TEST(ProcessTest, RefusesAProgramThatIsNotThere) { EXPECT_THROW(Process({"/no/such/program"}), std::system_error); }

}  // namespace
}  // namespace streamwork::testkit
