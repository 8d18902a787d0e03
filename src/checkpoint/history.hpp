// The file that remembers what directories cannot tell: where the job has begun anew, and, in a job that is at most once, which
// checkpoint was complete.
// Thread rule: used by one thread at a time.
#pragma once

#include <cstdint>
#include <streamwork/checkpoint_options.hpp>
#include <streamwork/file_system.hpp>
#include <string>

namespace streamwork::checkpoint {

class CheckpointDirectory;

struct History {
  /// Checkpoints up to this number are of an earlier history: since then the job has begun anew, or gone on from `base`, and what
  /// came out after it may have been removed. 0: it never has.
  std::uint64_t begun_after = 0;
  /// The checkpoint that a start was told to go on from: its name if it is in the directory, else its path; empty: none.
  std::string base{};
  /// The newest checkpoint that was complete, of a job that is at most once.
  std::uint64_t completed = 0;
  friend bool operator==(const History&, const History&) = default;
};

/// What stands in the directory `path`. Throws `DamagedFile`, `FileError`.
History read_history(FileSystem& files, const std::string& path);
/// Replaces it, durably. Throws `FileError`.
void write_history(FileSystem& files, const std::string& path, const History& history);

/// Notes that a checkpoint is complete, so that a start notices if somebody removes it. If that cannot be written now, it is
/// with the next one.
void note_completed(CheckpointDirectory& directory, std::uint64_t number);

/// A start that was told what to go on from begins a history of its own, before anything that came out is removed. If the start
/// comes to nothing, it never was.
class NewHistory {
 public:
  /// Does nothing if `options` ask for the latest checkpoint. Throws `DamagedFile`, `FileError`.
  NewHistory(CheckpointDirectory& directory, const CheckpointOptions& options);
  NewHistory(const NewHistory&) = delete;
  NewHistory& operator=(const NewHistory&) = delete;
  ~NewHistory();
  /// The start has come to something.
  void keep() { kept_ = true; }

 private:
  CheckpointDirectory& directory_;
  History before_;
  bool kept_ = true;
};

}  // namespace streamwork::checkpoint
