#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <streamwork/connectors/collection.hpp>
#include <streamwork/connectors/generator.hpp>
#include <streamwork/connectors/text_sinks.hpp>
#include <streamwork/job.hpp>
#include <streamwork/run.hpp>
#include <string>
#include <thread>
#include <vector>

#include "kit/pipes.hpp"
#include "kit/plain_lines.hpp"
#include "kit/sink_driver.hpp"
#include "kit/temporary_folder.hpp"
#include "kit/thrown.hpp"

namespace streamwork {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using testkit::DrivenSink;
using testkit::OpenDescriptor;
using testkit::Pipe;
using testkit::Redirected;

/// A line of about a hundred bytes, now and then one that no pipe takes at once.
std::string line_of(std::uint64_t i) { return std::to_string(i) + std::string(i % 1000 == 0 ? 100'000 : i % 200, '.'); }

std::vector<std::string> sorted_lines(const std::string& text) {
  std::vector<std::string> lines = testkit::texts(testkit::plain_lines(text));
  std::ranges::sort(lines);
  return lines;
}

/// Starts a job of so many instances that writes `count` lines to `path`.
JobHandle start_writing(const std::string& path, std::uint64_t count, int parallelism) {
  Job job{"writer"};
  job.source("lines", generate<std::string>(line_of, {.count = count}), {.parallelism = parallelism})
      .sink("write", write_lines(path));
  return start(job, {.workers = 2});
}

void expect_all_lines(const std::string& text, std::uint64_t count) {
  std::vector<std::string> expected;
  expected.reserve(count);
  for (std::uint64_t i = 0; i < count; ++i) expected.push_back(line_of(i));
  std::ranges::sort(expected);
  EXPECT_EQ(sorted_lines(text), expected);
}

/// Reads to the end, slowly at first.
std::string read_slowly(OpenDescriptor& from) {
  std::string text;
  for (int i = 0; i < 30; ++i) {
    text += from.receive(1000);
    std::this_thread::sleep_for(2ms);
  }
  return text + from.receive_all();
}

TEST(StandardOutput, that_is_a_slow_pipe_loses_nothing_and_holds_whole_lines) {
  for (const int parallelism : {1, 3}) {
    Pipe pipe;
    std::string text;
    {
      const Redirected output(STDOUT_FILENO, pipe.write_end);
      pipe.write_end.close();
      JobHandle handle = start_writing("-", 5000, parallelism);
      std::thread reader([&] { text = read_slowly(pipe.read_end); });
      EXPECT_EQ(handle.wait().failure, "");
      ::close(STDOUT_FILENO);
      reader.join();
    }
    expect_all_lines(text, 5000);
  }
}

TEST(StandardOutput, that_is_a_file_is_written_where_it_stands) {
  const testkit::TemporaryFolder folder;
  {
    OpenDescriptor file(::open(folder.path("f").c_str(), O_WRONLY | O_CREAT, 0600));
    file.send("before\n");
    const Redirected output(STDOUT_FILENO, file);
    EXPECT_EQ(start_writing("/dev/stdout", 3000, 3).wait().failure, "");
  }
  const std::string text = folder.read("f");
  ASSERT_TRUE(text.starts_with("before\n"));
  expect_all_lines(text.substr(7), 3000);
}

TEST(StandardOutput, that_is_a_socket_loses_nothing) {
  int ends[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  OpenDescriptor reader(ends[0]);
  OpenDescriptor writer(ends[1]);
  std::string text;
  {
    const Redirected output(STDOUT_FILENO, writer);
    writer.close();
    JobHandle handle = start_writing("-", 3000, 2);
    std::thread reading([&] { text = read_slowly(reader); });
    EXPECT_EQ(handle.wait().failure, "");
    ::shutdown(STDOUT_FILENO, SHUT_RDWR);
    reading.join();
  }
  expect_all_lines(text, 3000);
}

TEST(StandardOutput, that_is_a_terminal_is_never_waited_for) {
  testkit::Terminal terminal;
  const Redirected output(STDOUT_FILENO, terminal.program);
  DrivenSink sink(print_lines());
  EXPECT_FALSE(sink[0].write(std::string(1'000'000, 'x')));
  EXPECT_FALSE(sink[0].flush());  // nobody looks at the screen
  std::string seen;
  while (!sink[0].flush()) seen += terminal.user.receive();
  while (!seen.ends_with("\n")) seen += terminal.user.receive();
  EXPECT_EQ(seen, std::string(1'000'000, 'x') + "\r\n");
  sink[0].close();
}

TEST(StandardOutput, that_nobody_reads_any_more_ends_the_job_and_not_the_process) {
  std::signal(SIGPIPE, SIG_DFL);
  Pipe pipe;
  const Redirected output(STDOUT_FILENO, pipe.write_end);
  JobHandle handle = start_writing("-", 1'000'000, 2);
  static_cast<void>(pipe.read_end.receive());
  pipe.read_end.close();
  EXPECT_THAT(handle.wait().failure, HasSubstr("cannot write to standard output: Broken pipe"));
}

TEST(StandardOutput, that_is_open_to_be_read_alone_is_refused) {
  OpenDescriptor nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const Redirected output(STDOUT_FILENO, nothing);
  EXPECT_THAT(testkit::message_of([] { start_writing("-", 1, 1).wait(); }),
              HasSubstr("cannot write to standard output: Bad file descriptor"));
}

TEST(StandardOutput, can_be_cancelled_while_nobody_reads) {
  Pipe pipe;
  const Redirected output(STDOUT_FILENO, pipe.write_end);
  JobHandle handle = start_writing("-", 1'000'000, 2);
  EXPECT_FALSE(handle.wait_for(20ms));
  handle.cancel();
  EXPECT_TRUE(handle.wait_for(5s));
}

TEST(StandardOutput, is_flushed_when_the_job_waits_for_input) {
  Pipe pipe;
  const Redirected output(STDOUT_FILENO, pipe.write_end);
  Job job{"slow source"};
  job.source("lines", generate<std::string>(line_of, {.rate = 50.0})).sink("print", print_lines());
  JobHandle handle = start(job);
  std::string text;
  while (text.size() < 100'020) text += pipe.read_end.receive();
  handle.cancel();
  EXPECT_TRUE(text.starts_with("0......."));
}

TEST(NamedPipe, is_opened_when_it_has_a_reader) {
  const testkit::TemporaryFolder folder;
  const std::string path = folder.path("pipe");
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  JobHandle handle = start_writing(path, 5000, 3);
  EXPECT_FALSE(handle.wait_for(30ms));
  OpenDescriptor reader(::open(path.c_str(), O_RDONLY));
  expect_all_lines(read_slowly(reader), 5000);
  EXPECT_EQ(handle.wait().failure, "");
}

TEST(Device, takes_what_is_written) { EXPECT_EQ(start_writing("/dev/null", 5000, 2).wait().failure, ""); }

TEST(Device, that_is_full_ends_the_job_with_its_name_and_the_reason) {
  EXPECT_THAT(start_writing("/dev/full", 10, 2).wait().failure,
              HasSubstr("cannot write to '/dev/full': No space left on device"));
}

}  // namespace
}  // namespace streamwork
