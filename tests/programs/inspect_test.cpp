// `streamwork inspect`: what a checkpoint holds, and where it is damaged.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "kit/process.hpp"
#include "kit/temporary_folder.hpp"

namespace streamwork::testkit {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

const std::string golden = source_path("tests/golden/checkpoints-v1");

/// A copy of the golden checkpoints to be damaged.
class InspectTest : public ::testing::Test {
 protected:
  InspectTest() { std::filesystem::copy(golden, folder.path("c"), std::filesystem::copy_options::recursive); }

  static ProcessResult inspect(const std::vector<std::string>& arguments) {
    std::vector<std::string> all = {"inspect"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return run_program("streamwork", all);
  }
  void flip(const std::string& name, std::size_t byte) const {
    std::string content = folder.read(name);
    content.at(byte) = static_cast<char>(content.at(byte) ^ 1);
    folder.write(name, content);
  }

  TemporaryFolder folder;
};

TEST_F(InspectTest, ListsADirectoryOfCheckpointsNewestFirst) {
  std::filesystem::create_directory(folder.path("c/checkpoint-000003"));
  const ProcessResult result = inspect({folder.path("c")});
  EXPECT_EQ(result.exit_code, 0) << describe(result);
  const auto lines = result.output_lines();
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[0], "checkpoint-000003  unfinished");
  EXPECT_THAT(lines[1], StartsWith("savepoint-000002  whole  savepoint of job \"golden\", at_least_once, 1970"));
  EXPECT_THAT(lines[2], HasSubstr("exactly_once, 2023-11-14 22:13:20 UTC, 1.0 KiB in 3 files"));
}

TEST_F(InspectTest, ShowsTheFirstEntriesOfAJobsState) {
  folder.write("in.jsonl", "{\"key\":\"a\",\"time\":1700000000123,\"value\":1.5}\n");
  const std::vector<std::string> window_lab = {"--input",         "file:" + folder.path("in.jsonl"),
                                               "--output",        "/dev/null",
                                               "--window",        "count:10",
                                               "--aggregate",     "count",
                                               "--quiet",         "--checkpoint-dir",
                                               folder.path("own")};
  ASSERT_EQ(run_program("window_lab", window_lab).exit_code, 0);
  const ProcessResult result = inspect({folder.path("own/checkpoint-000001")});
  EXPECT_EQ(result.exit_code, 0) << describe(result);
  EXPECT_THAT(result.output, AllOf(HasSubstr("of {split: u64, watermark: event_time<i64 us>"),
                                   HasSubstr("ended of job \"window_lab\"")));
}

TEST_F(InspectTest, TellsWhatOneCheckpointHolds) {
  const ProcessResult result = inspect({folder.path("c/checkpoint-000001/")});
  EXPECT_EQ(result.exit_code, 0) << describe(result);
  EXPECT_THAT(
      result.output,
      AllOf(HasSubstr("\"sensor reader\"  source, 2 instances, finished"), HasSubstr("file task-1.snapshot, 738 bytes"),
            HasSubstr("\"vehicle counter\" 0  rows  1000000000003 entries, 306 bytes in 3 frames"),
            HasSubstr("key groups  0-15: 3  112-127: 1000000000000 entries"),
            HasSubstr("\"print\" 1  prepared  5 bytes")));
}

TEST_F(InspectTest, TellsTheSameAsJson) {
  const ProcessResult result = inspect({"--json", folder.path("c/checkpoint-000001")});
  EXPECT_EQ(result.exit_code, 0) << describe(result);
  EXPECT_THAT(result.output, AllOf(StartsWith("{\"path\":"), HasSubstr(R"("state":"whole","damage":[])"),
                                   HasSubstr(R"({"key_group":127,"entries":1000000000000,"bytes":300})")));
}

TEST_F(InspectTest, NamesEveryDamagedPlaceAndTellsTheRest) {
  flip("c/checkpoint-000001/task-0.snapshot", 0x4F);
  flip("c/checkpoint-000001/task-1.snapshot", 5);
  const ProcessResult result = inspect({folder.path("c/checkpoint-000001")});
  EXPECT_EQ(result.exit_code, 1) << describe(result);
  EXPECT_THAT(
      result.output,
      AllOf(StartsWith("checkpoint-000001  damaged"), HasSubstr("task-0.snapshot' is damaged at byte 47: frame 0"),
            HasSubstr("task-1.snapshot' is damaged at byte 5: "), HasSubstr("\"sensor reader\" -1  splits")));
  flip("c/checkpoint-000001/manifest", 100);
  EXPECT_THAT(inspect({folder.path("c")}).output, HasSubstr("manifest' is damaged at byte 0: the line does not match"));
}

TEST_F(InspectTest, SaysThatTheManifestOfACheckpointIsMissing) {
  std::filesystem::remove(folder.path("c/checkpoint-000001/manifest"));
  const ProcessResult result = inspect({folder.path("c/checkpoint-000001")});
  EXPECT_EQ(result.exit_code, 1) << describe(result);
  EXPECT_THAT(result.output, AllOf(StartsWith("checkpoint-000001  unfinished\n"),
                                   HasSubstr("checkpoint-000001/manifest' is missing")));
}

TEST_F(InspectTest, SaysWhatItExpectsWhenThereIsNothing) {
  EXPECT_THAT(inspect({folder.path("")}).errors, HasSubstr("holds no checkpoints"));
  EXPECT_THAT(inspect({folder.path("x")}).errors, HasSubstr("x' is no directory"));
  EXPECT_THAT(inspect({}).errors, HasSubstr("inspect needs the path of a checkpoint"));
  for (const std::string path : {"", "x"}) EXPECT_EQ(inspect({folder.path(path)}).exit_code, 1);
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"a", "b"}, {"--yaml", "a"}, {}}) {
    EXPECT_EQ(inspect(arguments).exit_code, 2);
  }
}

}  // namespace
}  // namespace streamwork::testkit
