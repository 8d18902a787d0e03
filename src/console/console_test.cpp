// The console as a library user has it: opened by hand, for several jobs, shorter or longer than they live.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <streamwork/connectors/collection.hpp>
#include <streamwork/connectors/generator.hpp>
#include <streamwork/console.hpp>
#include <streamwork/run.hpp>
#include <streamwork/windowed_stream.hpp>
#include <thread>

namespace streamwork {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;

/// What the console answers, head and body.
std::string get(const Console& console, const std::string& path, const std::string& method = "GET") {
  namespace asio = boost::asio;
  asio::io_context io;
  asio::ip::tcp::socket socket(io);
  socket.connect({asio::ip::make_address("127.0.0.1"), console.port()});
  const std::string body = method == "POST" ? "{\"mode\":\"drain\"}" : "";
  const std::string request = method + " " + path +
                              " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n"
                              "Content-Length: " +
                              std::to_string(body.size()) + "\r\n\r\n" + body;
  asio::write(socket, asio::buffer(request));
  std::string answer;
  boost::system::error_code end;
  asio::read(socket, asio::dynamic_buffer(answer), end);
  return answer;
}

/// Asks until the answer has the text.
std::string get_until(const Console& console, const std::string& path, const std::string& text) {
  const auto until = std::chrono::steady_clock::now() + 30s;
  std::string answer = get(console, path);
  while (answer.find(text) == std::string::npos && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(10ms);
    answer = get(console, path);
  }
  EXPECT_THAT(answer, HasSubstr(text));
  return answer;
}

Job endless(const std::string& name) {
  Job job(name);
  job.source("numbers", generate<int>([](std::uint64_t i) { return static_cast<int>(i); }, {.rate = 10'000}))
      .sink("discard", discard());
  return job;
}

TEST(Console, ShowsSeveralJobsOfAProcess) {
  Console console({.address = "127.0.0.1:0"});
  EXPECT_EQ(console.url(), "http://127.0.0.1:" + std::to_string(console.port()));
  EXPECT_THAT(get(console, "/api/v1/jobs"), HasSubstr("\"jobs\":[]"));
  JobHandle first = start(endless("first"));
  JobHandle second = start(endless("second"));
  Console other({.address = "127.0.0.1:0"});
  console.show(first);
  console.show(second);
  other.show(second);
  get_until(console, "/api/v1/jobs/1", "\"name\":\"first\"");
  get_until(console, "/api/v1/jobs/2", "\"name\":\"second\"");
  get_until(other, "/api/v1/jobs/1", "\"name\":\"second\"");

  EXPECT_THAT(get(console, "/api/v1/jobs/2/stop", "POST"), HasSubstr("202 Accepted"));
  EXPECT_EQ(second.wait().end, JobEnd::finished);
  EXPECT_TRUE(first.running());
  get_until(other, "/api/v1/jobs/1", "\"state\":\"finished\"");
  EXPECT_THAT(get(other, "/api/v1/jobs/1/cancel", "POST"), HasSubstr("409 Conflict"));
}

TEST(Console, OutlivesItsJobs) {
  Console console({.address = "127.0.0.1:0"});
  {
    JobHandle handle = start(endless("short"));
    console.show(handle);
    get_until(console, "/api/v1/jobs/1/metrics", "\"state\":\"running\"");
  }
  get_until(console, "/api/v1/jobs/1", "\"state\":\"cancelled\"");
  EXPECT_THAT(get(console, "/api/v1/jobs/1/graph"), HasSubstr("\"name\":\"numbers\""));
  for (const std::string what : {"checkpoints", "exceptions", "log", "history"})
    EXPECT_THAT(get(console, "/api/v1/jobs/1/" + what), HasSubstr("200 OK"));
}

TEST(Console, TellsWhyAJobFailed) {
  Console console({.address = "127.0.0.1:0"});
  Job job("unlucky");
  job.source("numbers", from_vector(std::vector<int>{1, 2, 3}))
      .map("break", [](int number) -> int { throw std::runtime_error("broken at " + std::to_string(number)); })
      .sink("discard", discard());
  JobHandle handle = start(job);
  console.show(handle);
  handle.wait();
  EXPECT_THAT(get_until(console, "/api/v1/jobs/1/metrics", "\"state\":\"failed\""),
              AllOf(HasSubstr("\"level\":\"bad\""), HasSubstr("'break'"), HasSubstr("broken at 1")));
  EXPECT_THAT(get(console, "/api/v1/jobs/1/exceptions"), HasSubstr("broken at 1"));
}

struct Reading {
  int number = 0;
  EventTime time{};
};

/// What is known of a time depends on where an event is refused: in front of the stage that gives times, or behind it.
TEST(Console, KeepsBadEventsWithWhatIsKnownOfThemAlsoWhenTheJobHasEnded) {
  Console console({.address = "127.0.0.1:0"});
  Job job("refusing");
  std::vector<Reading> readings;
  for (int i = 0; i < 4; ++i) readings.push_back({i, EventTime(std::chrono::seconds(i))});
  const auto refuse = [](int number) {
    return [number](const Reading& reading) {
      if (reading.number == number) throw BadEvent("number " + std::to_string(number));
      return reading;
    };
  };
  job.source("readings", from_vector(readings))
      .map("before", refuse(1), {.bad_events = skip_bad_events()})
      .event_time(&Reading::time, ascending())
      .map("behind", refuse(2), {.bad_events = skip_bad_events()})
      .key_by(&Reading::number)
      .window(tumbling(1s))
      .aggregate("counts", count())
      .sink("discard", discard());
  {
    JobHandle handle = start(job);
    console.show(handle);
    handle.wait();
    get_until(console, "/api/v1/jobs/1", "\"state\":\"finished\"");
  }
  EXPECT_THAT(get(console, "/api/v1/jobs/1/vertices/1/refused"),
              AllOf(HasSubstr(R"("kind":"bad","instance":0)"), HasSubstr(R"("event_time_ms":null,"watermark_ms":null)"),
                    HasSubstr(R"("reason":"number 1","event":{"number":1,"time":1000}})")));
  EXPECT_THAT(get(console, "/api/v1/jobs/1/vertices/3/refused"),
              AllOf(HasSubstr(R"("event_time_ms":2000)"), HasSubstr(R"("reason":"number 2")")));
  EXPECT_THAT(get(console, "/api/v1/jobs/1/vertices/4/refused"), HasSubstr(R"({"refused":[]})"));
  EXPECT_THAT(get(console, "/api/v1/jobs/1/vertices/9/refused"), HasSubstr("404 Not Found"));
}

TEST(Console, IsRefusedWhereItCannotBe) {
  const Console console({.address = "127.0.0.1:0"});
  const std::string taken = "127.0.0.1:" + std::to_string(console.port());
  EXPECT_THROW(Console({.address = taken}), ConsoleError);
  EXPECT_NE(Console({.address = taken, .next_free_port = true}).port(), console.port());
  EXPECT_THROW(Console({.address = "0.0.0.0:0"}), ConsoleError);
  EXPECT_THROW(Console({.address = "0.0.0.0:0", .token = "too short"}), ConsoleError);
  EXPECT_NO_THROW(Console({.address = "0.0.0.0:0", .token = "0123456789abcdef"}));
  for (const std::string address : {"", "7000", ":7000", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:70000"})
    EXPECT_THROW(Console({.address = address}), ConsoleError) << address;
}

}  // namespace
}  // namespace streamwork
