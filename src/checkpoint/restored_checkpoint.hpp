// A checkpoint as the segments of a new start read it.
// Thread rule: any thread.
#pragma once

#include <memory>
#include <streamwork/file_system.hpp>
#include <streamwork/typed/segment.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "checkpoint/manifest.hpp"
#include "checkpoint/snapshot_reader.hpp"

namespace streamwork::checkpoint {

class RestoredCheckpoint final : public typed::RestoredState {
 public:
  /// Opens the files of the checkpoint in the directory `path`. Throws `DamagedFile`, `NewerFormat`, `FileError`.
  RestoredCheckpoint(FileSystem& files, const std::string& path, Manifest manifest, bool drops_state);

  const std::string& path() const { return path_; }
  const Manifest& manifest() const { return manifest_; }
  /// Names of the vertices that have state in it.
  std::vector<std::string> vertices() const;

  std::uint64_t checkpoint() const override { return manifest_.number; }
  bool drops_state() const override { return drops_state_; }
  bool ended() const override { return manifest_.kind == Kind::ended; }
  bool publishes(const std::string& vertex) const override;
  std::vector<typed::StoredRows> stored_rows(const std::string& vertex) const override;
  using RestoredState::for_each;
  void for_each(const std::string& vertex, const char* kind, std::uint32_t first, std::uint32_t last,
                const std::function<void(const typed::StoredFrame&)>& visit) const override;
  void for_each_schema(const std::string& vertex, const char* kind,
                       const std::function<void(std::string_view)>& visit) const override;

 private:
  /// A section, and where it is.
  struct Place {
    const Section* section;
    const SnapshotReader* file;
    std::uint32_t number;
  };

  const std::string path_;
  Manifest manifest_;
  bool drops_state_;
  std::vector<std::unique_ptr<SnapshotReader>> files_;
  std::vector<Place> sections_;  // by instance
};

}  // namespace streamwork::checkpoint
