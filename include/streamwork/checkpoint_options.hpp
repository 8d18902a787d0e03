// How a job survives: where its checkpoints are, how often they are taken, what it promises.
//
//   sw::start(job, {.checkpoints = {.directory = "checkpoints", .interval = 1s}})
//
// The command line has the same: --checkpoint-dir, --checkpoint-interval, --delivery, --restore, …
// Thread rule: plain values.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <streamwork/delivery.hpp>
#include <streamwork/file_system.hpp>
#include <string>

namespace streamwork {

/// A directory that is in memory: the job begins again from its last checkpoint when it fails, but not when its process ends.
inline constexpr const char* checkpoints_in_memory = ":memory:";

struct CheckpointOptions {
  /// Where checkpoints are kept; empty: none are taken; `checkpoints_in_memory`: nowhere but in the process.
  std::string directory{};
  Delivery delivery = Delivery::exactly_once;
  /// Time between the beginnings of two checkpoints.
  std::chrono::nanoseconds interval = std::chrono::seconds(10);
  /// Least time between the end of one and the beginning of the next. If it is more than nothing, there is never more than
  /// one in flight.
  std::chrono::nanoseconds minimum_pause = std::chrono::nanoseconds::zero();
  /// So many may be in flight at a time: the next one is begun, if it is due, as soon as every task has saved its part of the
  /// newest, though that may still be on its way to the disk. They are completed in the order in which they were begun.
  int concurrent = 1;
  /// A checkpoint that is not complete after so long is given up.
  std::chrono::nanoseconds timeout = std::chrono::minutes(10);
  /// So many checkpoints in a row may fail before the job does.
  int tolerated_failures = 10;
  /// Complete checkpoints that are kept; savepoints are always.
  int retained = 3;

  /// "latest": goes on from the newest checkpoint that can be used, or begins anew if there is none; "none": begins anew;
  /// anything else is the path of a checkpoint or savepoint.
  std::string restore = "latest";
  /// State in the checkpoint that the job does not know any more may be lost.
  bool allow_dropped_state = false;
  /// A job that begins anew may remove what earlier ones have published where it writes.
  bool overwrite_output = false;

  /// Where the directory is; nullptr: on the machine.
  std::shared_ptr<FileSystem> file_system = nullptr;

  /// Whether what is kept is there when the process has ended.
  bool outlive_process() const { return !directory.empty() && directory != checkpoints_in_memory; }
};

}  // namespace streamwork
