// Files of stores in checkpoints: shared with earlier ones, whole by themselves, and found out when they are damaged.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>

#include "checkpoint/damage.hpp"
#include "checkpoint/store_files.hpp"
#include "checkpoint/stored_checkpoint.hpp"
#include "kit/state_backends.hpp"
#include "kit/temporary_folder.hpp"

namespace streamwork::checkpoint {
namespace {

using ::testing::HasSubstr;

/// A store with its checkpoints, in a folder.
struct Stored {
  explicit Stored(std::uint64_t bytes = testkit::tight_memory_bytes) : memory_bytes(bytes) {}

  std::uint64_t memory_bytes;
  testkit::TemporaryFolder folder;
  FileSystem& files = *RealFileSystem::instance();
  std::shared_ptr<typed::RowStores> stores =
      typed::row_store_library("rocksdb").open(folder.path("working"), memory_bytes);
  std::unique_ptr<typed::RowStore> store = stores->open({});
  std::shared_ptr<typed::KnownFiles> known = std::make_shared<typed::KnownFiles>();

  void put(std::uint32_t from, std::uint32_t to, std::uint32_t step, char content) const {
    for (std::uint32_t key = from; key < to; key += step) {
      std::uint64_t row[8];  // of bytes that cannot be compressed
      for (std::uint64_t& word : row)
        word = (key + 1) * 0x9E37'79B9'7F4A'7C15ULL * static_cast<std::uint64_t>(content) ^
               (&word - row) * 0xD6E8'FEB8'6659'FD93ULL;
      store->put(key * 2654435761U, std::as_bytes(std::span(row)));
    }
    store->seal();
  }
  PutStore take(const std::string& name, Bytes bytes = Bytes::of_the_store) {
    files.create_directories(folder.path(name));
    return put_store(files, folder.path(name), "task-0-0.store-1.",
                     {.format = "rocksdb",
                      .parallelism = 1,
                      .copy = [this] { return std::shared_ptr<const typed::StoreCopy>(store->copy()); },
                      .known = known},
                     bytes);
  }
  std::uint64_t rows_in(const std::string& name, const PutStore& put) const {
    std::vector<typed::StoreFile> parts;
    for (std::size_t i = 0; i < put.files.size(); ++i)
      parts.push_back({put.content.files[i].name_in_store, folder.path(name) + "/" + put.files[i].name,
                       put.files[i].size, put.content.files[i].immutable});
    std::uint64_t rows = 0;
    typed::row_store_library("rocksdb").read(parts)->scan(
        0, ~0U, [&](std::uint32_t, std::span<const std::byte>) { return ++rows > 0; });
    return rows;
  }
};

std::uint64_t bytes_of(const PutStore& put) {
  std::uint64_t bytes = 0;
  for (const CheckedFile& file : put.files) bytes += file.size;
  return bytes;
}

TEST(StoreFiles, OfTwoCheckpointsAreTheSameWhereNothingHasChanged) {
  constexpr std::uint32_t rows = 100'000;
  Stored stored;
  stored.put(0, rows, 1, 'a');
  const PutStore first = stored.take("first", Bytes::of_their_own);
  EXPECT_EQ(first.new_bytes, bytes_of(first));
  std::map<Bytes, std::uint64_t> written;
  std::uint64_t all = 0;
  for (std::uint32_t change = 0; change < 20; ++change) {
    stored.put(change, rows, 100, 'b');
    const Bytes bytes = bytes_of_checkpoint(change + 2, 3);
    const PutStore next = stored.take("next-" + std::to_string(change), bytes);
    written[bytes] += next.new_bytes;
    all += bytes_of(next);
  }
  // 1 % has changed from each to the next, and is written once in any case.
  EXPECT_LT(written[Bytes::of_the_store], all / 10);
  EXPECT_LT(written[Bytes::of_their_own], all / 10) << "what is new is copied once more";
  std::filesystem::remove_all(stored.folder.path("first"));
  const PutStore last = stored.take("last");
  for (const CheckedFile& file : last.files) verify_file(stored.files, stored.folder.path("last"), file);
  stored.put(rows, 2 * rows, 1, 'c');
  EXPECT_EQ(stored.rows_in("last", last), rows) << "as it was when it was taken";
}

/// Changes a byte where it lies on the disk.
void damage_in_place(const std::string& path, std::streamoff place) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(place);
  const int byte = file.get();
  file.seekp(place);
  file.put(static_cast<char>(byte ^ 4));
}

TEST(StoreFiles, OfTwoCheckpointsInARowHaveNotTheSamePlaceOnTheDisk_F7) {
  Stored stored;
  stored.put(0, 10'000, 1, 'a');
  std::vector<PutStore> taken;
  for (int i = 0; i < 5; ++i)
    taken.push_back(stored.take(std::to_string(i), bytes_of_checkpoint(static_cast<std::uint64_t>(i), 2)));
  EXPECT_EQ(taken[1].new_bytes, bytes_of(taken[1]));
  EXPECT_LT(taken[3].new_bytes, bytes_of(taken[3]) / 10) << "it shares with the one before the last";
  const auto whole = [&](int i) {
    for (const CheckedFile& file : taken[static_cast<std::size_t>(i)].files) {
      try {
        verify_file(stored.files, stored.folder.path(std::to_string(i)), file);
      } catch (const DamagedFile&) {
        return false;
      }
    }
    return true;
  };
  for (const int damaged : {4, 3}) {
    const auto largest =
        std::ranges::max_element(taken[static_cast<std::size_t>(damaged)].files, {}, &CheckedFile::size);
    damage_in_place(stored.folder.path(std::to_string(damaged) + "/" + largest->name), 100);
    EXPECT_FALSE(whole(damaged));
    EXPECT_EQ(whole(damaged - 1), damaged == 4) << "the damage of the one before lies elsewhere";
  }
}

TEST(StoreFiles, ThatAreDamagedAreNamedWithTheBlock_F7) {
  Stored stored(std::uint64_t{128} << 20U);  // enough for a table of some blocks
  stored.put(0, 30'000, 1, 'a');
  const PutStore put = stored.take("c");
  const auto largest = std::ranges::max_element(put.files, {}, &CheckedFile::size);
  const std::string path = stored.folder.path("c/" + largest->name);
  const auto damage = [&]() -> std::string {
    try {
      verify_file(stored.files, stored.folder.path("c"), *largest);
      return "none";
    } catch (const DamagedFile& error) {
      return error.what();
    }
  };
  EXPECT_EQ(damage(), "none");
  ASSERT_GT(largest->size, 1U << 20U);
  damage_in_place(path, (1 << 20) + 5);
  EXPECT_THAT(damage(), HasSubstr(path));
  EXPECT_THAT(damage(), HasSubstr("1048576"));
  std::filesystem::resize_file(path, largest->size - 1);
  EXPECT_THAT(damage(), HasSubstr("were written"));
}

TEST(StoreFiles, AreWrittenDownAndReadAgain) {
  const StoreContent content{
      .format = "rocksdb",
      .parallelism = 3,
      .files = {{.name = "task-0-0.store-1.000012.sst", .name_in_store = "000012.sst", .immutable = true}}};
  EXPECT_EQ(read_store_content(store_content_bytes(content)), content);
}

}  // namespace
}  // namespace streamwork::checkpoint
