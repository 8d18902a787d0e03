#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <streamwork/connectors/collection.hpp>
#include <streamwork/connectors/generator.hpp>
#include <streamwork/connectors/text_sinks.hpp>
#include <streamwork/job.hpp>
#include <streamwork/run.hpp>
#include <streamwork/testing/memory_file_system.hpp>
#include <string>
#include <vector>

#include "kit/plain_lines.hpp"
#include "kit/sink_driver.hpp"
#include "kit/temporary_folder.hpp"
#include "kit/thrown.hpp"

namespace streamwork {
namespace {

using ::testing::HasSubstr;
using testing::MemoryFileSystem;
using testkit::DrivenSink;
using testkit::message_of;

struct Count {
  std::string type;
  int count;
};

struct FilesInMemory {
  std::shared_ptr<MemoryFileSystem> files = std::make_shared<MemoryFileSystem>();
  WriteOptions options{files};
};

TEST(JsonLinesSink, writes_one_object_per_line) {
  const FilesInMemory memory;
  DrivenSink sink(write_json_lines("f", memory.options));
  sink.write(Count{"car", 3});
  sink.write(Count{"tr\"uck", 1});
  sink.finish();
  EXPECT_EQ(memory.files->content("f"), "{\"type\":\"car\",\"count\":3}\n{\"type\":\"tr\\\"uck\",\"count\":1}\n");
}

TEST(LinesSink, writes_strings_and_lines_as_they_are) {
  const FilesInMemory memory;
  DrivenSink sink(write_lines("f", memory.options));
  sink.write(std::string("one"));
  sink.write(Line{"two", 17});
  sink.write("three");
  sink.finish();
  EXPECT_EQ(memory.files->content("f"), "one\ntwo\nthree\n");
}

TEST(TextSink, writes_what_a_function_makes_of_events) {
  const FilesInMemory memory;
  DrivenSink sink(
      write_text("f", [](const Count& c) { return c.type + "=" + std::to_string(c.count); }, memory.options));
  sink.write(Count{"car", 3});
  sink.finish();
  EXPECT_EQ(memory.files->content("f"), "car=3\n");
}

TEST(TextSink, leaves_no_half_line_of_an_event_that_cannot_be_written) {
  const FilesInMemory memory;
  Job job{"bad"};
  job.source("numbers", from_vector(std::vector{1, 2, 3}))
      .sink("write",
            write_text(
                "f",
                [](int i) {
                  if (i == 2) throw BadEvent("two is not written");
                  return std::to_string(i);
                },
                memory.options),
            {.bad_events = skip_bad_events()});
  EXPECT_EQ(start(job).wait().failure, "");
  EXPECT_EQ(memory.files->content("f"), "1\n3\n");
}

TEST(CsvSink, names_the_cells_in_the_first_line_once_for_all_instances) {
  const FilesInMemory memory;
  DrivenSink sink(write_csv("f", {.separator = ';'}, memory.options), 3);
  sink.write(Count{"car", 1}, 1);
  sink.write(Count{"bus", 2}, 0);
  EXPECT_TRUE(sink[1].flush());
  EXPECT_TRUE(sink[0].flush());
  sink.write(Count{"car", 3}, 1);
  sink.finish();
  EXPECT_EQ(memory.files->content("f"), "type;count\ncar;1\nbus;2\ncar;3\n");
}

TEST(CsvSink, in_a_job_has_one_header_above_all_lines) {
  const testkit::TemporaryFolder folder;
  Job job{"csv"};
  job.source("counts",
             generate<Count>([](std::uint64_t i) { return Count{"car", static_cast<int>(i)}; }, {.count = 50'000}),
             {.parallelism = 4})
      .sink("write", write_csv(folder.path("f")));
  EXPECT_EQ(start(job, {.workers = 2}).wait().failure, "");
  const std::vector<Line> lines = testkit::plain_lines(folder.read("f"));
  EXPECT_EQ(lines.size(), 50'001U);
  EXPECT_EQ(lines.front().text, "type,count");
  EXPECT_EQ(std::ranges::count(lines, std::string("type,count"), &Line::text), 1);
}

TEST(FileSink, is_there_and_empty_before_the_first_event) {
  const FilesInMemory memory;
  memory.files->write("f", "old\n");
  DrivenSink sink(write_lines("f", memory.options));
  EXPECT_EQ(memory.files->content("f"), "");
  sink.write("new");
  EXPECT_EQ(memory.files->content("f"), "");
  EXPECT_TRUE(sink[0].flush());
  EXPECT_EQ(memory.files->content("f"), "new\n");
}

TEST(FileSink, asks_for_room_when_its_buffer_is_full) {
  const FilesInMemory memory;
  DrivenSink sink(write_lines("f", memory.options));
  EXPECT_TRUE(sink[0].write(std::string(1000, 'x')));
  EXPECT_FALSE(sink[0].write(std::string(100'000, 'x')));
  EXPECT_TRUE(sink[0].flush());
  EXPECT_TRUE(sink[0].write("more"));
  sink.finish();
  EXPECT_EQ(memory.files->content("f").size(), 1001U + 100'001U + 5U);
}

TEST(FileSink, holds_whole_lines_of_all_instances_and_of_two_sinks_on_one_file) {
  const testkit::TemporaryFolder folder;
  Job job{"two sinks"};
  const auto number = [](std::uint64_t i) { return std::to_string(i) + std::string(i % 300, '.'); };
  auto numbers = job.source("numbers", generate<std::string>(number, {.count = 20'000}), {.parallelism = 4});
  numbers.sink("one", write_lines(folder.path("f")));
  numbers.sink("two", write_lines(folder.path("f")));
  EXPECT_EQ(start(job, {.workers = 3}).wait().failure, "");
  std::vector<std::string> expected;
  expected.reserve(40'000);
  for (std::uint64_t i = 0; i < 20'000; ++i) expected.insert(expected.end(), 2, number(i));
  std::vector<std::string> lines = testkit::texts(testkit::plain_lines(folder.read("f")));
  std::ranges::sort(lines);
  std::ranges::sort(expected);
  EXPECT_EQ(lines, expected);
}

TEST(FileSink, is_emptied_and_written_again_when_the_job_is_started_again) {
  const testkit::TemporaryFolder folder;
  Job job{"again"};
  job.source("lines", from_vector(std::vector<std::string>{"one", "two"})).sink("write", write_lines(folder.path("f")));
  start(job).wait();
  start(job).wait();
  EXPECT_EQ(folder.read("f"), "one\ntwo\n");
}

TEST(FileSink, goes_on_behind_whole_lines_when_the_job_does) {
  const FilesInMemory memory;
  memory.files->write("f", "type,count\ncar,1\nbus");  // the run before was cut off in a line
  DrivenSink sink(write_csv("f", {}, memory.options), SinkRequest{.vertex = "sink", .restored = true});
  EXPECT_FALSE(sink[0].transactional());
  sink.write(Count{"bus", 2});
  sink.finish();
  EXPECT_EQ(memory.files->content("f"), "type,count\ncar,1\nbus\nbus,2\n");
  DrivenSink elsewhere(write_csv("g", {}, memory.options), SinkRequest{.vertex = "sink", .restored = true});
  elsewhere.write(Count{"bus", 2});
  elsewhere.finish();
  EXPECT_EQ(memory.files->content("g"), "type,count\nbus,2\n");
}

TEST(FileSink, that_cannot_be_made_keeps_the_job_from_starting) {
  const testkit::TemporaryFolder folder;
  for (const std::string& path : {folder.path("no/such/folder/f"), folder.path("")}) {
    Job job{"nowhere"};
    job.source("numbers", from_vector(std::vector{1})).sink("write", write_json_lines(path));
    EXPECT_THAT(message_of([&] { start(job); }), HasSubstr("cannot write to '" + path + "'"));
  }
}

TEST(FileSink, ends_the_job_with_path_and_reason_when_the_disk_is_full) {
  const FilesInMemory memory;
  memory.files->before_each_call([](auto call, const std::string& path) {
    if (call == MemoryFileSystem::Call::append) throw FileError("write to", path, ENOSPC);
  });
  Job job{"full"};
  job.source("numbers", from_vector(std::vector{1})).sink("write", write_json_lines("f", memory.options));
  const JobResult result = start(job).wait();
  EXPECT_EQ(result.end, JobEnd::failed);
  EXPECT_THAT(result.failure, HasSubstr("vertex 'write'"));
  EXPECT_THAT(result.failure, HasSubstr("cannot write to 'f': No space left on device"));
}

TEST(FileSink, reports_what_only_closing_the_file_brings_to_light) {
  const FilesInMemory memory;
  memory.files->before_each_call([](auto call, const std::string& path) {
    if (call == MemoryFileSystem::Call::close) throw FileError("write to", path, EDQUOT);
  });
  Job job{"quota"};
  job.source("numbers", from_vector(std::vector{1})).sink("write", write_json_lines("f", memory.options));
  EXPECT_THAT(start(job).wait().failure, HasSubstr("quota"));
}

}  // namespace
}  // namespace streamwork
