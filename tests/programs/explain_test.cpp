// --explain prints the plan in three formats and touches nothing: no connection, no file.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "kit/process.hpp"
#include "kit/tcp_server.hpp"

namespace streamwork::testkit {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class ExplainTest : public ::testing::TestWithParam<std::string> {};

TEST_P(ExplainTest, PrintsThePlanAndDoesNotConnect) {
  TcpServer server;
  const std::vector<std::pair<std::string, std::string>> formats = {{"--explain", "job '"},
                                                                    {"--explain=text", "job '"},
                                                                    {"--explain=json", "{\"job\":"},
                                                                    {"--explain=dot", "digraph "}};
  for (const auto& [option, beginning] : formats) {
    const ProcessResult result =
        run_program(GetParam(), {"--input", server.address("tcp:"), "--output", "/no/such/folder/out", option});
    EXPECT_EQ(result.exit_code, 0) << describe(result);
    EXPECT_THAT(result.output, StartsWith(beginning));
    EXPECT_THAT(result.output, HasSubstr(GetParam()));
    EXPECT_THAT(result.output, HasSubstr("results"));
    EXPECT_EQ(result.errors, "");
  }
  EXPECT_FALSE(server.is_wanted(50ms));
}

INSTANTIATE_TEST_SUITE_P(Examples, ExplainTest,
                         ::testing::Values("vehicle_count", "stream_fork", "stream_split", "stream_merge"),
                         [](const auto& test) { return test.param; });

TEST(ExplainTest, ShowsGroupingAndInstances) {
  EXPECT_THAT(run_program("vehicle_count", {"--explain", "--parallelism", "3"}).output,
              HasSubstr("fields grouping (3 channels)"));
  EXPECT_THAT(run_program("vehicle_count", {"--explain", "--parallelism", "3", "--grouping", "shuffle"}).output,
              HasSubstr("shuffle grouping (3 channels)"));
  EXPECT_THAT(run_program("stream_split", {"--explain=json"}).output, HasSubstr(R"("side_output":"clone")"));
}

}  // namespace
}  // namespace streamwork::testkit
