// Whatever happens to the newest checkpoint: it is told which file and byte, the one before is used, nothing wrong is
// read.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <streamwork/testing/memory_file_system.hpp>
#include <string>
#include <vector>

#include "checkpoint/checkpoint_directory.hpp"
#include "checkpoint/stored_checkpoint.hpp"
#include "kit/plain_checkpoint.hpp"
#include "kit/scale.hpp"

namespace streamwork::checkpoint {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::MemoryFileSystem;
using testkit::PlainCheckpoint;

/// Two checkpoints, of which the newer is then damaged.
class Damage : public ::testing::Test {
 protected:
  Damage() {
    for (PlainCheckpoint* plain : {&older, &newer}) {
      *plain = testkit::random_checkpoint(random, Kind::checkpoint, 60);
      plain->snapshots = {snapshot("task-0", 3), snapshot("task-1", 3)};
      testkit::write_checkpoint(directory, *plain);
    }
  }

  /// Frames of one size, so that they can be swapped without moving anything.
  testkit::PlainSnapshot snapshot(const std::string& name, std::uint32_t frames) {
    testkit::PlainSnapshot plain{.name = name, .sections = {{"counter", 0, "rows", "schema"}}};
    for (std::uint32_t i = 0; i < frames; ++i) {
      plain.frames.push_back({0, i, 1, std::to_string(random.bits() | 1ULL << 63U).substr(0, 10)});
    }
    return plain;
  }

  static std::string path(int number, const std::string& name) {
    return "d/checkpoint-00000" + std::to_string(number) + "/" + name;
  }

  /// True if the older one is used, whole, and the newer one's reason names `file` and a byte.
  bool falls_back(const std::string& file) {
    const Search search = CheckpointDirectory(files, "d").newest_usable();
    if (!search.newest || search.newest->manifest.number != 1 || search.passed_over.size() != 1) return false;
    EXPECT_EQ(testkit::read_back(*files, search.newest->path), older);
    EXPECT_THAT(search.passed_over[0].reason, AllOf(HasSubstr("'" + file + "'"), HasSubstr(" at byte ")));
    return !search.passed_over[0].unfinished;
  }

  /// Replaces the content for a moment.
  bool falls_back_with(const std::string& file, const std::string& content) {
    const std::string before = files->content(file);
    files->write(file, content);
    const bool result = falls_back(file);
    files->write(file, before);
    return result;
  }

