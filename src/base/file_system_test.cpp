#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <memory>
#include <streamwork/file_system.hpp>
#include <streamwork/testing/memory_file_system.hpp>
#include <string>
#include <thread>
#include <vector>

#include "kit/temporary_folder.hpp"
#include "kit/thrown.hpp"

namespace streamwork {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::MemoryFileSystem;
using testkit::message_of;

/// What both file systems must do alike, in a folder that is there and empty.
class AnyFileSystem : public ::testing::TestWithParam<bool> {
 protected:
  AnyFileSystem() {
    if (GetParam()) files = std::make_shared<MemoryFileSystem>();
    if (GetParam()) files->create_directories(folder.path("x"));
    if (GetParam()) files->remove(folder.path("x"));
  }
  std::string path(const std::string& name) const { return folder.path(name); }
  void write(const std::string& name, std::string_view content) const {
    const auto file = files->create(path(name));
    file->append(content);
    file->close();
  }
  std::string read(const std::string& name) const {
    const auto file = files->open_to_read(path(name));
    std::string content(file->size(), '\0');
    EXPECT_EQ(file->read_at(0, content), content.size());
    return content;
  }

  testkit::TemporaryFolder folder;
  std::shared_ptr<FileSystem> files = RealFileSystem::instance();
};
INSTANTIATE_TEST_SUITE_P(OnDiskAndInMemory, AnyFileSystem, ::testing::Bool());

TEST_P(AnyFileSystem, reads_back_what_was_written) {
  write("f", "one");
  EXPECT_EQ(read("f"), "one");
  write("f", "2");
  EXPECT_EQ(read("f"), "2");
  const auto more = files->open_to_append(path("f"));
  more->append("34");
  more->append("");
  more->append("5");
  more->sync();
  more->close();
  EXPECT_EQ(read("f"), "2345");
}

TEST_P(AnyFileSystem, reads_anywhere_and_less_only_at_the_end) {
  write("f", "0123456789");
  const auto file = files->open_to_read(path("f"));
  std::string four(4, '\0');
  EXPECT_EQ(file->read_at(3, four), 4U);
  EXPECT_EQ(four, "3456");
  EXPECT_EQ(file->read_at(8, four), 2U);
  EXPECT_EQ(four.substr(0, 2), "89");
  EXPECT_EQ(file->read_at(10, four), 0U);
  EXPECT_EQ(file->read_at(1000, four), 0U);
}

TEST_P(AnyFileSystem, describes_what_is_there) {
  files->create_directories(path("a/b"));
  files->create_directories(path("a/b"));
  write("a/b/f", "12345");
  EXPECT_EQ(files->describe(path("a")).kind, FileKind::directory);
  EXPECT_EQ(files->describe(path("a/b")).kind, FileKind::directory);
  EXPECT_EQ(files->describe(path("a/b/f")).kind, FileKind::regular);
  EXPECT_EQ(files->describe(path("a/b/f")).size, 5U);
  EXPECT_EQ(files->describe(path("a/c")).kind, FileKind::missing);
  EXPECT_TRUE(files->exists(path("a/b/f")));
  EXPECT_FALSE(files->exists(path("a/b/g")));
}

TEST_P(AnyFileSystem, renames_over_another_file_and_removes) {
  write("f", "new");
  write("g", "old");
  files->rename(path("f"), path("g"));
  files->sync_directory(path(""));
  EXPECT_EQ(read("g"), "new");
  EXPECT_FALSE(files->exists(path("f")));
  files->remove(path("g"));
  EXPECT_FALSE(files->exists(path("g")));
}

TEST_P(AnyFileSystem, lists_names_in_order) {
  files->create_directories(path("d/sub"));
  write("d/z", "");
  write("d/a", "");
  write("d/sub/inside", "");
  EXPECT_THAT(files->list(path("d")), ElementsAre("a", "sub", "z"));
}

TEST_P(AnyFileSystem, says_what_cannot_be_done_with_which_path) {
  EXPECT_THAT(message_of([&] { files->open_to_read(path("f")); }),
              HasSubstr("cannot open '" + path("f") + "': No such file or directory"));
  files->create_directories(path("d"));
  EXPECT_THAT(message_of([&] { files->open_to_read(path("d")); }), HasSubstr("Is a directory"));
  EXPECT_THAT(message_of([&] { files->create(path("d")); }), HasSubstr("Is a directory"));
  EXPECT_THROW(files->rename(path("f"), path("g")), FileError);
  EXPECT_THROW(files->remove(path("f")), FileError);
  EXPECT_THROW(files->list(path("f")), FileError);
  write("d/inside", "");
  EXPECT_THAT(message_of([&] { files->remove(path("d")); }), HasSubstr("Directory not empty"));
  write("f", "");
  EXPECT_THROW(files->create_directories(path("f")), FileError);
}

TEST_P(AnyFileSystem, keeps_the_bytes_of_one_append_together) {
  const auto one = files->create(path("f"));
  const auto other = files->open_to_append(path("f"));
  const auto append = [](WritableFile& file, char c) {
    for (int i = 0; i < 2000; ++i) file.append(std::string(7, c) + "\n");
  };
  std::thread thread([&] { append(*one, 'a'); });
  append(*other, 'b');
  thread.join();
  const std::string content = read("f");
  ASSERT_EQ(content.size(), 2U * 2000U * 8U);
  for (std::size_t i = 0; i < content.size(); i += 8) {
    ASSERT_EQ(content.substr(i, 8), std::string(7, content[i]) + "\n");
  }
}

TEST_P(AnyFileSystem, gives_a_lock_to_one_at_a_time) {
  auto lock = files->lock(path("lock"));
  EXPECT_TRUE(files->exists(path("lock")));
  EXPECT_THAT(message_of([&] { files->lock(path("lock")); }), HasSubstr("cannot lock '" + path("lock") + "'"));
  files->lock(path("other"));
  lock.reset();
  files->lock(path("lock"));
}

TEST(RealFileSystem, tells_devices_from_files) {
  EXPECT_EQ(RealFileSystem::instance()->describe("/dev/null").kind, FileKind::other);
}

TEST(MemoryFileSystem, fails_where_a_test_wants_it_to) {
  MemoryFileSystem files;
  files.before_each_call([](MemoryFileSystem::Call call, const std::string& path) {
    if (call == MemoryFileSystem::Call::append) throw FileError("write to", path, ENOSPC);
  });
  const auto file = files.create("f");
  EXPECT_THAT(message_of([&] { file->append("x"); }), HasSubstr("No space left on device"));
  EXPECT_EQ(files.content("f"), "");
}

TEST(MemoryFileSystem, loses_at_a_power_failure_what_was_not_synced) {
  MemoryFileSystem files;
  const auto file = files.create("f");
  file->append("kept");
  file->sync();
  file->append(" and lost");
  files.lose_unsynced_bytes();
  EXPECT_EQ(files.content("f"), "kept");
}

TEST(RealFileSystem, says_that_a_disk_is_full_F9) {
  const auto file = RealFileSystem::instance()->create("/dev/full");
  EXPECT_THAT(message_of([&] { file->append("x"); }), HasSubstr("'/dev/full': No space left on device"));
}

TEST(MemoryFileSystem, cuts_a_write_short_F10) {
  MemoryFileSystem files;
  files.before_each_call([](MemoryFileSystem::Call call, const std::string&) {
    if (call == MemoryFileSystem::Call::append) throw MemoryFileSystem::ShortWrite{2, ENOSPC};
  });
  const auto file = files.create("f");
  EXPECT_THAT(message_of([&] { file->append("abc"); }), HasSubstr("cannot write to 'f': No space left on device"));
  EXPECT_EQ(files.content("f"), "ab");
}

TEST(MemoryFileSystem, never_makes_durable_what_a_failed_sync_lost_F10) {
  MemoryFileSystem files;
  bool fail = true;
  files.before_each_call([&](MemoryFileSystem::Call call, const std::string& path) {
    if (call == MemoryFileSystem::Call::sync && fail) throw FileError("sync", path, EIO);
  });
  const auto file = files.create("f");
  files.sync_directory(".");
  file->append("x");
  EXPECT_THROW(file->sync(), FileError);
  fail = false;
  file->sync();
  files.lose_unsynced();
  EXPECT_EQ(files.content("f"), "");
}

TEST(MemoryFileSystem, forgets_names_that_no_directory_sync_has_kept_F5) {
  MemoryFileSystem files;
  files.create_directories("a/b");
  for (const char* path : {"a/b/kept", "a/b/removed", "a/b/renamed", "a/b/lost"}) {
    if (std::string(path) == "a/b/lost") files.sync_directory("a/b");
    const auto file = files.create(path);
    file->append(path);
    file->sync();
  }
  files.sync_directory("a");
  files.remove("a/b/removed");
  files.rename("a/b/renamed", "a/b/other");
  files.lose_unsynced();
  EXPECT_FALSE(files.exists("a")) << "nobody has synced the directory that 'a' is in";

  files.create_directories("a/b");
  files.sync_directory(".");
  files.sync_directory("a");
  for (const char* path : {"a/b/kept", "a/b/removed", "a/b/renamed"}) files.create(path)->sync();
  files.sync_directory("a/b");
  files.create("a/b/lost")->sync();
  files.remove("a/b/removed");
  files.rename("a/b/renamed", "a/b/other");
  files.lose_unsynced();
  EXPECT_THAT(files.list("a/b"), ElementsAre("kept", "removed", "renamed"));
}

TEST(MemoryFileSystem, lets_any_part_of_the_unsynced_survive_F5) {
  MemoryFileSystem files;
  const auto file = files.create("f");
  file->append(std::string(512, 'a') + std::string(512, 'b') + std::string(512, 'c'));
  int asked = 0;
  files.lose_unsynced([&] { return ++asked % 2 == 1; });  // name: yes, a: no, b: yes, c: no
  EXPECT_EQ(files.content("f"), std::string(512, '\0') + std::string(512, 'b'));
}

TEST(MemoryFileSystem, keeps_the_old_file_behind_a_name_until_the_directory_is_synced_F5) {
  MemoryFileSystem files;
  files.write("f", "old");
  for (const bool synced : {false, true}) {
    const auto file = files.create("f.pending");
    file->append("new");
    file->sync();
    files.rename("f.pending", "f");
    if (synced) files.sync_directory(".");
    files.lose_unsynced();
    EXPECT_EQ(files.content("f"), synced ? "new" : "old");
  }
}

TEST(MemoryFileSystem, leaves_one_name_or_both_when_a_renaming_was_not_synced_F5) {
  for (unsigned choice = 0; choice < 8; ++choice) {
    MemoryFileSystem files;
    files.write("d/a", "content");
    files.rename("d/a", "d/b");
    unsigned asked = 0;
    files.lose_unsynced([&] { return (choice >> asked++ & 1U) != 0; });
    ASSERT_TRUE(files.exists("d")) << choice;
    for (const std::string& name : files.list("d")) EXPECT_EQ(files.content("d/" + name), "content");
  }
}

}  // namespace
}  // namespace streamwork
