#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <memory>
#include <set>
#include <streamwork/testing/memory_file_system.hpp>
#include <string>
#include <vector>

#include "checkpoint/snapshot_reader.hpp"
#include "checkpoint/snapshot_writer.hpp"
#include "kit/plain_checkpoint.hpp"
#include "kit/scale.hpp"
#include "kit/temporary_folder.hpp"
#include "kit/thrown.hpp"

namespace streamwork::checkpoint {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::MemoryFileSystem;
using testkit::message_of;

TEST(Snapshot, reads_back_whatever_was_written) {
  testkit::SeededRandom random(20);
  SCOPED_TRACE(random.trace());
  const testkit::TemporaryFolder folder;
  MemoryFileSystem memory;
  for (std::uint64_t i = 0; i < kit::scaled(200); ++i) {
    FileSystem& files = i % 2 == 0 ? memory : *RealFileSystem::instance();
    const FileIdentity identity{random.integer<std::uint64_t>(), "s" + std::to_string(i)};
    const auto plain = testkit::random_snapshot(random, identity.name, random.one_in(4) ? 600'000 : 2'000);
    SnapshotWriter writer(files, folder.path(""), identity);
    const FileSummary summary = testkit::write_snapshot(writer, plain);
    EXPECT_EQ(summary.size, files.describe(folder.path(identity.name)).size);
    EXPECT_EQ(summary.frames, plain.frames.size());

    const SnapshotReader reader(files, folder.path(""), identity, summary);
    EXPECT_EQ(reader.sections(), plain.sections);
    ASSERT_EQ(reader.frames().size(), plain.frames.size());
    std::string bytes;
    for (std::size_t frame = 0; frame < plain.frames.size(); ++frame) {
      reader.read(frame, bytes);
      ASSERT_EQ(bytes, plain.frames[frame].bytes);
      ASSERT_EQ(reader.frames()[frame].section, plain.frames[frame].section);
      ASSERT_EQ(reader.frames()[frame].key_group, plain.frames[frame].key_group);
      ASSERT_EQ(reader.frames()[frame].entries, plain.frames[frame].entries);
    }
  }
}

/// A file with two sections whose frames are mixed.
struct TwoSections {
  TwoSections() {
    SnapshotWriter writer(files, "d", identity);
    const std::uint32_t rows = writer.add_section({.vertex = "counter", .kind = "rows"});
    writer.add_frame(rows, 5, 1, "five");
    writer.add_frame(rows, 3, 2, "three");
    const std::uint32_t splits = writer.add_section({.vertex = "source", .kind = "splits"});
    writer.add_frame(splits, no_key_group, 1, "splits");
    writer.add_frame(rows, 5, 1, "five again");
    writer.add_frame(rows, 127, 1, "");
    summary = writer.finish();
  }