  testkit::SeededRandom random{23};
  std::shared_ptr<MemoryFileSystem> files = std::make_shared<MemoryFileSystem>();
  CheckpointDirectory directory{files, "d"};
  PlainCheckpoint older;
  PlainCheckpoint newer;
  const std::vector<std::string> names = {path(2, "manifest"), path(2, "task-0"), path(2, "task-1")};
};

TEST_F(Damage, a_file_cut_off_at_any_byte_is_found_F6) {
  for (const std::string& name : names) {
    const std::string content = files->content(name);
    for (std::size_t size = 0; size < content.size(); ++size) {
      ASSERT_TRUE(falls_back_with(name, content.substr(0, size))) << name << " cut to " << size;
    }
  }
}

TEST_F(Damage, a_file_with_a_tail_is_found_F6) {
  for (const std::string& name : names) {
    const std::string content = files->content(name);
    for (const std::string& tail : {std::string(1, '\0'), std::string("\n"), std::string("{}\n"), content}) {
      ASSERT_TRUE(falls_back_with(name, content + tail)) << name;
    }
  }
}

TEST_F(Damage, a_flipped_bit_anywhere_is_found_F7) {
  for (const std::string& name : names) {
    std::string content = files->content(name);
    for (std::size_t bit = 0; bit < 8 * content.size(); ++bit) {
      const auto flip = [&] { content[bit / 8] = static_cast<char>(content[bit / 8] ^ (1 << bit % 8)); };
      flip();
      ASSERT_TRUE(falls_back_with(name, content)) << name << ", bit " << bit;
      flip();
    }
  }
}

TEST_F(Damage, flipped_bits_and_zeroed_blocks_in_large_files_are_found_F7) {
  SCOPED_TRACE(random.trace());
  newer.snapshots = {testkit::random_snapshot(random, "task-0", 200'000)};
  while (newer.snapshots[0].frames.size() < 5) {
    newer.snapshots[0] = testkit::random_snapshot(random, "task-0", 200'000);
  }
  testkit::write_checkpoint(directory, newer);
  const Manifest manifest = read_checkpoint(*files, "d/checkpoint-000003");
  const std::string name = path(3, "task-0");
  const std::string content = files->content(name);
  for (std::uint64_t i = 0; i < kit::scaled(200); ++i) {
    std::string damaged = content;
    if (i % 2 == 0) {
      char& byte = damaged[random.below(damaged.size())];
      byte = static_cast<char>(byte ^ (1 << random.below(8)));
    } else {
      const std::size_t at = random.below(damaged.size()) / 512 * 512;
      damaged.replace(at, 512, std::string(std::min<std::size_t>(512, damaged.size() - at), '\0'));
    }
    files->write(name, damaged);
    ASSERT_ANY_THROW(verify_checkpoint(*files, "d/checkpoint-000003", manifest)) << i;
  }
}

TEST_F(Damage, the_byte_that_is_named_is_where_the_damage_is_F7) {
  const SnapshotReader reader = open_snapshot(*files, "d/checkpoint-000002", newer.manifest, newer.manifest.files[1]);
  for (std::size_t frame = 0; frame < reader.frames().size(); ++frame) {
    const std::uint64_t begin = reader.frames()[frame].offset;
    std::string content = files->content(path(2, "task-1"));
    content[begin + 33] = static_cast<char>(content[begin + 33] ^ 1);
    files->write(path(2, "task-1"), content);
    const Search search = directory.newest_usable();
    EXPECT_THAT(search.passed_over.at(0).reason,
                HasSubstr("'d/checkpoint-000002/task-1' is damaged at byte " + std::to_string(begin) + ": frame " +
                          std::to_string(frame) + " of 3 (vertex \"counter\", 10 bytes)"));
    content[begin + 33] = static_cast<char>(content[begin + 33] ^ 1);
    files->write(path(2, "task-1"), content);
    std::string bytes;
    for (std::size_t other = 0; other < reader.frames().size(); ++other) reader.read(other, bytes);
  }
}

TEST_F(Damage, other_frames_of_a_damaged_file_can_still_be_read_F7) {
  const SnapshotReader reader = open_snapshot(*files, "d/checkpoint-000002", newer.manifest, newer.manifest.files[0]);
  std::string content = files->content(path(2, "task-0"));
  content[reader.frames()[1].offset + 40] = '#';
  files->write(path(2, "task-0"), content);
  const SnapshotReader damaged = open_snapshot(*files, "d/checkpoint-000002", newer.manifest, newer.manifest.files[0]);
  std::string bytes;
  damaged.read(0, bytes);
  EXPECT_EQ(bytes, newer.snapshots[0].frames[0].bytes);
  EXPECT_THROW(damaged.read(1, bytes), std::runtime_error);
  damaged.read(2, bytes);
  EXPECT_EQ(bytes, newer.snapshots[0].frames[2].bytes);
}

TEST_F(Damage, swapped_files_are_found_F8) {
  const std::string first = files->content(path(2, "task-0"));
  files->write(path(2, "task-0"), files->content(path(2, "task-1")));
  files->write(path(2, "task-1"), first);
  ASSERT_TRUE(falls_back(path(2, "task-0")));
  const Search search = directory.newest_usable();
  EXPECT_THAT(search.passed_over[0].reason, HasSubstr(R"(this is file "task-1" of checkpoint 2, but file "task-0")"));
}

TEST_F(Damage, files_of_an_older_checkpoint_are_found_F8) {
  for (const std::string name : {"manifest", "task-0", "task-1"}) {
    ASSERT_TRUE(falls_back_with(path(2, name), files->content(path(1, name)))) << name;
  }
}

TEST_F(Damage, a_whole_checkpoint_under_the_name_of_another_is_found_F8) {
  for (const std::string name : {"manifest", "task-0", "task-1"}) {
    files->write(path(2, name), files->content(path(1, name)));
  }
  ASSERT_TRUE(falls_back(path(2, "manifest")));
  EXPECT_THAT(directory.newest_usable().passed_over[0].reason, HasSubstr("this is the manifest of checkpoint-000001"));
}

/// The same numbers and names in another directory.
class DamageBetweenJobs : public Damage {
 protected:
  DamageBetweenJobs() {
    CheckpointDirectory elsewhere(files, "e");
    for (int i = 0; i < 2; ++i) {
      PlainCheckpoint other = testkit::random_checkpoint(random, Kind::checkpoint, 60);
      other.snapshots = {snapshot("task-0", 3), snapshot("task-1", 3)};
      testkit::write_checkpoint(elsewhere, other);
    }
  }
  std::string foreign(const std::string& name) const { return files->content("e/checkpoint-000002/" + name); }
};

TEST_F(DamageBetweenJobs, files_of_another_job_with_the_same_number_are_found_F8) {
  for (const std::string name : {"manifest", "task-0", "task-1"}) {
    const std::string own = files->content(path(2, name));
    files->write(path(2, name), foreign(name));
    // A foreign manifest is as good as ours: what it lists is not there.
    ASSERT_TRUE(falls_back(path(2, name == "manifest" ? "task-0" : name))) << name;
    files->write(path(2, name), own);
  }
}

TEST_F(DamageBetweenJobs, blocks_of_the_same_file_of_another_job_are_found_F8) {
  const std::string content = files->content(path(2, "task-0"));
  const SnapshotReader reader = open_snapshot(*files, "d/checkpoint-000002", newer.manifest, newer.manifest.files[0]);
  for (const Frame& frame : reader.frames()) {
    std::string mixed = content;
    const std::size_t size = 32 + frame.size;
    mixed.replace(frame.offset, size, foreign("task-0"), frame.offset, size);
    ASSERT_TRUE(falls_back_with(path(2, "task-0"), mixed)) << frame.offset;
  }
}

TEST_F(Damage, misdirected_and_stale_blocks_are_found_F8) {
  const SnapshotReader reader = open_snapshot(*files, "d/checkpoint-000002", newer.manifest, newer.manifest.files[0]);
  const std::uint64_t first = reader.frames()[0].offset;
  const std::uint64_t size = reader.frames()[1].offset - first;
  const std::string name = path(2, "task-0");
  const std::string content = files->content(name);
  std::string swapped = content;
  swapped.replace(first, size, content, first + size, size).replace(first + size, size, content, first, size);
  ASSERT_TRUE(falls_back_with(name, swapped));
  for (const std::string& elsewhere : {path(1, "task-0"), path(2, "task-1")}) {
    for (std::uint64_t at = 0; at + size <= content.size(); ++at) {
      std::string stale = content;
      stale.replace(at, size, files->content(elsewhere), at, size);
      if (stale == content) continue;
      ASSERT_TRUE(falls_back_with(name, stale)) << elsewhere << " at " << at;
    }
  }
}

TEST_F(Damage, missing_empty_and_foreign_files_are_found) {
  for (const std::string& name : names) {
    ASSERT_TRUE(falls_back_with(name, ""));
    ASSERT_TRUE(falls_back_with(name, "#!/bin/sh\nexit 1\n"));
    ASSERT_TRUE(falls_back_with(name, std::string(4096, '\0')));
    ASSERT_TRUE(falls_back_with(name, testkit::random_bytes(random, 10'000)));
  }
  files->remove(path(2, "task-1"));
  const Search search = directory.newest_usable();
  EXPECT_EQ(search.newest->manifest.number, 1U);
  EXPECT_THAT(search.passed_over[0].reason, HasSubstr("cannot open 'd/checkpoint-000002/task-1': No such file"));
}

TEST_F(Damage, of_all_checkpoints_leaves_none_and_says_so) {
  for (const int number : {1, 2}) files->write(path(number, "task-0"), "");
  const Search search = directory.newest_usable();
  EXPECT_FALSE(search.newest);
  ASSERT_EQ(search.passed_over.size(), 2U);
  EXPECT_FALSE(search.passed_over[1].unfinished);
}

TEST_F(Damage, of_any_kind_ends_in_no_crash_and_no_wrong_data) {
  SCOPED_TRACE(random.trace());
  for (std::uint64_t i = 0; i < kit::scaled(3000); ++i) {
    const std::string& name = names[random.below(names.size())];
    const std::string content = files->content(name);
    std::string damaged = content;
    for (std::uint64_t times = 1 + random.below(4); times > 0; --times) {
      const std::size_t at = random.below(damaged.size() + 1);
      const std::string piece =
          random.one_in(2) ? testkit::random_bytes(random, 20) : content.substr(at / 2, random.below(50));
      damaged.replace(at, std::min<std::size_t>(random.below(50), damaged.size() - at), piece);
    }
    if (damaged == content) continue;
    ASSERT_TRUE(falls_back_with(name, damaged)) << i;
  }
}

}  // namespace
}  // namespace streamwork::checkpoint
