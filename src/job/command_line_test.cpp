// What is accepted, what is a mistake, and what is said about it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <streamwork/command_line.hpp>

#include "kit/temporary_folder.hpp"

namespace streamwork {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

/// A program with an option of each kind, and what its command line came to.
struct Program {
  std::string input = "tcp:127.0.0.1:9990";
  std::string output = "-";
  std::string grouping = "fields";
  std::int64_t parallelism = 2;
  double rate = 2.5;
  bool fast = false;
  CommandLine command_line{"vehicle_count", "Counts vehicles by type."};
  std::optional<int> exit_code;
  std::string out;
  std::string error;

  explicit Program(std::vector<std::string> arguments) {
    const auto check = [](const std::string& text) {
      return text == "-" || text.starts_with("file:") ? std::string() : std::string("file:PATH or -");
    };
    command_line.option("--input", input, "file:PATH or -", check);
    command_line.option("--output", output, "PATH or -");
    command_line.choice("--grouping", grouping, "How events choose an instance", {"shuffle", "fields", "all"});
    command_line.option("--parallelism", parallelism, "Instances of the counter", -3, 128);
    command_line.option("--rate", rate, "Events per second");
    command_line.flag("--fast", fast, "Hurry");
    arguments.insert(arguments.begin(), "./vehicle_count");
    std::vector<const char*> argv;
    for (const std::string& argument : arguments) argv.push_back(argument.c_str());
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    exit_code = command_line.parse(static_cast<int>(argv.size()), argv.data());
    out = testing::internal::GetCapturedStdout();
    error = testing::internal::GetCapturedStderr();
  }
};

void expect_mistake(const std::vector<std::string>& arguments, const std::string& message) {
  const Program program(arguments);
  EXPECT_EQ(program.exit_code, 2) << testing::PrintToString(arguments);
  EXPECT_EQ(program.error,
            "vehicle_count: " + message + "\nvehicle_count --help lists all options and what they expect\n");
  EXPECT_THAT(program.out, IsEmpty());
}

TEST(CommandLine, KeepsDefaults) {
  const Program program({});
  EXPECT_EQ(program.exit_code, std::nullopt);
  EXPECT_EQ(program.input, "tcp:127.0.0.1:9990");
  EXPECT_EQ(program.command_line.workers(), 0);
  EXPECT_EQ(program.command_line.explain(), "");
  EXPECT_EQ(program.command_line.seconds(), 0);
  EXPECT_FALSE(program.command_line.status());
  EXPECT_FALSE(program.command_line.quiet());
  EXPECT_THAT(program.error + program.out, IsEmpty());
}

TEST(CommandLine, ReadsOptionsOfItsOwn) {
  const Program program(
      {"--input", "file:a=b", "--output=/dev/null", "--grouping", "all", "--parallelism=7", "--rate", "1e3", "--fast"});
  EXPECT_EQ(program.exit_code, std::nullopt);
  EXPECT_EQ(program.input, "file:a=b");
  EXPECT_EQ(program.output, "/dev/null");
  EXPECT_EQ(program.grouping, "all");
  EXPECT_EQ(program.parallelism, 7);
  EXPECT_EQ(program.rate, 1000);
  EXPECT_TRUE(program.fast);
}

TEST(CommandLine, ReadsWhereStateIs) {
  EXPECT_EQ(Program({}).command_line.state().backend, StateBackend::memory);
  const Program program({"--state-backend", "rocksdb", "--state-memory", "3GiB"});
  EXPECT_EQ(program.exit_code, std::nullopt);
  EXPECT_EQ(program.command_line.state().backend, StateBackend::rocksdb);
  EXPECT_EQ(program.command_line.state().memory_bytes, std::uint64_t{3} << 30U);
  for (const std::string size : {"64", "64MB", "-1MiB", "1MiB", "99999999999GiB", "MiB"}) {
    expect_mistake({"--state-backend", "rocksdb", "--state-memory", size},
                   "--state-memory '" + size + "': expected a size such as 512MiB (KiB, MiB, GiB), at least 16MiB");
  }
  expect_mistake({"--state-memory", "64MiB"},
                 "--state-memory is for --state-backend rocksdb: with memory, all state is in memory");
}

TEST(CommandLine, ReadsTheOptionsOfEveryJob) {
  const Program program({"--workers", "1024", "--status", "--quiet", "--seconds", "1.5", "--console", "off"});
  EXPECT_EQ(program.exit_code, std::nullopt);
  EXPECT_EQ(program.command_line.workers(), 1024);
  EXPECT_EQ(program.command_line.seconds(), 1.5);
  EXPECT_TRUE(program.command_line.status());
  EXPECT_TRUE(program.command_line.quiet());
}

TEST(CommandLine, ReadsExplainWithAndWithoutAFormat) {
  EXPECT_EQ(Program({"--explain"}).command_line.explain(), "text");
  EXPECT_EQ(Program({"--explain", "--quiet"}).command_line.explain(), "text");
  EXPECT_EQ(Program({"--explain=json"}).command_line.explain(), "json");
  EXPECT_EQ(Program({"--explain", "dot"}).command_line.explain(), "dot");
}

TEST(CommandLine, TakesValuesThatBeginWithADash) {
  EXPECT_EQ(Program({"--input", "-"}).input, "-");
  EXPECT_EQ(Program({"--input=-"}).input, "-");
  EXPECT_EQ(Program({"--output", "-"}).output, "-");
  EXPECT_EQ(Program({"--output", "-5"}).output, "-5");
  EXPECT_EQ(Program({"--output", "--strange"}).output, "--strange");
  EXPECT_EQ(Program({"--parallelism", "-3"}).parallelism, -3);
  EXPECT_EQ(Program({"--parallelism=-3"}).parallelism, -3);
}

TEST(CommandLine, TakesValuesAsTheyAre) {
  EXPECT_EQ(Program({"--output=[a,b]"}).output, "[a,b]");
  EXPECT_EQ(Program({"--output", "a b\"c"}).output, "a b\"c");
  EXPECT_EQ(Program({"--output=x=y"}).output, "x=y");
}

TEST(CommandLine, TakesTheLastOfAnOptionGivenTwice) {
  EXPECT_EQ(Program({"--workers", "2", "--workers=4"}).command_line.workers(), 4);
  EXPECT_EQ(Program({"--explain=json", "--explain=dot"}).command_line.explain(), "dot");
}

TEST(CommandLine, TakesInstancesOfSeveralVertices) {
  const Program program({"--instances", "count=3", "--instances=a=b=2", "--instances", "count=4"});
  EXPECT_EQ(program.exit_code, std::nullopt) << program.error;
  EXPECT_EQ(program.command_line.parallelism(), (std::map<std::string, int>{{"count", 4}, {"a=b", 2}}));
  for (const std::string text : {"count", "=2", "count=", "count=0", "count=-1", "count=2x", "count=99999999999"}) {
    expect_mistake({"--instances", text}, "--instances '" + text +
                                              "': expected VERTEX=NUMBER, the name of a vertex and a number of "
                                              "instances, at least 1");
  }
}

TEST(CommandLine, AcceptsWhereTheConsoleWillListen) {
  for (const std::string place : {"7000", "0.0.0.0:80", "localhost:65535", "[::1]:7000", "0", "127.0.0.1:0", "off"}) {
    EXPECT_EQ(Program({"--console", place}).exit_code, std::nullopt) << place;
  }
}

TEST(CommandLine, KnowsWhereTheConsoleListensAndWithWhichToken) {
  const Program usual({});
  ASSERT_TRUE(usual.command_line.console());
  EXPECT_EQ(usual.command_line.console()->address, "127.0.0.1:7000");
  EXPECT_TRUE(usual.command_line.console()->next_free_port);
  EXPECT_EQ(usual.command_line.console()->token, "");
  EXPECT_FALSE(Program({"--console", "off"}).command_line.console());
  const testkit::TemporaryFolder folder;
  folder.write("token", "0123456789abcdef\n");
  folder.write("short", "0123456789abcde\n");
  const Program other({"--console", "7001", "--console-token", folder.path("token")});
  ASSERT_TRUE(other.command_line.console());
  EXPECT_EQ(other.command_line.console()->address, "127.0.0.1:7001");
  EXPECT_FALSE(other.command_line.console()->next_free_port);
  EXPECT_EQ(other.command_line.console()->token, "0123456789abcdef");
  EXPECT_EQ(Program({"--console-token", folder.path("short")}).exit_code, 2);
  EXPECT_EQ(Program({"--console-token", folder.path("missing")}).exit_code, 2);
}

TEST(CommandLine, RefusesOtherPlacesForTheConsole) {
  for (const std::string place : {"65536", "70000", "-1", "on", "localhost", "localhost:", ":7000", "::1:7000",
                                  "[]:7000", "a b:7000", "localhost:http", "http://localhost:7000"}) {
    expect_mistake({"--console", place},
                   "--console '" + place +
                       "': expected PORT (0: any that is free), HOST:PORT (an IPv6 address in brackets) or off");
  }
}

TEST(CommandLine, RefusesWhatItDoesNotKnow) {
  expect_mistake({"--wrokers", "2"}, "unknown option '--wrokers'");
  expect_mistake({"--work", "2"}, "unknown option '--work'");
  expect_mistake({"-x"}, "unknown option '-x'");
  expect_mistake({"--fast", "--wrokers=2"}, "unknown option '--wrokers=2'");
  expect_mistake({"input.txt"}, "unexpected argument 'input.txt': every value belongs to an option");
  expect_mistake({"--fast", "yes"}, "unexpected argument 'yes': every value belongs to an option");
  expect_mistake({"-"}, "unexpected argument '-': every value belongs to an option");
  expect_mistake({"--", "input.txt"}, "unexpected argument 'input.txt': every value belongs to an option");
  expect_mistake({""}, "unexpected argument '': every value belongs to an option");
}

TEST(CommandLine, RefusesMissingValues) {
  expect_mistake({"--workers"}, "--workers needs a value: expected --workers NUMBER");
  expect_mistake({"--workers="}, "--workers needs a value: expected --workers NUMBER");
  expect_mistake({"--workers", "--quiet"}, "--workers needs a value: expected --workers NUMBER");
  expect_mistake({"--workers", "--seconds=3"}, "--workers needs a value: expected --workers NUMBER");
  expect_mistake({"--grouping"}, "--grouping needs a value: expected --grouping shuffle|fields|all");
  expect_mistake({"--output", "--fast"}, "--output needs a value: expected --output VALUE: PATH or - [-]");
  expect_mistake({"--output", ""}, "--output '': expected a value");
  expect_mistake({"--explain="}, "--explain needs a value: expected --explain text|json|dot");
}

TEST(CommandLine, RefusesValuesOfFlags) {
  expect_mistake({"--quiet=yes"}, "--quiet takes no value");
  expect_mistake({"--fast=false"}, "--fast takes no value");
  expect_mistake({"--status="}, "--status takes no value");
}

TEST(CommandLine, RefusesMalformedAndOutOfRangeValues) {
  for (const std::string workers : {"0", "1025", "-1", "two", "2.0", "0x2", "+2", " 2", "2 ", "99999999999999999999"}) {
    expect_mistake({"--workers", workers}, "--workers '" + workers + "': expected a whole number from 1 to 1024");
  }
  for (const std::string seconds : {"-1", "soon", "nan", "inf", "1e10", "3s"}) {
    expect_mistake({"--seconds", seconds}, "--seconds '" + seconds + "': expected a number of seconds, at least 0");
  }
  expect_mistake({"--rate", "-0.5"}, "--rate '-0.5': expected a number, at least 0");
  expect_mistake({"--rate", "1e999"}, "--rate '1e999': expected a number, at least 0");
  expect_mistake({"--parallelism", "129"}, "--parallelism '129': expected a whole number from -3 to 128");
  expect_mistake({"--grouping", "field"}, "--grouping 'field': expected shuffle, fields or all");
  expect_mistake({"--explain=xml"}, "--explain 'xml': expected text, json or dot");
  expect_mistake({"--explain", "plan"}, "--explain 'plan': expected text, json or dot");
  expect_mistake({"--input", "ftp:x"}, "--input 'ftp:x': expected file:PATH or -");
}

/// What a program says that has no options of its own.
std::string mistake_of(std::vector<const char*> arguments) {
  CommandLine command_line("program", "");
  arguments.insert(arguments.begin(), "program");
  testing::internal::CaptureStderr();
  const auto exit_code = command_line.parse(static_cast<int>(arguments.size()), arguments.data());
  const std::string error = testing::internal::GetCapturedStderr();
  EXPECT_EQ(exit_code.has_value(), !error.empty());
  EXPECT_EQ(exit_code.value_or(2), 2);
  return error.substr(0, error.find('\n'));
}

TEST(CommandLine, RefusesWhatWouldBeIgnoredWithoutCheckpoints) {
  for (const std::string restore : {"none", "checkpoints/savepoint-000003"}) {
    EXPECT_EQ(mistake_of({"--restore", restore.c_str()}),
              "program: --restore " + restore + " without checkpoints: give their --checkpoint-dir, or leave it out");
    EXPECT_EQ(mistake_of({"--restore", restore.c_str(), "--checkpoint-dir", "checkpoints"}), "");
  }
  const std::string no_place =
      "program: --stop-with-savepoint without a directory for it: give --checkpoint-dir PATH, or leave it out";
  EXPECT_EQ(mistake_of({"--stop-with-savepoint"}), no_place);
  EXPECT_EQ(mistake_of({"--stop-with-savepoint", "--checkpoint-dir", ":memory:"}), no_place);
  EXPECT_EQ(mistake_of({"--checkpoint-dir", "checkpoints", "--stop-with-savepoint"}), "");
  EXPECT_EQ(mistake_of({"--restore", "latest"}), "");
  EXPECT_EQ(mistake_of({"--overwrite-output"}), "");  // there may be a directory of results
}

TEST(CommandLine, RefusesARateThatNobodyCanKeep) {
  for (const std::string rate : {"-1", "nan", "inf", "1.1e12", "1e18", "1e308"}) {
    EXPECT_EQ(mistake_of({"--rate", rate.c_str()}),
              "program: --rate '" + rate + "': expected a number of events per second from 0 to 1e12");
  }
  EXPECT_EQ(mistake_of({"--rate", "1e12"}), "");
}

TEST(CommandLine, PrintsHelpOnStandardOutput) {
  for (const std::string name : {"--help", "-h"}) {
    const Program program({name});
    EXPECT_EQ(program.exit_code, 0);
    EXPECT_THAT(program.error, IsEmpty());
    EXPECT_THAT(program.out,
                StartsWith("Counts vehicles by type.\n\nUsage: vehicle_count [options]\n\nOptions:\n  --input VALUE "));
    EXPECT_THAT(program.out,
                AllOf(HasSubstr("file:PATH or - [tcp:127.0.0.1:9990]"), HasSubstr("--grouping shuffle|fields|all"),
                      HasSubstr("--rate NUMBER"), HasSubstr("Events per second [2.5]"),
                      HasSubstr("Instances of the counter [2]"), HasSubstr("Options of every job:\n")));
    for (const char* option : {"--workers NUMBER", "--console PORT|HOST:PORT|off", "--explain[=text|json|dot]",
                               "--status", "--seconds NUMBER", "--quiet", "--help"}) {
      EXPECT_THAT(program.out, HasSubstr(option));
    }
  }
}

TEST(CommandLine, CanBeReadTwice) {
  Program program({"--fast"});
  const char* arguments[] = {"vehicle_count", "--workers", "3"};
  EXPECT_EQ(program.command_line.parse(3, arguments), std::nullopt);
  EXPECT_EQ(program.command_line.workers(), 3);
}

TEST(CommandLine, NeedsNoArgumentsAtAll) {
  CommandLine command_line("program", "");
  EXPECT_EQ(command_line.parse(0, nullptr), std::nullopt);
}

}  // namespace
}  // namespace streamwork
