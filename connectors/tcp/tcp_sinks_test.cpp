#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <streamwork/connectors/collection.hpp>
#include <streamwork/connectors/generator.hpp>
#include <streamwork/connectors/tcp_sinks.hpp>
#include <streamwork/job.hpp>
#include <streamwork/run.hpp>
#include <string>
#include <thread>
#include <vector>

#include "kit/plain_lines.hpp"
#include "kit/tcp_server.hpp"

namespace streamwork {
namespace {

using namespace std::chrono_literals;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using testkit::TcpConnection;
using testkit::TcpServer;

struct Count {
  std::string type;
  int count;
};

std::string text_of(std::uint64_t i) { return std::to_string(i) + std::string(i % 500 == 0 ? 50'000 : i % 100, '.'); }

JobHandle start_sending(int port, std::uint64_t count, int parallelism) {
  Job job{"sender"};
  job.source("numbers", generate<std::uint64_t>([](std::uint64_t i) { return i; }, {.count = count}),
             {.parallelism = parallelism})
      .sink("send", tcp_text("127.0.0.1", port, text_of));
  return start(job, {.workers = 2});
}

TEST(TcpSink, sends_JSON_lines) {
  TcpServer server;
  Job job{"sender"};
  job.source("counts", from_vector(std::vector<Count>{{"car", 3}, {"bus", 1}}))
      .sink("send", tcp_json_lines("localhost", server.port()));
  JobHandle handle = start(job);
  TcpConnection connection = server.accept();
  EXPECT_EQ(connection.receive_all(), "{\"type\":\"car\",\"count\":3}\n{\"type\":\"bus\",\"count\":1}\n");
  EXPECT_EQ(handle.wait().failure, "");
}

TEST(TcpSink, loses_nothing_when_the_receiver_is_slow) {
  TcpServer server;
  JobHandle handle = start_sending(server.port(), 20'000, 1);
  TcpConnection connection = server.accept();
  std::this_thread::sleep_for(50ms);
  const std::string text = connection.receive_all();
  EXPECT_EQ(handle.wait().failure, "");
  std::vector<std::string> expected;
  expected.reserve(40'000);
  for (std::uint64_t i = 0; i < 20'000; ++i) expected.push_back(text_of(i));
  EXPECT_EQ(testkit::texts(testkit::plain_lines(text)), expected);
}

TEST(TcpSink, has_a_connection_for_each_instance) {
  TcpServer server;
  JobHandle handle = start_sending(server.port(), 2000, 2);
  TcpConnection one = server.accept();
  TcpConnection other = server.accept();
  std::string text;
  std::thread reading([&] { text = one.receive_all(); });
  const std::string more = other.receive_all();
  reading.join();
  EXPECT_EQ(handle.wait().failure, "");
  EXPECT_EQ(testkit::plain_lines(text).size(), 1000U);
  EXPECT_EQ(testkit::plain_lines(more).size(), 1000U);
}

TEST(TcpSink, keeps_what_it_sent_from_being_lost_when_the_receiver_talks_back) {
  TcpServer server;
  JobHandle handle = start_sending(server.port(), 1000, 1);
  TcpConnection connection = server.accept();
  connection.send("go on\n");
  std::this_thread::sleep_for(20ms);
  connection.send("thank you\n");
  EXPECT_EQ(testkit::plain_lines(connection.receive_all()).size(), 1000U);
  EXPECT_EQ(handle.wait().failure, "");
}

TEST(TcpSink, refused_ends_the_job_with_host_and_port_F15) {
  const std::uint16_t port = testkit::refusing_port();
  EXPECT_THAT(start_sending(port, 10, 1).wait().failure,
              HasSubstr("connection to 127.0.0.1:" + std::to_string(port) + " refused"));
}

TEST(TcpSink, that_the_receiver_leaves_ends_the_job_and_not_the_process) {
  TcpServer server;
  JobHandle handle = start_sending(server.port(), 10'000'000, 1);
  server.accept().reset();
  // Broke, or failed to come about: how far it was depends on who was faster.
  EXPECT_THAT(handle.wait().failure, HasSubstr("connection to " + server.address() + " "));
  EXPECT_THAT(handle.wait().failure, AnyOf(HasSubstr("Connection reset by peer"), HasSubstr("Broken pipe")));
}

TEST(TcpSink, can_be_cancelled_while_the_receiver_does_not_read) {
  TcpServer server;
  JobHandle handle = start_sending(server.port(), 10'000'000, 1);
  TcpConnection connection = server.accept();
  EXPECT_FALSE(handle.wait_for(50ms));
  handle.cancel();
  EXPECT_TRUE(handle.wait_for(5s));
}

TEST(TcpSink, refuses_what_cannot_be_a_port) {
  EXPECT_THROW(tcp_json_lines("localhost", 0), std::invalid_argument);
  EXPECT_THROW(tcp_json_lines("localhost", 70'000), std::invalid_argument);
}

}  // namespace
}  // namespace streamwork
