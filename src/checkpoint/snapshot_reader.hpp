// Reads one snapshot file against what the manifest knows of it. Only the index is read at once; a restore at another
// parallelism then reads the frames of its key groups and no others. Each frame is checked when it is read.
//
//   SnapshotReader reader(*files, directory, {manifest.number, summary.name}, summary);
//   for (std::size_t frame : reader.frames_of(section, first_key_group, end_key_group)) {
//     reader.read(frame, bytes);
//   }
//
// All functions throw `DamagedFile`, `NewerFormat` (opening) or `FileError`.
// Thread rule: the constant functions may be called by several threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <streamwork/file_system.hpp>
#include <string>
#include <vector>

#include "checkpoint/snapshot_format.hpp"

namespace streamwork::checkpoint {

class SnapshotReader {
 public:
  /// Opens the file and checks all of it but the frames' content.
  SnapshotReader(FileSystem& files, const std::string& directory, FileIdentity identity, const FileSummary& summary);

  const std::string& path() const { return path_; }
  const std::vector<Section>& sections() const { return index_.sections; }
  /// In the order in which they were written.
  const std::vector<Frame>& frames() const { return index_.frames; }

  /// Places in `frames()` of a section's frames, in their order.
  std::vector<std::size_t> frames_of(std::uint32_t section) const;
  /// Only those of the key groups from `first` to before `end`.
  std::vector<std::size_t> frames_of(std::uint32_t section, std::uint32_t first, std::uint32_t end) const;

  /// The content of a frame replaces `into`. REQUIRES: `frame` < `frames().size()`.
  void read(std::size_t frame, std::string& into) const;

  /// Reads every frame, to see that all are good.
  void verify() const;

 private:
  void check_size(const FileSummary& summary) const;
  void check_header() const;
  /// Throws if the header is sound by its own checksum, but of another file or version.
  void check_whose_header() const;
  void read_index(const FileSummary& summary);
  std::string bytes_at(std::uint64_t offset, std::uint64_t size) const;

  std::string path_;
  FileIdentity identity_;
  std::unique_ptr<ReadableFile> file_;
  std::uint64_t size_ = 0;
  snapshot_format::Index index_;
};

}  // namespace streamwork::checkpoint
