#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <streamwork/connectors/collection.hpp>
#include <streamwork/connectors/stdin_lines.hpp>
#include <streamwork/job.hpp>
#include <streamwork/run.hpp>
#include <string>
#include <thread>

#include "kit/pipes.hpp"
#include "kit/plain_lines.hpp"
#include "kit/source_driver.hpp"
#include "kit/temporary_folder.hpp"

namespace streamwork {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testkit::OpenDescriptor;
using testkit::Pipe;
using testkit::Redirected;

TEST(StdinLines, come_from_a_redirected_file) {
  const testkit::TemporaryFolder folder;
  const std::string text = "one\r\ntwo\n\n" + std::string(1U << 20U, 'x') + "\nlast";
  const OpenDescriptor file(::open(folder.write("f", text).c_str(), O_RDONLY));
  const Redirected input(STDIN_FILENO, file);
  EXPECT_EQ(testkit::read_all(stdin_lines(), {.parallelism = 3}), testkit::plain_lines(text));
}

TEST(StdinLines, reach_a_job_as_they_come_through_a_pipe) {
  Pipe pipe;
  const Redirected input(STDIN_FILENO, pipe.read_end);
  Collected<Line> collected;
  Job job{"stdin"};
  job.source("lines", stdin_lines(), {.parallelism = 2}).sink("collect", collect(collected));
  JobHandle handle = start(job);
  for (const char byte : std::string("one\ntwo\nthree")) {
    pipe.write_end.send(std::string_view(&byte, 1));
    std::this_thread::sleep_for(1ms);
  }
  while (collected.size() < 2) std::this_thread::sleep_for(1ms);
  EXPECT_TRUE(handle.running());
  pipe.write_end.close();
  EXPECT_EQ(handle.wait().failure, "");
  EXPECT_THAT(collected.take(), ElementsAre(Line{"one", 0}, Line{"two", 4}, Line{"three", 8}));
}

TEST(StdinLines, do_not_keep_a_job_from_stopping_while_nothing_comes) {
  Pipe pipe;
  const Redirected input(STDIN_FILENO, pipe.read_end);
  Job job{"stdin"};
  job.source("lines", stdin_lines()).sink("nowhere", discard());
  JobHandle handle = start(job);
  EXPECT_FALSE(handle.wait_for(20ms));
  handle.stop();
  EXPECT_TRUE(handle.wait_for(5s));
}

TEST(StdinLines, come_from_a_terminal_until_control_D) {
  testkit::Terminal terminal;
  const Redirected input(STDIN_FILENO, terminal.program);
  terminal.user.send("one\ntwo\n\x04");
  EXPECT_THAT(testkit::texts(testkit::read_all(stdin_lines())), ElementsAre("one", "two"));
}

TEST(StdinLines, end_at_once_where_there_is_no_input) {
  const OpenDescriptor nothing(::open("/dev/null", O_RDONLY));
  const Redirected input(STDIN_FILENO, nothing);
  EXPECT_TRUE(testkit::read_all(stdin_lines()).empty());
}

TEST(StdinLines, fail_with_the_reason_where_standard_input_cannot_be_read) {
  const OpenDescriptor folder(::open("/", O_RDONLY));
  const Redirected input(STDIN_FILENO, folder);
  Job job{"stdin"};
  job.source("lines", stdin_lines()).sink("nowhere", discard());
  EXPECT_THAT(start(job).wait().failure, HasSubstr("cannot read standard input: Is a directory"));
}

}  // namespace
}  // namespace streamwork