  MemoryFileSystem files;
  FileIdentity identity{7, "f"};
  FileSummary summary;
};

TEST(Snapshot, finds_the_frames_of_a_section_and_of_key_groups) {
  TwoSections stored;
  const SnapshotReader reader(stored.files, "d", stored.identity, stored.summary);
  EXPECT_THAT(reader.frames_of(0), ElementsAre(0, 1, 3, 4));
  EXPECT_THAT(reader.frames_of(1), ElementsAre(2));
  EXPECT_THAT(reader.frames_of(2), IsEmpty());
  EXPECT_THAT(reader.frames_of(0, 0, 128), ElementsAre(0, 1, 3, 4));
  EXPECT_THAT(reader.frames_of(0, 5, 6), ElementsAre(0, 3));
  EXPECT_THAT(reader.frames_of(0, 4, 5), IsEmpty());
  EXPECT_THAT(reader.frames_of(1, 0, 128), IsEmpty());
  EXPECT_EQ(stored.summary.entries, 6U);
}

TEST(Snapshot, reads_no_more_than_the_index_and_the_frames_asked_for) {
  MemoryFileSystem files;
  SnapshotWriter writer(files, "d", {7, "f"});
  const std::uint32_t rows = writer.add_section({.vertex = "counter", .kind = "rows"});
  for (std::uint32_t group = 0; group < 128; ++group) writer.add_frame(rows, group, 1, std::string(10'000, 'x'));
  const FileSummary summary = writer.finish();
  int reads = 0;
  files.before_each_call([&](MemoryFileSystem::Call call, const std::string&) {
    reads += static_cast<int>(call == MemoryFileSystem::Call::read);
  });
  const SnapshotReader reader(files, "d", {7, "f"}, summary);
  EXPECT_EQ(reads, 3) << "header, footer, index";
  std::string bytes;
  for (const std::size_t frame : reader.frames_of(rows, 64, 96)) reader.read(frame, bytes);
  EXPECT_EQ(reads, 3 + 2 * 32);
}

TEST(Snapshot, the_checksum_of_a_frame_tells_where_it_belongs_F8) {
  const auto sum = [](const FileIdentity& identity, std::uint64_t number, Frame frame, std::string_view content) {
    snapshot_format::frame_header(identity, number, frame, content);
    return frame.checksum;
  };
  const Frame frame{.size = 1};
  std::set<std::uint64_t> different = {
      sum({1, "f"}, 0, frame, "x"),
      sum({2, "f"}, 0, frame, "x"),
      sum({1, "g"}, 0, frame, "x"),
      sum({1, "f"}, 1, frame, "x"),
      sum({1, "f"}, 0, {.size = 2}, "x"),
      sum({1, "f"}, 0, frame, "y"),
      sum({1, "f"}, 0, {.size = 1, .key_group = 0}, "x"),
  };
  EXPECT_EQ(different.size(), 7U);
}

TEST(Snapshot, an_index_of_any_bytes_takes_no_more_memory_than_it_has) {
  testkit::SeededRandom random(24);
  SCOPED_TRACE(random.trace());
  const std::string good = snapshot_format::index({{"v", 1, "rows", "s"}, {"w", 2, "timers", ""}},
                                                  {{.size = 5, .section = 1}, {.size = 7, .section = 0}});
  EXPECT_TRUE(snapshot_format::read_index(good, 0));
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(snapshot_format::read_index(std::string_view(good).substr(0, size), 0)) << size;
  }
  for (std::uint64_t i = 0; i < kit::scaled(20'000); ++i) {
    std::string bytes = good;
    for (std::uint64_t times = 1 + random.below(3); times > 0; --times) {
      const std::string piece = random.one_in(2) ? std::string(4, '\xFF') : testkit::random_bytes(random, 9);
      bytes.replace(random.below(bytes.size()), random.below(9), piece);
    }
    const auto index = snapshot_format::read_index(bytes, 0);
    if (!index) continue;
    ASSERT_LE(index->sections.size() + index->frames.size(), bytes.size() / 20);
    for (const Frame& frame : index->frames) ASSERT_LT(frame.section, index->sections.size());
  }
}

TEST(Snapshot, refuses_names_that_lead_elsewhere) {
  MemoryFileSystem files;
  for (const std::string& name : {std::string(), std::string("."), std::string(".."), std::string("../f"),
                                  std::string("/f"), std::string("a/b"), std::string(".f"), std::string("f\0g", 3),
                                  std::string("manifest"), std::string("manifest.pending"), std::string(201, 'f')}) {
    EXPECT_THROW(SnapshotWriter(files, "d", {1, name}), std::invalid_argument) << name;
  }
  SnapshotWriter(files, "d", {1, std::string(200, 'f')}).finish();
}

TEST(Snapshot, is_written_once) {
  TwoSections stored;
  EXPECT_THAT(message_of([&] { SnapshotWriter(stored.files, "d", stored.identity); }),
              HasSubstr("'d/f' is there already"));
}

TEST(Snapshot, takes_no_frame_without_a_section_nor_one_of_more_than_a_gibibyte) {
  MemoryFileSystem files;
  SnapshotWriter writer(files, "d", {1, "f"});
  EXPECT_THROW(writer.add_frame(0, 0, 0, ""), std::logic_error);
  writer.add_section({.vertex = "counter", .kind = "rows"});
  const char byte = 0;  // the length alone is looked at
  EXPECT_THAT(message_of([&] { writer.add_frame(0, 0, 0, {&byte, (1U << 30U) + 1}); }),
              HasSubstr("for vertex 'counter' in 'd/f'; at most 1 GiB"));
  EXPECT_EQ(writer.finish().frames, 0U);
}

TEST(Snapshot, is_lost_once_a_write_or_a_sync_has_failed_F10) {
  for (const auto failing : {MemoryFileSystem::Call::append, MemoryFileSystem::Call::sync}) {
    MemoryFileSystem files;
    SnapshotWriter writer(files, "d", {1, "f"});
    writer.add_section({.vertex = "counter", .kind = "rows"});
    bool fail = true;
    files.before_each_call([&](MemoryFileSystem::Call call, const std::string& path) {
      if (call == failing && fail) throw FileError("write to", path, EIO);
    });
    EXPECT_THROW(writer.finish(), FileError);
    fail = false;
    EXPECT_THAT(message_of([&] { writer.finish(); }), HasSubstr("could not be written"));
    EXPECT_THROW(writer.add_frame(0, 0, 0, ""), std::logic_error);
  }
}

}  // namespace
}  // namespace streamwork::checkpoint
