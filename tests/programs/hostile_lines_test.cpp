// Lines that nobody meant to send: they are counted as the types they are, and the output is valid JSON all the same.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "programs/road_results.hpp"

namespace streamwork::testkit {
namespace {

using ::testing::HasSubstr;

Totals count(const std::string& input, const std::vector<std::string>& more_arguments = {}) {
  std::vector<std::string> arguments{"--input", "-"};
  arguments.insert(arguments.end(), more_arguments.begin(), more_arguments.end());
  const ProcessResult result = run_program("vehicle_count", arguments, input);
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  return summed_last_counts(results_of(result));
}

TEST(HostileLinesTest, LineOfAMebibyte) {
  const std::string long_type(1 << 20, 'x');
  const std::string input = "car\n" + long_type + "\ncar\n" + long_type + "\n";
  EXPECT_EQ(count(input), (Totals{{"car", 2}, {long_type, 2}}));
  EXPECT_EQ(count(input, {"--parallelism", "3", "--grouping", "shuffle"}), (Totals{{"car", 2}, {long_type, 2}}));
}

TEST(HostileLinesTest, LineWithoutEndIsRefusedBeforeMemoryRunsOut) {
  Process process({program_path("vehicle_count"), "--input", "-"});
  const std::string piece(1 << 20, 'x');
  for (int i = 0; i < 100 && process.write(piece); ++i) {
  }
  const ProcessResult ended = process.wait();
  EXPECT_EQ(ended.exit_code, 1) << describe(ended);
  EXPECT_THAT(ended.errors, HasSubstr("standard input"));
}

TEST(HostileLinesTest, NulBytes) {
  using namespace std::string_literals;
  EXPECT_EQ(count("c\0r\nc\0r\n\0\n"s), (Totals{{"c\0r"s, 2}, {"\0"s, 1}}));
}

TEST(HostileLinesTest, InvalidUtf8IsWrittenAsReplacementCharacters) {
  EXPECT_EQ(count("\xFFtruck\n\xFFtruck\n"), (Totals{{"\uFFFDtruck", 2}}));
  EXPECT_EQ(count("caf\xC3\n"), (Totals{{"caf\uFFFD", 1}}));
}

TEST(HostileLinesTest, OtherScriptsPassUnchanged) {
  EXPECT_EQ(count("車\nвоз\n車\n🚗\n"), (Totals{{"車", 2}, {"воз", 1}, {"🚗", 1}}));
}

TEST(HostileLinesTest, QuotesAndControlCharactersAreEscaped) {
  EXPECT_EQ(count("\"car\"\n\\\ntab\there\n\x01\n"),
            (Totals{{"\"car\"", 1}, {"\\", 1}, {"tab\there", 1}, {"\x01", 1}}));
}

TEST(HostileLinesTest, LineEndsOfWindows) { EXPECT_EQ(count("car\r\nbus\r\ncar"), (Totals{{"car", 2}, {"bus", 1}})); }

TEST(HostileLinesTest, NoFinalLineEnd) { EXPECT_EQ(count("car\ncar"), (Totals{{"car", 2}})); }

TEST(HostileLinesTest, BlankLinesAreNoVehicles) {
  EXPECT_EQ(count("\n\ncar\n  \t\n\r\n"), (Totals{{"car", 1}}));
  EXPECT_EQ(count("\n"), Totals{});
}

TEST(HostileLinesTest, SpacesBelongToTheType) { EXPECT_EQ(count(" car\ncar \n"), (Totals{{" car", 1}, {"car ", 1}})); }

TEST(HostileLinesTest, MoreTypesThanVehiclesOfAny) {
  std::vector<std::string> vehicles;
  for (int i = 0; i < 50'000; ++i) vehicles.push_back("vehicle " + std::to_string(i));
  EXPECT_EQ(count(as_lines(vehicles), {"--parallelism", "4"}), totals_of(vehicles));
}

}  // namespace
}  // namespace streamwork::testkit
