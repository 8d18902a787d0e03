// The directory where a job keeps its checkpoints:
//
//   checkpoints/
//     last-number                the highest number that was ever given out
//     lock                       locked by the run that uses the directory
//     checkpoint-000041/         manifest, and a snapshot file per task
//     checkpoint-000042/
//     savepoint-000043/
//     checkpoint-000044/         no manifest: under way, a failed attempt, or one whose results were damaged (manifest.unused)
//
// At the start of a job: `claim`, `newest_usable`. Life of a checkpoint: `reserve_number`, one `write_snapshot` per task,
// `publish`, `retain`. It knows nothing of what is stored, nor who writes it.
//
// Thread rule: `write_snapshot` and `put_store` by any thread at any time, everything else by one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <streamwork/file_system.hpp>
#include <string>
#include <vector>

#include "checkpoint/history.hpp"
#include "checkpoint/manifest.hpp"
#include "checkpoint/snapshot_writer.hpp"

namespace streamwork::checkpoint {

/// A checkpoint that is whole: where it is and what it consists of.
struct FoundCheckpoint {
  std::string path{};
  Manifest manifest{};
};

/// Something newer that is not used, and why.
struct PassedOver {
  std::string path{};
  std::string reason{};  ///< a sentence that names the file, and the byte if it is damaged
  /// Nothing is wrong: an attempt that was never published, as every crash leaves one. It looks the same if somebody
  /// removed the manifest.
  bool unfinished = false;
};

struct Search {
  std::optional<FoundCheckpoint> newest{};  ///< nothing: there is none that can be used
  std::vector<PassedOver> passed_over{};    ///< newer ones, newest first
};

class CheckpointDirectory {
 public:
  /// Touches nothing.
  CheckpointDirectory(std::shared_ptr<FileSystem> files, std::string path);

  const std::string& path() const { return path_; }
  std::string path_of(Kind kind, std::uint64_t number) const;

  /// Makes the directory if need be, and keeps it for this object: nobody else can write checkpoints there. A job claims
  /// it before it looks for what to restore, or else two runs could finish the same work. Throws `DirectoryInUse`,
  /// `FileError`. Claiming twice does no harm.
  void claim();

  /// A number greater than any that was reserved before in this directory, by whomever, whatever became of it, and greater
  /// than `above` (the checkpoint of another directory that the job goes on from); durable before it is returned. Makes the
  /// directory for the snapshots, after `claim`. Throws `FileError`, `DirectoryInUse`.
  std::uint64_t reserve_number(Kind kind, std::uint64_t above = 0);

  /// A snapshot file of a reserved checkpoint. Throws as the constructor of `SnapshotWriter`.
  std::unique_ptr<SnapshotWriter> write_snapshot(Kind kind, std::uint64_t number, const std::string& name) const;

  /// The files of a store beside the snapshots of a reserved checkpoint (`store_files.hpp`).
  PutStore put_store(Kind kind, std::uint64_t number, const std::string& prefix, const typed::StoreSnapshot& store,
                     Bytes bytes) const;

  /// Makes the checkpoint one that counts: afterwards it is found whole, whatever happens to the machine. If this
  /// throws `OutcomeUnknown`, it may or may not be; after anything else (`FileError`, what `manifest_text` throws,
  /// `DamagedFile` if a file of the manifest is not there) it never will.
  /// REQUIRES: all snapshots are finished, the number is reserved and not yet published.
  void publish(const Manifest& manifest);

  /// What the directory remembers of its history. Throws `DamagedFile`, `FileError`.
  History history() const { return read_history(*files_, path_); }
  void remember(const History& history) { write_history(*files_, path_, history); }
  /// The highest number that was ever given out.
  std::uint64_t last_number() const;

  /// Names of all checkpoints, savepoints and attempts, newest first; empty if there is no directory.
  std::vector<std::string> names() const;

  /// The newest checkpoint or savepoint every byte of which is as it was written, durable if it was not yet. Those
  /// that are damaged or unfinished are passed over; if all are, the caller must not take that for a first start.
  /// Throws `NewerFormat` rather than to fall back behind a checkpoint of a newer release, and `FileError` for what
  /// another start may cure (missing rights, too many open files).
  Search newest_usable();

  /// Makes a whole checkpoint one that is not found any more, if another one can be used instead; its files stay until `retain`
  /// removes them. False, and nothing has changed: it is the only one, or what the history at hand has begun with, which may be
  /// somewhere else. Throws `FileError`.
  bool set_aside(const std::string& path);

  /// Removes all checkpoints but the newest `count` whole ones, and attempts older than the newest whole one (those
  /// count as failed). Savepoints stay, and so do damaged checkpoints until there are enough newer ones.
  /// Returns a sentence for each that could not be removed; a removal may be undone by a power failure, but never by
  /// half. Throws `FileError` if the directory cannot be read. REQUIRES: `count` >= 1.
  std::vector<std::string> retain(std::size_t count);

 private:
  bool is_whole(const std::string& name) const;
  std::vector<std::string> superfluous(std::size_t count) const;
  std::optional<FoundCheckpoint> try_read(const std::string& name, std::vector<PassedOver>& passed_over);

  std::shared_ptr<FileSystem> files_;
  std::string path_;
  std::unique_ptr<FileLock> lock_;
  std::set<std::string> damaged_;  // names, as far as found by `newest_usable`
};

}  // namespace streamwork::checkpoint
