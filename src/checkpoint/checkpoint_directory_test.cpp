#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <streamwork/testing/memory_file_system.hpp>
#include <string>
#include <vector>

#include "checkpoint/checked_lines.hpp"
#include "checkpoint/checkpoint_directory.hpp"
#include "checkpoint/damage.hpp"
#include "checkpoint/stored_checkpoint.hpp"
#include "kit/plain_checkpoint.hpp"
#include "kit/temporary_folder.hpp"
#include "kit/thrown.hpp"

namespace streamwork::checkpoint {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::MemoryFileSystem;
using testkit::message_of;
using testkit::PlainCheckpoint;

/// Both kinds of file systems, with an own directory.
class Checkpoints : public ::testing::TestWithParam<bool> {
 protected:
  PlainCheckpoint publish(Kind kind = Kind::checkpoint) {
    PlainCheckpoint plain = testkit::random_checkpoint(random, kind, 300);
    plain.snapshots.push_back(testkit::random_snapshot(random, "always", 300));
    testkit::write_checkpoint(directory, plain);
    return plain;
  }
  /// An attempt that never gets a manifest.
  std::uint64_t fail(Kind kind = Kind::checkpoint) {
    const std::uint64_t number = directory.reserve_number(kind);
    testkit::write_snapshot(*directory.write_snapshot(kind, number, "task"),
                            testkit::random_snapshot(random, "task", 99));
    return number;
  }
  void damage(Kind kind, std::uint64_t number) {
    const auto file = files->open_to_append(path_in(directory.path_of(kind, number), "always"));
    file->append("x");
    file->close();
  }

  testkit::TemporaryFolder folder;
  std::shared_ptr<FileSystem> files = GetParam() ? std::make_shared<MemoryFileSystem>() : RealFileSystem::instance();
  testkit::SeededRandom random{22};
  CheckpointDirectory directory{files, folder.path("a/b")};

