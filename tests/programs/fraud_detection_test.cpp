// The fraud example finds planted thefts of worlds it never saw, and says the same in any layout and from any input.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

#include "kit/process.hpp"
#include "kit/temporary_folder.hpp"

namespace streamwork::testkit {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* program = "fraud_detection";

/// The number behind `label` in a report.
double number_behind(const std::string& report, const std::string& label) {
  const std::size_t place = report.find(label);
  if (place == std::string::npos) throw std::runtime_error("no '" + label + "' in:\n" + report);
  return std::stod(report.substr(place + label.size()));
}

/// The alerts in the order of their texts, and the report behind them.
std::string findings(std::vector<std::string> arguments, const TemporaryFolder& folder) {
  arguments.insert(arguments.end(), {"--quiet", "--report", folder.path("report")});
  const ProcessResult ended = run_program(program, arguments);
  EXPECT_EQ(ended.exit_code, 0) << describe(ended);
  std::vector<std::string> lines = ended.output_lines();
  std::ranges::sort(lines);
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text + folder.read("report");
}

/// The ids of the transactions for which there are alerts.
std::vector<std::string> alerted(const std::string& input, const std::vector<std::string>& flags = {}) {
  std::vector<std::string> arguments{"--input", "-", "--quiet"};
  arguments.insert(arguments.end(), flags.begin(), flags.end());
  const ProcessResult ended = run_program(program, arguments, input);
  EXPECT_EQ(ended.exit_code, 0) << describe(ended);
  std::vector<std::string> ids;
  for (const std::string& line : ended.output_lines()) {
    const std::string before = R"({"transaction":")";
    EXPECT_EQ(line.substr(0, before.size()), before);
    ids.push_back(line.substr(before.size(), line.find('"', before.size()) - before.size()));
  }
  std::ranges::sort(ids);
  return ids;
}

std::string purchase(const std::string& id, std::int64_t minute, double amount, const std::string& place = "") {
  return R"({"id":")" + id + R"(","account":"a","time":)" + std::to_string(minute * 60'000) + R"(,"amount":)" +
         std::to_string(amount) + (place.empty() ? "" : "," + place) + "}\n";
}
const std::string berlin = R"("latitude":52.52,"longitude":13.4)";
const std::string munich = R"("latitude":48.14,"longitude":11.58)";

/// An account that has bought for about 20 in Berlin every six hours, up to minute 7200.
std::string history() {
  std::string lines;
  for (int i = 0; i <= 20; ++i) lines += purchase(std::string(1, 'h') + std::to_string(i), 360 * i, 18 + i % 5, berlin);
  return lines;
}

TEST(FraudDetectionTest, FindsTheftsOfWorldsItNeverSaw) {
  for (const char* seed : {"101", "102", "103"}) {
    const ProcessResult ended =
        run_program(program, {"--seed", seed, "--quiet", "--output", "/dev/null", "--report", "-"});
    ASSERT_EQ(ended.exit_code, 0) << describe(ended);
    EXPECT_GE(number_behind(ended.output, "precision "), 0.9) << seed << "\n" << ended.output;
    EXPECT_GE(number_behind(ended.output, "recall "), 0.9) << seed << "\n" << ended.output;
    EXPECT_GE(number_behind(ended.output, "fraudulent "), 1000) << seed << "\n" << ended.output;
    EXPECT_LT(number_behind(ended.output, "best threshold on one field alone: F1 "), 0.6) << ended.output;
  }
}

TEST(FraudDetectionTest, SaysTheSameInAnyLayoutAndFromAFile) {
  const TemporaryFolder folder;
  const std::string kept = folder.path("transactions.jsonl");
  const std::vector<std::string> world{"--seed", "7", "--events", "30000", "--accounts", "100"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.end(), world.begin(), world.end());
    return findings(more, folder);
  };
  const std::string alone = with({"--parallelism", "1", "--workers", "1", "--transactions", kept});
  EXPECT_THAT(alone, AllOf(HasSubstr("\"proximity\":1.1"), HasSubstr("tried number")));
  EXPECT_EQ(alone, with({"--parallelism", "3", "--workers", "2"}));
  EXPECT_EQ(alone, with({"--parallelism", "4", "--workers", "1"}));
  EXPECT_EQ(alone, findings({"--input", "file:" + kept, "--parallelism", "2"}, folder));
}

TEST(FraudDetectionTest, TheUnusualOfTwoPurchasesTooFarApartIsSuspiciousWhicheverCameFirst) {
  const std::string elsewhere = purchase("elsewhere", 7500, 20, munich);
  EXPECT_THAT(alerted(history() + purchase("home", 7450, 20, berlin) + elsewhere), ElementsAre("elsewhere"));
  EXPECT_THAT(alerted(history() + elsewhere + purchase("home", 7550, 20, berlin)), ElementsAre("elsewhere"));
  EXPECT_THAT(alerted(history() + elsewhere + purchase("home", 7800, 20, berlin)), IsEmpty());
}

TEST(FraudDetectionTest, AHighAmountAloneIsNoFraudAndManyInARowAre) {
  EXPECT_THAT(alerted(history() + purchase("fridge", 7500, 900, berlin)), IsEmpty());
  std::string row;
  for (int i = 0; i < 4; ++i) row += purchase("row" + std::to_string(i), 7500 + 2 * i, 60, berlin);
  EXPECT_THAT(alerted(history() + row), ElementsAre("row0", "row1", "row2", "row3"));
}

TEST(FraudDetectionTest, TheOrderOfArrivalDoesNotMatterWithinTheBound) {
  const std::string first = purchase("home", 7450, 20, berlin);
  const std::string second = purchase("elsewhere", 7500, 20, munich);
  EXPECT_THAT(alerted(history() + second + first, {"--out-of-order", "1h"}), ElementsAre("elsewhere"));
}

TEST(FraudDetectionTest, LinesThatAreNoTransactionsAreSkippedAndCounted) {
  const std::string bad = "no transaction\n" + purchase("free", 1, 0) +
                          purchase("north", 2, 5, R"("latitude":91,"longitude":0)") +
                          purchase("half", 3, 5, R"("latitude":50)") + "\n" +
                          R"({"id":"x","account":"a","time":1e300,"amount":5})"
                          "\n";
  const ProcessResult ended = run_program(program, {"--input", "-"}, bad + purchase("good", 4, 5));
  EXPECT_EQ(ended.exit_code, 0) << describe(ended);
  EXPECT_EQ(ended.output, "");
  EXPECT_THAT(ended.errors, ::testing::ContainsRegex("transactions: parse +1 +7 +1 +5")) << describe(ended);
}

TEST(FraudDetectionTest, MistakesAreExplained) {
  EXPECT_EQ(run_program(program, {"--nonsense"}).exit_code, 2);
  EXPECT_EQ(run_program(program, {"--events", "0"}).exit_code, 2);
  EXPECT_EQ(run_program(program, {"--input", "nowhere"}).exit_code, 2);
  EXPECT_EQ(run_program(program, {"--out-of-order", "-1s"}).exit_code, 2);
  EXPECT_EQ(run_program(program, {"--parallelism", "0"}).exit_code, 2);
  EXPECT_EQ(run_program(program, {"--input", "file:/no/such/file"}).exit_code, 1);
  EXPECT_EQ(run_program(program, {"--events", "10", "--report", "/no/such/folder/report"}).exit_code, 1);
}

}  // namespace
}  // namespace streamwork::testkit
