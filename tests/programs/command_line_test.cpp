// Mistakes and their exit codes: 2 for what is wrong with the command line itself, 1 for what was found when opening or
// running; the message names the thing, and standard output stays empty.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>

#include "kit/process.hpp"
#include "kit/tcp_server.hpp"

namespace streamwork::testkit {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Mistake {
  std::vector<std::string> arguments;
  std::string message;  ///< must be part of what is said
};

std::ostream& operator<<(std::ostream& out, const Mistake& mistake) {
  for (const std::string& argument : mistake.arguments) out << argument << " ";
  return out;
}

const std::vector<std::string> road_programs = {"vehicle_count", "stream_fork", "stream_merge", "stream_split"};

class CommandLineMistakeTest : public ::testing::TestWithParam<Mistake> {};

TEST_P(CommandLineMistakeTest, EndsWithTwoAndSaysWhatWasExpected) {
  for (const std::string& program : road_programs) {
    const ProcessResult result = run_program(program, GetParam().arguments);
    EXPECT_EQ(result.exit_code, 2) << program << ": " << describe(result);
    EXPECT_THAT(result.errors, AllOf(HasSubstr(GetParam().message), HasSubstr(program))) << program;
    EXPECT_THAT(result.output, IsEmpty()) << program;
  }
}

INSTANTIATE_TEST_SUITE_P(Unknown, CommandLineMistakeTest,
                         ::testing::Values(Mistake{{"--nonsense"}, "--nonsense"},
                                           Mistake{{"--nonsense=1"}, "--nonsense"}, Mistake{{"-x"}, "-x"},
                                           Mistake{{"--inputs", "-"}, "--inputs"}, Mistake{{"input.txt"}, "input.txt"},
                                           Mistake{{"--input", "-", "more"}, "more"}));

INSTANTIATE_TEST_SUITE_P(MalformedInput, CommandLineMistakeTest,
                         ::testing::Values(Mistake{{"--input"}, "--input"}, Mistake{{"--input", ""}, "--input"},
                                           Mistake{{"--input="}, "--input"}, Mistake{{"--input", "foo"}, "file:PATH"},
                                           Mistake{{"--input", "file:"}, "file:PATH"},
                                           Mistake{{"--input", "file"}, "file:PATH"},
                                           Mistake{{"--input", "input.txt"}, "file:PATH"},
                                           Mistake{{"--input", "tcp:"}, "tcp[:HOST:PORT]"},
                                           Mistake{{"--input", "tcp:9990"}, "tcp[:HOST:PORT]"},
                                           Mistake{{"--input", "tcp:localhost"}, "tcp[:HOST:PORT]"},
                                           Mistake{{"--input", "tcp:localhost:"}, "tcp[:HOST:PORT]"},
                                           Mistake{{"--input", "tcp::9990"}, "tcp[:HOST:PORT]"},
                                           Mistake{{"--input", "tcp:localhost:notaport"}, "tcp[:HOST:PORT]"},
                                           Mistake{{"--input", "tcp:localhost:0"}, "tcp[:HOST:PORT]"},
                                           Mistake{{"--input", "tcp:localhost:65536"}, "tcp[:HOST:PORT]"},
                                           Mistake{{"--input", "tcp:localhost:-1"}, "tcp[:HOST:PORT]"},
                                           Mistake{{"--input", "tcp:localhost:99x"}, "tcp[:HOST:PORT]"},
                                           Mistake{{"--input", "tcp:::1:9990"}, "tcp[:HOST:PORT]"},
                                           Mistake{{"--input", "udp:localhost:9990"}, "tcp[:HOST:PORT]"},
                                           Mistake{{"--input", "--output"}, "--input"}));

INSTANTIATE_TEST_SUITE_P(
    MalformedValues, CommandLineMistakeTest,
    ::testing::Values(
        Mistake{{"--output"}, "--output"}, Mistake{{"--output", ""}, "--output"},
        Mistake{{"--output", "dir:"}, "--output 'dir:': expected PATH, dir:PATH or -"},
        Mistake{{"--parallelism", "0"}, "--parallelism"}, Mistake{{"--parallelism", "-1"}, "--parallelism"},
        Mistake{{"--parallelism", "two"}, "--parallelism"}, Mistake{{"--parallelism", "1.5"}, "--parallelism"},
        Mistake{{"--parallelism", "2x"}, "--parallelism"}, Mistake{{"--parallelism", "129"}, "1 to 128"},
        Mistake{{"--parallelism", "99999999999999999999"}, "--parallelism"},
        Mistake{{"--parallelism"}, "--parallelism"}, Mistake{{"--source-parallelism", "0"}, "--source-parallelism"},
        Mistake{{"--source-parallelism", "x"}, "--source-parallelism"}, Mistake{{"--grouping", "random"}, "shuffle"},
        Mistake{{"--grouping", "Fields"}, "fields"}, Mistake{{"--grouping"}, "--grouping"},
        Mistake{{"--workers", "0"}, "--workers"}, Mistake{{"--workers", "many"}, "--workers"},
        Mistake{{"--console", "nowhere"}, "--console"}, Mistake{{"--console", "70000"}, "--console"},
        Mistake{{"--console"}, "--console"}, Mistake{{"--explain=pdf"}, "--explain"},
        Mistake{{"--seconds", "-1"}, "--seconds"}, Mistake{{"--seconds", "soon"}, "--seconds"},
        Mistake{{"--status=yes"}, "--status"}, Mistake{{"--quiet", "yes"}, "yes"}));

TEST(CommandLineTest, MergeHasASecondInput) {
  for (const std::string input : {"foo", "file:", "tcp:localhost:notaport"}) {
    const ProcessResult result = run_program("stream_merge", {"--input", "-", "--input2", input});
    EXPECT_EQ(result.exit_code, 2) << describe(result);
    EXPECT_THAT(result.errors, HasSubstr("--input2"));
  }
  EXPECT_EQ(run_program("vehicle_count", {"--input2", "-"}).exit_code, 2);
}

TEST(CommandLineTest, MergeCannotReadStandardInputTwice) {
  const ProcessResult result = run_program("stream_merge", {"--input", "-", "--input2", "-"}, "car\n");
  EXPECT_EQ(result.exit_code, 2) << describe(result);
  EXPECT_THAT(result.errors, HasSubstr("--input2"));
}

TEST(CommandLineTest, HelpNamesEveryOptionAndEndsWithZero) {
  for (const std::string& program : road_programs) {
    const ProcessResult result = run_program(program, {"--help"});
    EXPECT_EQ(result.exit_code, 0) << describe(result);
    for (const char* option :
         {"--input", "--output", "--source-parallelism", "--parallelism", "--grouping", "--workers", "--console",
          "--explain", "--status", "--seconds", "--quiet", "tcp:127.0.0.1:9990"}) {
      EXPECT_THAT(result.output, HasSubstr(option)) << program;
    }
  }
}

TEST(CommandLineTest, AcceptsEveryFlag) {
  const std::vector<std::string> arguments = {
      "--input=-", "--output",    "-",         "--source-parallelism=2", "--parallelism", "3",         "--grouping",
      "shuffle",   "--workers=2", "--console", "127.0.0.1:7007",         "--status",      "--seconds", "60",
      "--quiet"};
  for (const std::string program : {"vehicle_count", "stream_fork", "stream_split"}) {
    const ProcessResult result = run_program(program, arguments, "car\n");
    EXPECT_EQ(result.exit_code, 0) << program << ": " << describe(result);
    EXPECT_THAT(result.output, HasSubstr(R"("type":"car","count":1})")) << program;
    EXPECT_THAT(result.errors, IsEmpty()) << program;
  }
}

TEST(CommandLineTest, AcceptsEveryFormOfConsole) {
  for (const std::string console : {"7000", "localhost:7000", "[::1]:7000", "off"}) {
    EXPECT_EQ(run_program("vehicle_count", {"--input", "-", "--console", console}, "car\n").exit_code, 0) << console;
  }
}

TEST(CommandLineTest, TheLastOfTwoValuesCounts) {
  const ProcessResult result = run_program("vehicle_count", {"--input", "file:/no/such", "--input", "-"}, "car\n");
  EXPECT_EQ(result.exit_code, 0) << describe(result);
}

// --- found when opening or running: exit code 1, and the thing is named ---

void expect_failure(const std::vector<std::string>& arguments, const std::string& named) {
  for (const std::string& program : road_programs) {
    std::vector<std::string> all = arguments;
    if (program == "stream_merge") all.insert(all.end(), {"--input2", "file:/dev/null"});
    const ProcessResult result = run_program(program, all);
    EXPECT_EQ(result.exit_code, 1) << program << ": " << describe(result);
    EXPECT_THAT(result.errors, HasSubstr(named)) << program;
    EXPECT_THAT(result.output, IsEmpty()) << program;
  }
}

TEST(OpeningTest, MissingInputFile) { expect_failure({"--input", "file:/no/such/file"}, "/no/such/file"); }

TEST(OpeningTest, FolderAsInput) { expect_failure({"--input", "file:/tmp"}, "'/tmp'"); }

TEST(OpeningTest, RefusedConnection) {
  const std::string address = "127.0.0.1:" + std::to_string(refusing_port());
  expect_failure({"--input", "tcp:" + address}, address);
}

TEST(OpeningTest, UnknownHost) { expect_failure({"--input", "tcp:no-such-host.invalid:9990"}, "no-such-host.invalid"); }

TEST(OpeningTest, NoPortLeftForTheLastInstance) {
  expect_failure({"--input", "tcp:127.0.0.1:65535", "--source-parallelism", "2"}, "65535");
}

TEST(OpeningTest, OutputInAMissingFolder) {
  expect_failure({"--input", "file:/dev/null", "--output", "/no/such/folder/out"}, "/no/such/folder/out");
}

TEST(OpeningTest, FolderAsOutput) { expect_failure({"--input", "file:/dev/null", "--output", "/tmp"}, "'/tmp'"); }

TEST(OpeningTest, SecondInputOfMerge) {
  const ProcessResult result = run_program("stream_merge", {"--input", "file:/dev/null", "--input2", "file:/no/such"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.errors, HasSubstr("/no/such"));
}

}  // namespace
}  // namespace streamwork::testkit