  /// As if the process had ended; what comes next is another run.
  void close() { directory = CheckpointDirectory(files, folder.path("a/b")); }
};
INSTANTIATE_TEST_SUITE_P(OnDiskAndInMemory, Checkpoints, ::testing::Bool());

TEST_P(Checkpoints, are_none_at_first) {
  EXPECT_FALSE(directory.newest_usable().newest);
  EXPECT_THAT(directory.newest_usable().passed_over, IsEmpty());
  EXPECT_THAT(directory.names(), IsEmpty());
  EXPECT_FALSE(files->exists(folder.path("a"))) << "looking makes nothing";
}

TEST_P(Checkpoints, are_found_as_they_were_published_newest_first) {
  for (const Kind kind : {Kind::checkpoint, Kind::savepoint, Kind::suspended, Kind::ended}) {
    const PlainCheckpoint plain = publish(kind);
    CheckpointDirectory opened(files, folder.path("a/b"));
    const Search search = opened.newest_usable();
    ASSERT_TRUE(search.newest);
    EXPECT_THAT(search.passed_over, IsEmpty());
    EXPECT_EQ(search.newest->manifest, plain.manifest);
    EXPECT_EQ(testkit::read_back(*files, search.newest->path), plain);
  }
  EXPECT_THAT(directory.names(),
              ElementsAre("checkpoint-000004", "checkpoint-000003", "savepoint-000002", "checkpoint-000001"));
}

TEST_P(Checkpoints, stay_good_when_the_directory_is_moved) {
  const PlainCheckpoint plain = publish();
  if (GetParam()) return;  // directories in memory cannot be renamed
  std::filesystem::rename(folder.path("a/b"), folder.path("c"));
  CheckpointDirectory moved(files, folder.path("c/"));
  const Search search = moved.newest_usable();
  ASSERT_TRUE(search.newest);
  EXPECT_EQ(testkit::read_back(*files, search.newest->path), plain);
  std::filesystem::rename(search.newest->path, folder.path("before the upgrade"));
  EXPECT_EQ(adopt_checkpoint(*files, folder.path("before the upgrade")), plain.manifest);
}

TEST_P(Checkpoints, numbers_are_never_given_out_twice) {
  EXPECT_EQ(directory.reserve_number(Kind::checkpoint), 1U);
  close();
  EXPECT_EQ(CheckpointDirectory(files, folder.path("a/b")).reserve_number(Kind::savepoint), 2U);
  EXPECT_EQ(directory.reserve_number(Kind::checkpoint), 3U);
  for (const std::string& name : directory.names()) remove_checkpoint(*files, path_in(directory.path(), name));
  close();
  EXPECT_EQ(CheckpointDirectory(files, folder.path("a/b")).reserve_number(Kind::checkpoint), 4U);
  close();
  EXPECT_EQ(directory.reserve_number(Kind::checkpoint, 3), 5U);
  EXPECT_EQ(directory.reserve_number(Kind::checkpoint, 43), 44U) << "it went on from one of another directory";
  EXPECT_EQ(directory.reserve_number(Kind::checkpoint, 43), 45U);
}

TEST_P(Checkpoints, numbers_go_on_when_the_file_of_numbers_is_damaged) {
  fail();
  publish();
  fail();
  fail();
  directory.retain(1);
  close();
  const std::string file = folder.path("a/b/last-number");
  for (const std::string& content : {std::string(), std::string("rubbish"), std::string(10'000, 'x')}) {
    files->create(file)->append(content);
    CheckpointDirectory opened(files, folder.path("a/b"));
    EXPECT_GE(opened.reserve_number(Kind::checkpoint), 5U);
  }
  files->remove(file);
  EXPECT_EQ(CheckpointDirectory(files, folder.path("a/b")).reserve_number(Kind::checkpoint), 8U);
}

TEST_P(Checkpoints, belong_to_one_run_at_a_time) {
  CheckpointDirectory other(files, folder.path("a/b"));
  directory.claim();
  directory.claim();
  EXPECT_THROW(other.claim(), DirectoryInUse);
  EXPECT_THAT(message_of([&] { other.reserve_number(Kind::checkpoint); }), HasSubstr("a/b' is used by another run"));
  publish();
  EXPECT_EQ(other.newest_usable().newest->manifest.number, 1U) << "looking is allowed";
  close();
  EXPECT_EQ(other.reserve_number(Kind::checkpoint), 2U);
}

TEST_P(Checkpoints, older_ones_and_failed_attempts_are_removed) {
  fail();
  publish();
  publish(Kind::savepoint);
  fail();
  publish();
  publish();
  fail();
  EXPECT_THAT(directory.retain(2), IsEmpty());
  EXPECT_THAT(directory.names(),
              ElementsAre("checkpoint-000007", "checkpoint-000006", "checkpoint-000005", "savepoint-000003"))
      << "the last attempt may be under way";
  EXPECT_THAT(directory.retain(1), IsEmpty());
  EXPECT_THAT(directory.names(), ElementsAre("checkpoint-000007", "checkpoint-000006", "savepoint-000003"));
}

TEST_P(Checkpoints, damaged_ones_do_not_count_among_those_retained) {
  for (int i = 1; i <= 3; ++i) publish();
  damage(Kind::checkpoint, 3);
  EXPECT_EQ(directory.newest_usable().newest->manifest.number, 2U);
  EXPECT_THAT(directory.retain(2), IsEmpty());
  EXPECT_THAT(directory.names(), ElementsAre("checkpoint-000003", "checkpoint-000002", "checkpoint-000001"));
  publish();
  publish();
  EXPECT_THAT(directory.retain(2), IsEmpty());
  EXPECT_THAT(directory.names(), ElementsAre("checkpoint-000005", "checkpoint-000004"));
}

TEST_P(Checkpoints, one_that_cannot_be_removed_does_not_keep_the_others) {
  for (int i = 1; i <= 3; ++i) publish();
  files->create_directories(path_in(directory.path_of(Kind::checkpoint, 1), "full"));
  files->create(path_in(directory.path_of(Kind::checkpoint, 1), "full/of.notes"))->close();
  const auto problems = directory.retain(1);
  EXPECT_THAT(problems, ElementsAre(HasSubstr("checkpoint-000001/full': Directory not empty")));
  EXPECT_THAT(directory.names(), ElementsAre("checkpoint-000003", "checkpoint-000001"));
  EXPECT_EQ(directory.newest_usable().newest->manifest.number, 3U);
}

TEST_P(Checkpoints, unfinished_ones_are_passed_over_and_said_to_be_so) {
  publish();
  fail();
  const Search search = directory.newest_usable();
  EXPECT_EQ(search.newest->manifest.number, 1U);
  ASSERT_EQ(search.passed_over.size(), 1U);
  EXPECT_TRUE(search.passed_over[0].unfinished);
  EXPECT_THAT(search.passed_over[0].reason, HasSubstr("checkpoint-000002/manifest': No such file"));
}

TEST_P(Checkpoints, what_does_not_belong_there_is_ignored) {
  publish();
  for (const char* name : {"notes.txt", "checkpoint-1", "checkpoint-0000002", "checkpoint-abc", "savepoint-"}) {
    files->create(path_in(directory.path(), name))->close();
  }
  files->create(path_in(directory.path(), "checkpoint-000009"))->close();  // no directory
  EXPECT_EQ(directory.newest_usable().newest->manifest.number, 1U);
  EXPECT_EQ(directory.reserve_number(Kind::checkpoint), 10U);
}

TEST_P(Checkpoints, a_newer_format_is_refused_not_passed_over_F16) {
  publish();
  const std::uint64_t number = directory.reserve_number(Kind::checkpoint);
  CheckedLinesWriter lines;
  lines.add(R"({"format":"streamwork checkpoint","version":7})");
  files->create(path_in(directory.path_of(Kind::checkpoint, number), "manifest"))->append(lines.text());
  EXPECT_THAT(message_of([&] { directory.newest_usable(); }), HasSubstr("format version 7"));
  EXPECT_THROW(directory.newest_usable(), NewerFormat);
}

TEST_P(Checkpoints, are_published_once_and_only_with_all_of_their_files) {
  PlainCheckpoint plain = publish();
  EXPECT_THAT(message_of([&] { directory.publish(plain.manifest); }), HasSubstr("a checkpoint is published once"));
  Manifest manifest = plain.manifest;
  manifest.number = directory.reserve_number(manifest.kind);
  EXPECT_THAT(message_of([&] { directory.publish(manifest); }), HasSubstr("there is no such file"));
  EXPECT_EQ(directory.newest_usable().newest->manifest.number, 1U);
}

TEST(CheckpointDirectory, lets_a_start_fail_for_what_another_start_may_cure) {
  const auto files = std::make_shared<MemoryFileSystem>();
  CheckpointDirectory directory(files, "d");
  PlainCheckpoint plain;
  for (int i = 0; i < 2; ++i) testkit::write_checkpoint(directory, plain);
  int error = EMFILE;
  files->before_each_call([&](MemoryFileSystem::Call call, const std::string& path) {
    if (call == MemoryFileSystem::Call::open_to_read && path == "d/checkpoint-000002/manifest") {
      throw FileError("open", path, error);
    }
  });
  EXPECT_THROW(directory.newest_usable(), FileError);
  error = EIO;
  EXPECT_EQ(directory.newest_usable().newest->manifest.number, 1U);
}

TEST(CheckpointDirectory, says_so_when_it_cannot_know_whether_it_has_published_F10) {
  const auto files = std::make_shared<MemoryFileSystem>();
  CheckpointDirectory directory(files, "d");
  bool renamed = false;
  bool fail_renaming = true;
  files->before_each_call([&](MemoryFileSystem::Call call, const std::string& path) {
    const bool is_manifest = call == MemoryFileSystem::Call::rename && path.ends_with("manifest.pending");
    if (is_manifest && fail_renaming) throw FileError("rename", path, EIO);
    renamed = renamed || is_manifest;
    if (renamed && call == MemoryFileSystem::Call::sync_directory) throw FileError("sync", path, EIO);
  });
  PlainCheckpoint plain;
  EXPECT_THROW(testkit::write_checkpoint(directory, plain), FileError) << "nothing was renamed: it failed";
  EXPECT_FALSE(directory.newest_usable().newest);
  fail_renaming = false;
  EXPECT_THROW(testkit::write_checkpoint(directory, plain), OutcomeUnknown);
}

}  // namespace
}  // namespace streamwork::checkpoint
