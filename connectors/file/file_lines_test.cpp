#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <streamwork/connectors/collection.hpp>
#include <streamwork/connectors/file_lines.hpp>
#include <streamwork/job.hpp>
#include <streamwork/run.hpp>
#include <streamwork/testing/memory_file_system.hpp>
#include <string>
#include <thread>
#include <vector>

#include "kit/plain_lines.hpp"
#include "kit/seeded_random.hpp"
#include "kit/source_driver.hpp"
#include "kit/temporary_folder.hpp"
#include "kit/thrown.hpp"

namespace streamwork {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testkit::message_of;
using testkit::plain_lines;
using testkit::read_all;

/// A source of the lines of a file in memory.
FileLines lines_of(std::string_view content, FileLinesOptions options = {}) {
  auto files = std::make_shared<testing::MemoryFileSystem>();
  files->write("f", content);
  options.file_system = files;
  return file_lines("f", options);
}

TEST(FileLines, gives_each_line_with_its_position) {
  EXPECT_THAT(read_all(lines_of("one\ntwo\n\nfour\n")),
              ElementsAre(Line{"one", 0}, Line{"two", 4}, Line{"", 8}, Line{"four", 9}));
}

TEST(FileLines, of_an_empty_file_are_none) { EXPECT_TRUE(read_all(lines_of("")).empty()); }

TEST(FileLines, include_a_last_line_without_line_end) {
  EXPECT_THAT(read_all(lines_of("one\ntwo")), ElementsAre(Line{"one", 0}, Line{"two", 4}));
  EXPECT_THAT(read_all(lines_of("one\ntwo\r")), ElementsAre(Line{"one", 0}, Line{"two", 4}));
}

TEST(FileLines, end_in_crlf_as_well) {
  EXPECT_THAT(read_all(lines_of("one\r\ntwo\rmore\r\n\r\n")),
              ElementsAre(Line{"one", 0}, Line{"two\rmore", 5}, Line{"", 15}));
}

TEST(FileLines, pass_on_NUL_bytes_and_invalid_UTF8) {
  const std::string bytes("a\0b\n\xff\xfe\n\0\n", 9);
  EXPECT_THAT(read_all(lines_of(bytes)),
              ElementsAre(Line{std::string("a\0b", 3), 0}, Line{"\xff\xfe", 4}, Line{std::string(1, '\0'), 7}));
}

TEST(FileLines, are_the_same_wherever_blocks_begin_and_end) {
  for (const char* content :
       {"\n", "\n\n\n", "a", "a\n", "\na", "ab\ncd\r\n\r\nlonger line\nx", "no line end at all"}) {
    for (std::uint64_t block = 1; block <= 25; ++block) {
      EXPECT_EQ(read_all(lines_of(content, {.block_bytes = block})), plain_lines(content))
          << content << " by " << block;
    }
  }
}

/// Random lines: most short, some empty, now and then one longer than any buffer.
std::string random_text(testkit::SeededRandom& random) {
  std::string text;
  for (std::uint64_t lines = random.below(400); lines > 0; --lines) {
    const std::uint64_t size = random.one_in(50) ? random.below(400'000) : random.below(random.one_in(2) ? 4 : 200);
    for (std::uint64_t i = 0; i < size; ++i) text += "ab\r\0\xf0,"[random.below(6)];
    text += random.one_in(3) ? "\r\n" : "\n";
  }
  if (random.one_in(3)) text += "no line end";
  return text;
}

TEST(FileLines, of_random_files_equal_those_found_in_the_plainest_way) {
  testkit::SeededRandom random(20'240'501);
  SCOPED_TRACE(random.trace());
  for (int round = 0; round < 150; ++round) {
    const std::string text = random_text(random);
    const std::uint64_t block = 1 + (random.one_in(3) ? random.below(text.size() + 10) : 500 + random.below(300'000));
    if (text.size() / block > 20'000) continue;
    const auto lines =
        read_all(lines_of(text, {.block_bytes = block}), {.parallelism = static_cast<std::int64_t>(1 + random.below(8)),
                                                          .limit = 1 + random.below(2000),
                                                          .room = 1 + random.below(2000)});
    ASSERT_EQ(lines, plain_lines(text)) << "round " << round << ", blocks of " << block;
  }
}

TEST(FileLines, reach_a_job_of_any_parallelism_without_loss) {
  testkit::SeededRandom random(7);
  SCOPED_TRACE(random.trace());
  const testkit::TemporaryFolder folder;
  for (int parallelism = 1; parallelism <= 8; ++parallelism) {
    const std::string text = random_text(random);
    Collected<Line> collected;
    Job job{"lines"};
    job.source("lines", file_lines(folder.write("f", text), {.block_bytes = 1 + random.below(100'000)}),
               {.parallelism = parallelism})
        .sink("collect", collect(collected));
    EXPECT_EQ(start(job, {.workers = 2}).wait().failure, "");
    std::vector<Line> lines = collected.take();
    if (parallelism > 1) std::ranges::sort(lines, {}, &Line::position);
    EXPECT_EQ(lines, plain_lines(text));
  }
}

TEST(FileLines, may_be_a_megabyte_long) {
  const std::string text = "short\n" + std::string(1U << 20U, 'x') + "\nshort\n";
  EXPECT_EQ(read_all(lines_of(text)), plain_lines(text));
  EXPECT_EQ(read_all(lines_of(text, {.block_bytes = 1000})), plain_lines(text));
}

TEST(FileLines, longer_than_allowed_are_refused_with_file_and_offset) {
  const FileLinesOptions options{.greatest_line_bytes = 1000};
  const std::string fits(1000, 'x');
  EXPECT_EQ(read_all(lines_of("a\n" + fits + "\r\nb\n", options)).size(), 3U);
  for (const std::string& text : {"a\n" + fits + "x\nb\n", "a\n" + fits + "x", "a\n" + std::string(1'000'000, 'x')}) {
    EXPECT_THAT(message_of([&] { read_all(lines_of(text, options)); }),
                HasSubstr("file 'f', offset 2: a line is longer than 1000 bytes"));
  }
}

TEST(FileLines, of_a_missing_file_cannot_be_had_and_the_message_names_it) {
  EXPECT_THAT(message_of([] { read_all(file_lines("/no/such/file")); }),
              HasSubstr("cannot open '/no/such/file': No such file or directory"));
  Job job{"missing"};
  job.source("lines", file_lines("/no/such/file")).sink("nowhere", discard());
  EXPECT_THAT(message_of([&] { start(job); }), HasSubstr("/no/such/file"));
}

TEST(FileLines, of_a_directory_cannot_be_had_and_the_message_names_it) {
  const testkit::TemporaryFolder folder;
  EXPECT_THAT(message_of([&] { read_all(file_lines(folder.path(""))); }), HasSubstr(folder.path("")));
  EXPECT_THAT(message_of([&] { read_all(file_lines(folder.path(""))); }), HasSubstr("Is a directory"));
}

TEST(FileLines, of_a_file_that_may_not_be_read_cannot_be_had) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  const testkit::TemporaryFolder folder;
  const std::string path = folder.write("secret", "x\n");
  ::chmod(path.c_str(), 0);
  EXPECT_THAT(message_of([&] { read_all(file_lines(path)); }), HasSubstr("Permission denied"));
}

TEST(FileLines, refuse_options_that_make_no_sense) {
  EXPECT_THROW(file_lines("f", {.block_bytes = 0}), std::invalid_argument);
  EXPECT_THROW(file_lines("f", {.rate = -1}), std::invalid_argument);
}

TEST(FileLines, of_a_file_that_shrinks_meanwhile_are_not_lost_without_a_word) {
  auto files = std::make_shared<testing::MemoryFileSystem>();
  files->write("f", std::string(100, '\n'));
  const FileLines source = file_lines("f", {.block_bytes = 10, .file_system = files});
  files->before_each_call([&](auto call, const std::string&) {
    if (call == testing::MemoryFileSystem::Call::read) files->create("f")->append("\n\n\n");
  });
  EXPECT_THAT(message_of([&] { read_all(source); }), HasSubstr("had 100 bytes when the job started"));
}

TEST(FileLines, fail_with_the_reason_when_the_disk_does) {
  auto files = std::make_shared<testing::MemoryFileSystem>();
  files->write("f", "a\n");
  files->before_each_call([](auto call, const std::string& path) {
    if (call == testing::MemoryFileSystem::Call::read) throw FileError("read", path, EIO);
  });
  Job job{"broken disk"};
  job.source("lines", file_lines("f", {.file_system = files})).sink("nowhere", discard());
  EXPECT_THAT(start(job).wait().failure, HasSubstr("cannot read 'f': Input/output error"));
}

TEST(FileLines, come_at_a_rate_if_one_is_given) {
  testkit::FakeTask task;
  task.time.set(SteadyTime{} + 1s);
  EXPECT_EQ(read_all(lines_of("1\n2\n3\n4\n5\n6\n", {.block_bytes = 3, .rate = 10}), task).size(), 6U);
  EXPECT_EQ(task.time.steady_now(), SteadyTime{} + 1500ms);
}

TEST(FileLines, come_from_files_whose_size_is_not_known) {
  std::ifstream status("/proc/self/status");
  if (!status) GTEST_SKIP() << "no /proc here";
  std::string first;
  std::getline(status, first);
  EXPECT_EQ(read_all(file_lines("/proc/self/status")).front().text, first);
}

TEST(FileLines, of_a_device_are_read_like_any_other) { EXPECT_TRUE(read_all(file_lines("/dev/null")).empty()); }

TEST(FileLines, of_a_pipe_are_waited_for) {
  const testkit::TemporaryFolder folder;
  const std::string path = folder.path("pipe");
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  Collected<Line> collected;
  Job job{"pipe"};
  job.source("lines", file_lines(path), {.parallelism = 3}).sink("collect", collect(collected));
  JobHandle handle = start(job);
  EXPECT_FALSE(handle.wait_for(30ms));
  std::ofstream writer(path);
  writer << "one\ntw" << std::flush;
  while (collected.size() < 1) std::this_thread::sleep_for(1ms);
  writer << "o\nthree" << std::flush;
  while (collected.size() < 2) std::this_thread::sleep_for(1ms);
  EXPECT_TRUE(handle.running());
  writer.close();
  EXPECT_EQ(handle.wait().failure, "");
  EXPECT_THAT(collected.take(), ElementsAre(Line{"one", 0}, Line{"two", 4}, Line{"three", 8}));
}

}  // namespace
}  // namespace streamwork
