// window_lab from outside: its flags, its exit codes, its rows at every parallelism, and the lines that came too late.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "kit/process.hpp"
#include "kit/scale.hpp"
#include "kit/temporary_folder.hpp"

namespace streamwork::testkit {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;
using Arguments = std::vector<std::string>;

std::vector<std::string> sorted_lines(const std::string& text) {
  std::vector<std::string> lines = ProcessResult{0, 0, text, ""}.output_lines();
  std::ranges::sort(lines);
  return lines;
}

std::vector<std::string> rows_of(const std::string& input, const Arguments& more) {
  const TemporaryFolder folder;
  Arguments arguments{"--input", "file:" + folder.write("input.jsonl", input)};
  arguments.insert(arguments.end(), more.begin(), more.end());
  const ProcessResult result = run_program("window_lab", arguments);
  EXPECT_EQ(result.exit_code, 0) << describe(result);
  return sorted_lines(result.output);
}

std::string reading(const std::string& key, std::int64_t time, int value) {
  return R"({"key":")" + key + R"(","time":)" + std::to_string(time) + R"(,"value":)" + std::to_string(value) + "}\n";
}

/// Readings of a few keys, out of order.
std::string random_readings(std::uint64_t seed, int count) {
  std::mt19937_64 random(seed);
  std::string input;
  for (int i = 0; i < count; ++i) {
    const std::int64_t time = 1'700'000'000'000 + i * 20 - static_cast<std::int64_t>(random() % 2500);
    input += reading("key " + std::to_string(random() % 9), time, static_cast<int>(random() % 100));
  }
  return input;
}

}  // namespace

TEST(WindowLab, RefusesBadFlagsWithExitCode2) {
  const TemporaryFolder folder;
  const std::string input = "file:" + folder.write("input.jsonl", reading("a", 0, 1));
  const Arguments good{"--input", input, "--window", "tumbling:5s"};
  const auto with = [&](const Arguments& more) {
    Arguments all = good;
    all.insert(all.end(), more.begin(), more.end());
    return all;
  };
  const std::vector<Arguments> bad{
      {"--input", input},
      {"--window", "tumbling:5s"},
      {"--input", "input.jsonl", "--window", "tumbling:5s"},
      with({"--output", "dir:"}),
      with({"--late", "dir:"}),
      with({"--late", "-"}),
      with({"--restore", "none"}),
      with({"--stop-with-savepoint"}),
      with({"--rate", "1e308"}),
      with({"--aggregate", "median"}),
      with({"--aggregate", "count,count"}),
      with({"--aggregate", ""}),
      with({"--out-of-order", "-1s"}),
      with({"--lateness", "soon"}),
      with({"--granularity", "0ms"}),
      with({"--parallelism", "0"}),
      with({"--no-such-flag"}),
  };
  for (const Arguments& arguments : bad) {
    const ProcessResult result = run_program("window_lab", arguments);
    EXPECT_EQ(result.exit_code, 2) << ::testing::PrintToString(arguments) << describe(result);
    EXPECT_EQ(result.output, "");
    EXPECT_NE(result.errors, "");
  }
}

TEST(WindowLab, RefusesWindowsThatDoNotExistWithExitCode2) {
  const TemporaryFolder folder;
  const std::string input = "file:" + folder.write("input.jsonl", reading("a", 0, 1));
  for (const char* window : {"tumbling", "tumbling:", "tumbling:0s", "tumbling:-5s", "tumbling:5", "tumbling:5s:1s",
                             "sliding:1s:2s", "sliding:10s", "session:0ms", "count:0", "count:-3", "count:2:3",
                             "count:ten", "cumulative:5s:2s", "yearly:1"}) {
    const ProcessResult result = run_program("window_lab", {"--input", input, "--window", window});
    EXPECT_EQ(result.exit_code, 2) << window << describe(result);
    EXPECT_THAT(result.errors, HasSubstr("tumbling:5s")) << "says what there is";
  }
}

TEST(JoinLab, SaysWhereLateLinesMayGo) {
  for (const char* late : {"-", "dir:"}) {
    const ProcessResult result =
        run_program("join_lab", {"--left", "file:l", "--right", "file:r", "--join", "as_of", "--late", late});
    EXPECT_EQ(result.exit_code, 2) << describe(result);
    EXPECT_THAT(result.errors, HasSubstr("--late '" + std::string(late) + "': expected PATH or dir:PATH"));
  }
}

TEST(WindowLab, EndsWithExitCode1ForAFileThatIsNotThere) {
  const ProcessResult result =
      run_program("window_lab", {"--input", "file:/no/such/file.jsonl", "--window", "tumbling:5s"});
  EXPECT_EQ(result.exit_code, 1) << describe(result);
  EXPECT_THAT(result.errors, HasSubstr("/no/such/file.jsonl"));
}

