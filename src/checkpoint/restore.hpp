// What a start of a job goes on from, and what must be settled before its tasks may run.
// Thread rule: the thread that starts the job.
#pragma once

#include <functional>
#include <memory>
#include <streamwork/checkpoint_options.hpp>
#include <streamwork/job.hpp>
#include <streamwork/sink.hpp>
#include <string>
#include <vector>

#include "checkpoint/checkpoint_directory.hpp"
#include "checkpoint/history.hpp"
#include "checkpoint/restored_checkpoint.hpp"

namespace streamwork::checkpoint {

struct Restore {
  std::shared_ptr<const RestoredCheckpoint> checkpoint;  ///< nullptr: the job begins anew
  std::vector<std::string> warnings;                     ///< newer checkpoints that could not be used, and why
  std::vector<std::string> notes{};  ///< newer ones that were never completed, as far as can be told
};

/// Finds what `options.restore` asks for. Throws `std::runtime_error` if it cannot be had, `NewerFormat`, `FileError`.
Restore find_restore(const CheckpointOptions& options, CheckpointDirectory& directory);

/// Calls `prepare` with what a start goes on from. If it throws `DamagedResults`, and the newest checkpoint is to be gone on
/// from, calls it again with the one before: what came out since is withdrawn, and comes out again. Throws as `find_restore`
/// and `prepare` do.
void prepare_start(const CheckpointOptions& options, CheckpointDirectory& directory,
                   const std::function<void(const Restore&, NewHistory&)>& prepare);

/// What every sink of the start is told. `restarting`: the engine starts again after a failure, nobody has asked for it.
SinkRequest sink_request(const CheckpointOptions& options, const Restore& restore, bool restarting);

/// Throws `GraphError` if the checkpoint holds state, or results to be published, of vertices that the job does not have.
void check_restore(const RestoredCheckpoint& checkpoint, const Job& job);

/// Has the sinks publish what the checkpoint says and withdraw what is newer.
void recover_sinks(const RestoredCheckpoint& checkpoint,
                   const std::vector<std::shared_ptr<typed::SinkCommitter>>& committers);

}  // namespace streamwork::checkpoint
