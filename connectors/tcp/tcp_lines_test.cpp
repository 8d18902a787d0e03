#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <streamwork/connectors/collection.hpp>
#include <streamwork/connectors/tcp_lines.hpp>
#include <streamwork/job.hpp>
#include <streamwork/run.hpp>
#include <string>
#include <thread>
#include <vector>

#include "kit/plain_lines.hpp"
#include "kit/seeded_random.hpp"
#include "kit/source_driver.hpp"
#include "kit/tcp_server.hpp"
#include "kit/thrown.hpp"

namespace streamwork {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testkit::TcpConnection;
using testkit::TcpServer;

/// A job that collects the lines of a source.
struct RunningJob {
  explicit RunningJob(const TcpLines& source, int parallelism = 1) {
    job.source("lines", source, {.parallelism = parallelism}).sink("collect", collect(collected));
    handle.emplace(start(job, {.workers = 2}));
  }
  void wait_for_lines(std::size_t count) const {
    while (collected.size() < count && handle->running()) std::this_thread::sleep_for(1ms);
  }
  JobResult result() { return handle->wait(); }
  std::vector<std::string> texts() { return testkit::texts(collected.snapshot()); }

  Collected<Line> collected;
  Job job{"lines over TCP"};
  std::optional<JobHandle> handle;
};

constexpr TcpLinesOptions again{.reconnect = true, .first_backoff = 5ms, .greatest_backoff = 20ms};

TEST(TcpLines, come_in_order_with_their_positions_and_end_when_the_other_side_closes) {
  TcpServer server;
  RunningJob job(tcp_lines(server.port()));
  TcpConnection connection = server.accept();
  connection.send("one\r\ntwo\n\nlast");
  connection.close();
  EXPECT_EQ(job.result().failure, "");
  EXPECT_THAT(job.collected.take(), ElementsAre(Line{"one", 0}, Line{"two", 5}, Line{"", 9}, Line{"last", 10}));
}

TEST(TcpLines, come_from_a_slow_sender_byte_by_byte) {
  TcpServer server;
  RunningJob job(tcp_lines("localhost", server.port()));
  TcpConnection connection = server.accept();
  for (const char byte : std::string("one\ntwo\r\n")) {
    connection.send(std::string_view(&byte, 1));
    std::this_thread::sleep_for(1ms);
  }
  job.wait_for_lines(2);
  EXPECT_THAT(job.texts(), ElementsAre("one", "two"));
  EXPECT_TRUE(job.handle->running());
  connection.close();
  EXPECT_EQ(job.result().failure, "");
}

TEST(TcpLines, of_any_length_and_content_arrive_whole) {
  testkit::SeededRandom random(99);
  SCOPED_TRACE(random.trace());
  std::string text;
  for (int i = 0; i < 3000; ++i) {
    for (std::uint64_t size = i == 1500 ? 1U << 20U : random.below(300); size > 0; --size)
      text += "ab\r\0\xf0,"[random.below(6)];
    text += random.one_in(2) ? "\r\n" : "\n";
  }
  TcpServer server;
  RunningJob job(tcp_lines(server.port()));
  TcpConnection connection = server.accept();
  for (std::size_t sent = 0; sent < text.size();) {
    const std::string piece = text.substr(sent, 1 + random.below(50'000));
    connection.send(piece);
    sent += piece.size();
  }
  connection.close();
  EXPECT_EQ(job.result().failure, "");
  EXPECT_EQ(job.collected.take(), testkit::plain_lines(text));
}

TEST(TcpLines, of_two_instances_come_from_two_ports) {
  std::vector<TcpServer> servers = testkit::consecutive_servers(2);
  RunningJob job(tcp_lines(servers[0].port()), 2);
  TcpConnection first = servers[0].accept();
  TcpConnection second = servers[1].accept();
  first.send("from the first\n");
  second.send("from the second\n");
  first.close();
  job.wait_for_lines(2);
  second.send("more from the second\n");
  second.close();
  EXPECT_EQ(job.result().failure, "");
  EXPECT_THAT(job.texts(), testing::UnorderedElementsAre("from the first", "from the second", "more from the second"));
}

TEST(TcpLines, refused_end_the_job_with_host_port_and_what_to_do) {
  const std::string port = std::to_string(testkit::refusing_port());
  RunningJob job(tcp_lines(std::stoi(port)));
  EXPECT_THAT(job.result().failure, HasSubstr("connection to 127.0.0.1:" + port +
                                              " refused: start something that listens there, e.g. nc -lk " + port));
}

TEST(TcpLines, that_break_off_in_mid_line_end_the_job_and_the_half_line_is_not_delivered) {
  TcpServer server;
  RunningJob job(tcp_lines(server.port()));
  TcpConnection connection = server.accept();
  connection.send("whole\nhal");
  job.wait_for_lines(1);
  connection.reset();
  EXPECT_THAT(job.result().failure,
              HasSubstr("connection to " + server.address() + " broke at byte 9: Connection reset by peer"));
  EXPECT_THAT(job.texts(), ElementsAre("whole"));
}

TEST(TcpLines, longer_than_allowed_end_the_job_with_connection_and_offset) {
  TcpServer server;
  RunningJob job(tcp_lines("127.0.0.1", server.port(), {.greatest_line_bytes = 100}));
  TcpConnection connection = server.accept();
  connection.send("short\n" + std::string(1000, 'x'));
  EXPECT_THAT(job.result().failure,
              HasSubstr("connection to " + server.address() + ", offset 6: a line is longer than 100 bytes"));
}

TEST(TcpLinesThatReconnect, wait_for_a_server_that_is_not_there_yet_F14) {
  const std::uint16_t port = testkit::refusing_port();
  RunningJob job(tcp_lines("127.0.0.1", port, again));
  EXPECT_FALSE(job.handle->wait_for(30ms));
  TcpServer server(port);
  TcpConnection connection = server.accept();
  connection.send("at last\n");
  connection.close();
  EXPECT_EQ(job.result().failure, "");
  EXPECT_THAT(job.texts(), ElementsAre("at last"));
}

TEST(TcpLinesThatReconnect, drop_the_half_line_of_a_broken_connection_and_begin_anew_F14) {
  TcpServer server;
  RunningJob job(tcp_lines("127.0.0.1", server.port(), again));
  TcpConnection first = server.accept();
  first.send("one\nhal");
  job.wait_for_lines(1);
  first.reset();
  TcpConnection second = server.accept();
  second.send("two\nthree");
  second.close();
  EXPECT_EQ(job.result().failure, "");
  EXPECT_THAT(job.collected.take(), ElementsAre(Line{"one", 0}, Line{"two", 0}, Line{"three", 4}));
}

TEST(TcpLinesThatReconnect, go_on_after_an_orderly_close_if_asked_to) {
  TcpLinesOptions options = again;
  options.end_at_close = false;
  TcpServer server;
  RunningJob job(tcp_lines("127.0.0.1", server.port(), options));
  for (const char* text : {"one\ntwo", "three\n", ""}) {
    TcpConnection connection = server.accept();
    connection.send(text);
    connection.close();
  }
  TcpConnection last = server.accept();
  last.send("four\n");
  job.wait_for_lines(4);
  EXPECT_THAT(job.collected.take(), ElementsAre(Line{"one", 0}, Line{"two", 4}, Line{"three", 0}, Line{"four", 0}));
  job.handle->stop();
  EXPECT_EQ(job.result().failure, "");
}

TEST(TcpLinesThatReconnect, pause_longer_and_longer_between_attempts) {
  testkit::FakeTask task;
  task.time.set(SteadyTime{} + 1s);
  const typed::VertexInstance vertex{"lines", 0, 1, nullptr};
  SourceContext context(vertex, task);
  const TcpLines source = tcp_lines("127.0.0.1", testkit::refusing_port(),
                                    {.reconnect = true, .first_backoff = 100ms, .greatest_backoff = 350ms});
  auto reader = source.open(source.splits({"lines", 1}).front(), context);
  std::vector<std::int64_t> pauses;
  for (int i = 0; i < 1000 && pauses.size() < 4; ++i) {
    ASSERT_EQ(reader.read([](const Line&) { return true; }, 1), ReadStatus::waiting);
    const auto pause = (task.wake_time - task.time.steady_now()) / 1ms;
    if (task.watched.empty()) pauses.push_back(pause);
    if (task.watched.empty()) task.time.set(task.wake_time);
    task.watched.clear();
    task.wake_time = SteadyTime::max();
  }
  EXPECT_THAT(pauses, ElementsAre(100, 200, 350, 350));
}

TEST(TcpLines, can_be_stopped_while_nothing_comes) {
  TcpServer server;
  RunningJob job(tcp_lines(server.port()));
  TcpConnection connection = server.accept();
  EXPECT_FALSE(job.handle->wait_for(20ms));
  job.handle->stop();
  EXPECT_EQ(job.result().failure, "");
  connection.wait_until_closed();
}

TEST(TcpLines, refuse_what_cannot_be_a_port) {
  EXPECT_THROW(tcp_lines(0), std::invalid_argument);
  EXPECT_THROW(tcp_lines(65'536), std::invalid_argument);
  EXPECT_NO_THROW(tcp_lines(65'535).splits({"lines", 1}));
  EXPECT_THAT(testkit::message_of([] { tcp_lines(65'535).splits({"lines", 2}); }), HasSubstr("instance 1"));
}

TEST(TcpLines, of_a_host_without_address_keep_the_job_from_starting) {
  Job job{"nowhere"};
  job.source("lines", tcp_lines("no.such.host.invalid", 9990)).sink("nowhere", discard());
  EXPECT_THAT(testkit::message_of([&] { start(job); }), HasSubstr("cannot connect to no.such.host.invalid:9990"));
}

}  // namespace
}  // namespace streamwork
