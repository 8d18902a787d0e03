// How a program ends while its input does not: signals drain it, broken connections and closed outputs end it with a
// message.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <thread>

#include "kit/tcp_server.hpp"
#include "programs/road_results.hpp"

namespace streamwork::testkit {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

class SignalTest : public ::testing::TestWithParam<int> {};

TEST_P(SignalTest, DrainsWhatWasSentBefore) {
  for (const char* grouping : {"fields", "shuffle"}) {
    TcpServer server;
    Process process({program_path("vehicle_count"), "--input", server.address("tcp:"), "--grouping", grouping,
                     "--parallelism", "3", "--workers", "2"});
    TcpConnection connection = server.accept();
    const std::vector<std::string> vehicles(20'000, "car");
    connection.send(as_lines(vehicles));
    process.wait_for_output_lines(vehicles.size());
    process.send_signal(GetParam());
    const ProcessResult ended = process.wait();
    EXPECT_EQ(ended.exit_code, 0) << describe(ended);
    EXPECT_EQ(summed_last_counts(results_of(ended)), totals_of(vehicles)) << grouping;
  }
}

// In the midst of a flood nobody knows how far the job has read; but what it has read it has counted, each vehicle
// once.
TEST_P(SignalTest, EndsInOrderInTheMidstOfAFlood) {
  TcpServer server;
  Process process({program_path("stream_fork"), "--input", server.address("tcp:"), "--parallelism", "3"});
  TcpConnection connection = server.accept();
  std::thread sender([&] {
    const std::string lines = as_lines(std::vector<std::string>(1'000, "car"));
    while (connection.send(lines)) {
    }
  });
  process.wait_for_output_lines(100'000);
  process.send_signal(GetParam());
  const ProcessResult ended = process.wait();
  sender.join();
  EXPECT_EQ(ended.exit_code, 0) << ended.errors;
  const std::vector<RoadResult> results = results_of(ended);
  EXPECT_EQ(summed_last_counts(results, "booth/shuffle grouping"),
            summed_last_counts(results, "booth clone/fields grouping"));
}

TEST_P(SignalTest, EndsAJobThatWaitsForAQuietInput) {
  for (const char* program : {"vehicle_count", "stream_split"}) {
    Process process({program_path(program), "--input", "-"});
    process.write("car\n");
    process.wait_for_output("car");
    process.send_signal(GetParam());
    const ProcessResult ended = process.wait_with_open_input();
    EXPECT_EQ(ended.exit_code, 0) << describe(ended);
  }
}

INSTANTIATE_TEST_SUITE_P(Signals, SignalTest, ::testing::Values(SIGINT, SIGTERM),
                         [](const auto& test) { return test.param == SIGINT ? "Interrupt" : "Terminate"; });

TEST(EndingTest, SecondsDrainTheJob) {
  Process process({program_path("vehicle_count"), "--input", "-", "--seconds", "0.5"});
  process.write("car\nbus\n");
  const ProcessResult ended = process.wait_with_open_input();
  EXPECT_EQ(ended.exit_code, 0) << describe(ended);
  EXPECT_EQ(summed_last_counts(results_of(ended)), (Totals{{"bus", 1}, {"car", 1}}));
}

TEST(EndingTest, ResetConnectionIsNamed) {
  TcpServer server;
  Process process({program_path("vehicle_count"), "--input", server.address("tcp:")});
  TcpConnection connection = server.accept();
  connection.send("car\nbus\nhalf a li");
  process.wait_for_output_lines(2);
  connection.reset();
  const ProcessResult ended = process.wait();
  EXPECT_EQ(ended.exit_code, 1) << describe(ended);
  EXPECT_THAT(ended.errors, HasSubstr(server.address()));
  EXPECT_EQ(ended.output_lines().size(), 2U);
}

TEST(EndingTest, ConnectionsThatCloseOneAfterTheOther) {
  std::vector<TcpServer> servers = consecutive_servers(2);
  Process process({program_path("vehicle_count"), "--input", servers[0].address("tcp:"), "--source-parallelism", "2"});
  TcpConnection first = servers[0].accept();
  TcpConnection second = servers[1].accept();
  first.send("car\n");
  first.close();
  process.wait_for_output_lines(1);
  second.send("car\nbus");
  second.close();
  const ProcessResult ended = process.wait();
  EXPECT_EQ(ended.exit_code, 0) << describe(ended);
  EXPECT_EQ(summed_last_counts(results_of(ended)), (Totals{{"bus", 1}, {"car", 2}}));
}

TEST(EndingTest, NobodyReadsTheResults) {
  for (const char* program : {"vehicle_count", "stream_fork"}) {
    Process process({program_path(program), "--input", "-"}, {.output = ProcessOptions::Output::closed});
    process.write("car\n");
    const ProcessResult ended = process.wait_with_open_input();
    EXPECT_EQ(ended.exit_code, 1) << program << ": " << describe(ended);
    EXPECT_THAT(ended.errors, HasSubstr("standard output")) << program;
  }
}

TEST(EndingTest, SlowReaderOfTheResultsGetsAllOfThem) {
  const std::string lines = as_lines(std::vector<std::string>(200'000, "car"));
  Process process({"/bin/sh", "-c", "\"$0\" --input - --quiet | (sleep 0.5; cat)", program_path("vehicle_count")});
  process.write(lines);
  EXPECT_EQ(summed_last_counts(results_of(process.wait())), (Totals{{"car", 200'000}}));
}

// Standard input and output belong to the shell as well, and to whatever it runs next.
TEST(EndingTest, LeavesStandardInputAsItWas) {
  Process process({"/bin/sh", "-c", "\"$0\" --input - --quiet --seconds 0.3; cat", program_path("vehicle_count")});
  process.write("car\n");
  process.wait_for_output("car");
  std::this_thread::sleep_for(600ms);  // by now `cat` waits for input, or has failed because reading does not wait
  process.write("something for cat\n");
  const ProcessResult ended = process.wait();
  EXPECT_EQ(ended.exit_code, 0) << describe(ended);
  EXPECT_THAT(ended.output, HasSubstr("something for cat\n"));
}

}  // namespace
}  // namespace streamwork::testkit
