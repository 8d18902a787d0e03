// Where a job keeps the state of its keys while it runs.
//
//   sw::start(job, {.state = {.backend = sw::StateBackend::rocksdb, .memory_bytes = 512 << 20}})
//
// The command line has the same: --state-backend, --state-memory.
// Thread rule: plain values.
#pragma once

#include <cstdint>
#include <string>

namespace streamwork {

enum class StateBackend : std::uint8_t {
  memory,   ///< all of it in memory: the fastest
  rocksdb,  ///< in files, with what is used often in memory: state may be larger than memory
};

struct StateOptions {
  /// `rocksdb` is a library of its own: link the CMake target `streamwork::rocksdb`, or else a start throws.
  StateBackend backend = StateBackend::memory;
  /// Of `rocksdb`: memory for rows, blocks, indexes and what waits to be written, of all operators of the job together. At
  /// least 16 MiB. State that lies in one key (a list, a map) must fit into it many times.
  std::uint64_t memory_bytes = std::uint64_t{256} << 20U;
  /// Of `rocksdb`: where the files are, for this job alone; nobody needs them after the run. Empty: beside the checkpoints, so that checkpoints share
  /// them, or in the system's folder for temporary files if none are taken.
  std::string directory{};
};

}  // namespace streamwork
