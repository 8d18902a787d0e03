// Writes one snapshot file: frames in any order of sections and key groups, as they are produced.
//
//   auto writer = directory.write_snapshot(Kind::checkpoint, 42, "task-3.snapshot");
//   const std::uint32_t rows = writer->add_section({.vertex = "counter", .instance = 3, .kind = "rows"});
//   writer->add_frame(rows, key_group, 512, bytes);
//   manifest.files.push_back(writer->finish());
//
// Thread rule: used by one thread at a time; different writers by different threads.
#pragma once

#include <cstdint>
#include <memory>
#include <streamwork/file_system.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "checkpoint/snapshot_format.hpp"

namespace streamwork::checkpoint {

class SnapshotWriter {
 public:
  /// Makes the file `identity.name` in `directory`. Throws `FileError`, `std::invalid_argument` if the name is none for
  /// a snapshot, and `std::logic_error` if the file is there already.
  SnapshotWriter(FileSystem& files, const std::string& directory, FileIdentity identity);
  SnapshotWriter(const SnapshotWriter&) = delete;
  SnapshotWriter& operator=(const SnapshotWriter&) = delete;
  /// Without `finish` the file stays behind unfinished; `CheckpointDirectory::retain` removes it later.
  ~SnapshotWriter();

  /// May come at any time. The result is for `add_frame`.
  std::uint32_t add_section(Section section);

  /// Adds `entries` entries of a section, all of them of one key group (or `no_key_group`). Best are 64 KiB to 1 MiB;
  /// throws `std::length_error` for more than 1 GiB.
  /// Once this or `finish` has thrown `FileError`, the file is lost: every further call throws too.
  void add_frame(std::uint32_t section, std::uint32_t key_group, std::uint64_t entries, std::string_view bytes);

  /// Writes the index, makes the file durable (its name only becomes so when the checkpoint is published), and closes
  /// it. Nothing may be called afterwards.
  FileSummary finish();

  /// Bytes of the file as far as it is written.
  std::uint64_t size() const { return offset_ + buffer_.size(); }

 private:
  void check_usable() const;
  void append(std::string_view bytes);
  void flush();

  std::string path_;
  FileIdentity identity_;
  std::unique_ptr<WritableFile> file_;
  std::string buffer_;
  std::uint64_t offset_ = 0;  // of the first byte in the buffer
  std::vector<Section> sections_;
  std::vector<Frame> frames_;
  bool usable_ = true;
};

}  // namespace streamwork::checkpoint
