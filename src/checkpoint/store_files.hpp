// Files of row stores in a checkpoint. They are the same files as in earlier checkpoints, under one more name each (a hard link), so
// that only what is new is written; each checkpoint has all that it needs in its own directory all the same.
//
// What has one place on the disk is damaged for all that share it. So every second checkpoint shares its files with those two, four, …
// before it alone, and with no store: whatever happens to one place, of two checkpoints in a row one is whole. It costs a second copy of
// what is new.
//
// They are verified block by block, by checksums that the manifest holds. docs/internals/checkpoint-format.md says how.
// Thread rule: pure functions but for files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <streamwork/file_system.hpp>
#include <streamwork/typed/snapshot.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace streamwork::checkpoint {

using typed::CheckedFile;

/// What a section of stored rows holds in the place of rows.
struct StoreContent {
  struct File {
    std::string name{};  ///< in the checkpoint
    std::string name_in_store{};
    bool immutable = false;

    bool operator==(const File&) const = default;
  };
  std::string format{};
  std::int64_t parallelism = 0;  ///< of the vertex
  std::vector<File> files{};

  bool operator==(const StoreContent&) const = default;
};

/// The bytes of its only frame, and back; throws `StoredDataError`.
std::string store_content_bytes(const StoreContent& content);
StoreContent read_store_content(std::string_view bytes);

struct PutStore {
  StoreContent content{};
  std::vector<CheckedFile> files{};
  std::uint64_t new_bytes = 0;  ///< that no checkpoint had before
};

/// Which bytes on the disk the files of a checkpoint have.
enum class Bytes : std::uint8_t {
  of_the_store,  ///< those that the store itself uses
  of_their_own,  ///< others, which such a checkpoint before it may have had already
};

/// Every second checkpoint has bytes of its own; with one retained, none: what it could share would be gone.
constexpr Bytes bytes_of_checkpoint(std::uint64_t number, std::size_t retained) {
  return retained > 1 && number % 2 == 1 ? Bytes::of_their_own : Bytes::of_the_store;
}

/// Copies a store into the directory of a checkpoint; `prefix` goes before the names of its files. All of it is durable
/// but the names. Throws `FileError`, `DamagedFile` if the store's own files have changed, and what the store throws.
PutStore put_store(FileSystem& files, const std::string& directory, const std::string& prefix,
                   const typed::StoreSnapshot& store, Bytes bytes);

/// Throws `DamagedFile` or `FileError` unless every byte of the file is as it was written.
void verify_file(FileSystem& files, const std::string& directory, const CheckedFile& file);

}  // namespace streamwork::checkpoint