TEST(WindowLab, GivesTheSameRowsAtEveryParallelism) {
  const std::uint64_t seed = kit::seed();
  SCOPED_TRACE("STREAMWORK_TEST_SEED=" + std::to_string(seed));
  const std::string input = random_readings(seed, 3000);
  for (const char* window :
       {"tumbling:500ms", "sliding:1s:300ms", "cumulative:1s:250ms", "session:150ms", "count:7", "count:9:2"}) {
    SCOPED_TRACE(window);
    const Arguments arguments{"--window",       window, "--aggregate", "count,sum,min,max,avg",
                              "--out-of-order", "1s",   "--lateness",  "700ms"};
    const std::vector<std::string> expected = rows_of(input, arguments);
    EXPECT_GT(expected.size(), 100U);
    for (const char* parallelism : {"2", "4"}) {
      Arguments more = arguments;
      more.insert(more.end(), {"--parallelism", parallelism, "--workers", "3"});
      EXPECT_EQ(rows_of(input, more), expected) << parallelism;
    }
  }
}

TEST(WindowLab, WritesLateLinesUnchanged) {
  const TemporaryFolder folder;
  const std::string late_line = R"( { "value" : 1.50, "time":1000,  "key":"a", "more":[1,2] })";
  const std::string input =
      reading("a", 1500, 1) + reading("a", 20'000, 2) + late_line + "\n" + reading("b", 21'000, 3);
  const std::string late = folder.path("late.jsonl");
  EXPECT_THAT(rows_of(input, {"--window", "tumbling:5s", "--late", late}),
              UnorderedElementsAre(R"({"key":"a","start":0,"end":5000,"count":1,"update":false})",
                                   R"({"key":"a","start":20000,"end":25000,"count":1,"update":false})",
                                   R"({"key":"b","start":20000,"end":25000,"count":1,"update":false})"));
  EXPECT_EQ(folder.read("late.jsonl"), late_line + "\n");
}

TEST(WindowLab, UpdatesAWindowWithinTheAllowedLateness) {
  const std::string input = reading("a", 1500, 1) + reading("a", 5500, 2) + reading("a", 1000, 4);
  EXPECT_THAT(rows_of(input, {"--window", "tumbling:5s", "--aggregate", "sum", "--lateness", "1s"}),
              UnorderedElementsAre(R"({"key":"a","start":0,"end":5000,"sum":1,"update":false})",
                                   R"({"key":"a","start":0,"end":5000,"sum":5,"update":true})",
                                   R"({"key":"a","start":5000,"end":10000,"sum":2,"update":false})"));
}

TEST(WindowLab, TakesBackSessionsThatALateReadingJoins) {
  const std::string input =
      reading("a", 1000, 1) + reading("a", 6000, 2) + reading("a", 20'000, 3) + reading("a", 3500, 4);
  EXPECT_THAT(rows_of(input, {"--window", "session:3s", "--lateness", "60s"}),
              UnorderedElementsAre(R"({"key":"a","start":1000,"end":4000,"count":1,"update":false})",
                                   R"({"key":"a","start":6000,"end":9000,"count":1,"update":false})",
                                   R"({"key":"a","start":1000,"end":4000,"count":1,"update":false,"retract":true})",
                                   R"({"key":"a","start":6000,"end":9000,"count":1,"update":false,"retract":true})",
                                   R"({"key":"a","start":1000,"end":9000,"count":3,"update":true})",
                                   R"({"key":"a","start":20000,"end":23000,"count":1,"update":false})"));
}

TEST(WindowLab, RoundsWatermarksDownToTheGranularity) {
  const std::string input = reading("a", 1500, 1) + reading("a", 5400, 2) + reading("a", 1000, 4);
  EXPECT_THAT(rows_of(input, {"--window", "tumbling:5s"}), ::testing::Contains(HasSubstr(R"("end":5000,"count":1,)")));
  EXPECT_THAT(rows_of(input, {"--window", "tumbling:5s", "--granularity", "3s"}),
              ::testing::Contains(HasSubstr(R"("end":5000,"count":2,)")))
      << "at 5400 event time has come to 3000 only";
}

TEST(WindowLab, PlacesTimesBefore1970) {
  EXPECT_THAT(
      rows_of(reading("a", -1, 1) + reading("a", -5000, 1), {"--window", "tumbling:5s", "--out-of-order", "9s"}),
      ElementsAre(R"({"key":"a","start":-5000,"end":0,"count":2,"update":false})"));
}

TEST(WindowLab, GivesNothingForAnEmptyFile) {
  EXPECT_THAT(rows_of("", {"--window", "session:3s"}), ElementsAre());
  EXPECT_THAT(rows_of("", {"--window", "count:3"}), ElementsAre());
}

}  // namespace streamwork::testkit
