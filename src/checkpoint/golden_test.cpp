// Checkpoints that older versions wrote, kept in tests/golden/: every release must read them for ever.
//
// `golden_checkpoints()` tells what is in them. To make the folder of a new version of the format, raise the version,
// and run this once from the root of the sources; folders of older versions are never written again:
//   STREAMWORK_WRITE_GOLDEN=tests/golden/checkpoints-v2 build/release/bin/unit_tests --gtest_filter='*Golden*'
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <memory>
#include <streamwork/testing/memory_file_system.hpp>
#include <streamwork/typed/grouping.hpp>
#include <string>
#include <vector>

#include "checkpoint/restored_checkpoint.hpp"
#include "checkpoint/stored_checkpoint.hpp"
#include "kit/plain_checkpoint.hpp"
#include "kit/process.hpp"

namespace streamwork::checkpoint {
namespace {

using testing::MemoryFileSystem;
using testkit::PlainCheckpoint;

const std::string golden_folder = testkit::source_path("tests/golden/checkpoints-v");

/// A checkpoint with every kind of thing in it, a savepoint without files.
std::vector<PlainCheckpoint> golden_checkpoints() {
  PlainCheckpoint checkpoint;
  checkpoint.manifest = {.kind = Kind::checkpoint,
                         .job = "golden \"job\" ü",
                         .delivery = "exactly_once",
                         .created = ProcessingTime(std::chrono::microseconds(1'700'000'000'123'456))};
  checkpoint.manifest.vertices = {{"sensor reader", "source", 2, true}, {"vehicle counter", "operator", 1, false}};
  checkpoint.manifest.entries = {{"", 0, "note", "plain text"},
                                 {"print", 1, "prepared", std::string("\0\n\x7F\xFFz", 5)},
                                 {"print", 0, "prepared", ""}};
  testkit::PlainSnapshot counter{.name = "task-1.snapshot"};
  counter.sections = {{"vehicle counter", 0, "rows", "schema \x01\x02"}, {"vehicle counter", 0, "timers", ""}};
  counter.frames = {
      {0, 0, 2, "first"}, {1, 0, 0, ""}, {0, 127, 1'000'000'000'000, std::string(300, '\xAA')}, {0, 0, 1, "x"}};
  testkit::PlainSnapshot reader{.name = "task-0.snapshot"};
  reader.sections = {{"sensor reader", -1, "splits", ""}};
  reader.frames = {{0, no_key_group, 1, std::string("\0\1\2\3", 4)}};
  checkpoint.snapshots = {reader, counter, {.name = "task-2.snapshot"}};

  PlainCheckpoint savepoint;
  savepoint.manifest = {.kind = Kind::savepoint, .job = "golden", .delivery = "at_least_once"};
  return {checkpoint, savepoint};
}

std::vector<PlainCheckpoint> write_to(const std::shared_ptr<FileSystem>& files, const std::string& path) {
  std::vector<PlainCheckpoint> written = golden_checkpoints();
  CheckpointDirectory directory(files, path);
  for (PlainCheckpoint& plain : written) testkit::write_checkpoint(directory, plain);
  return written;
}

/// What is expected of each: the model with the numbers and file summaries that come with storing it.
std::vector<PlainCheckpoint> as_stored() { return write_to(std::make_shared<MemoryFileSystem>(), "d"); }

TEST(GoldenCheckpoints, of_every_version_are_read_F16) {
  const auto files = RealFileSystem::instance();
  const std::vector<PlainCheckpoint> expected = as_stored();
  for (std::uint32_t version = 1; version <= snapshot_format::version; ++version) {
    const std::string folder = golden_folder + std::to_string(version);
    const std::string checkpoint = folder + "/checkpoint-000001";
    const std::string savepoint = folder + "/savepoint-000002";
    EXPECT_EQ(testkit::read_back(*files, checkpoint), expected[0]);
    EXPECT_EQ(testkit::read_back(*files, savepoint), expected[1]);
    verify_checkpoint(*files, checkpoint, read_checkpoint(*files, checkpoint));
    CheckpointDirectory directory(files, folder);
    EXPECT_EQ(directory.newest_usable().newest->path, savepoint);
  }
}

/// Of window_lab, suspended with seven keys: --window tumbling:1min --aggregate count --state-backend rocksdb.
TEST(GoldenCheckpoints, with_rows_in_rocksdb_are_read_F16) {
  FileSystem& files = *RealFileSystem::instance();
  const std::string path = testkit::source_path("tests/golden/rocksdb-v2/checkpoint-000001");
  const Manifest manifest = read_checkpoint(files, path);
  EXPECT_EQ(manifest.store_files.size(), 3U);
  verify_checkpoint(files, path, manifest);
  const RestoredCheckpoint restored(files, path, manifest, false);
  std::uint64_t rows = 0;
  restored.for_each("windows", typed::section::rows, 0, typed::key_groups - 1,
                    [&](const typed::StoredFrame& frame) { rows += frame.entries; });
  EXPECT_EQ(rows, 7U);
  restored.for_each("windows", typed::section::rows, 0, 30, [&](const typed::StoredFrame& frame) {
    EXPECT_LE(frame.key_group, 30U);
    --rows;
  });
  EXPECT_EQ(rows, 6U) << "one key is in the first 31 key groups";
}

TEST(GoldenCheckpoints, have_the_bytes_that_this_version_writes) {
  if (const char* folder = std::getenv("STREAMWORK_WRITE_GOLDEN")) write_to(RealFileSystem::instance(), folder);
  const auto files = std::make_shared<MemoryFileSystem>();
  write_to(files, "d");
  const std::string folder = golden_folder + std::to_string(snapshot_format::version);
  for (const std::string name :
       {"last-number", "checkpoint-000001/manifest", "checkpoint-000001/task-0.snapshot",
        "checkpoint-000001/task-1.snapshot", "checkpoint-000001/task-2.snapshot", "savepoint-000002/manifest"}) {
    const auto file = RealFileSystem::instance()->open_to_read(folder + "/" + name);
    std::string golden(file->size(), '\0');
    file->read_at(0, golden);
    EXPECT_EQ(files->content("d/" + name), golden) << name << ": a changed format needs a new version";
  }
}

}  // namespace
}  // namespace streamwork::checkpoint
