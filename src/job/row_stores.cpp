#include "job/row_stores.hpp"

#include <stdexcept>
#include <streamwork/file_system.hpp>
#include <string>

namespace streamwork::job {

namespace {

/// Below this, the parts that the memory is divided into are too small to be of use.
constexpr std::uint64_t least_memory_bytes = std::uint64_t{16} << 20U;

/// Beside the checkpoints, whose directory is on the file system where they are: only there can files be shared.
std::string directory_of(const StateOptions& state, const CheckpointOptions& checkpoints) {
  if (!state.directory.empty()) return state.directory + "/working-state";
  if (!checkpoints.directory.empty()) return checkpoints.directory + "/working-state";
  return {};
}

}  // namespace

std::shared_ptr<typed::RowStores> open_row_stores(const StateOptions& state, const CheckpointOptions& checkpoints) {
  if (state.backend == StateBackend::memory) return nullptr;
  if (state.memory_bytes < least_memory_bytes)
    throw std::invalid_argument("the memory for state is at least 16 MiB, not " + std::to_string(state.memory_bytes) +
                                " bytes");
  if (checkpoints.file_system && dynamic_cast<const RealFileSystem*>(checkpoints.file_system.get()) == nullptr)
    throw std::invalid_argument(
        "the state backend 'rocksdb' works on the machine's files alone, not on other file systems");
  return typed::row_store_library("rocksdb").open(directory_of(state, checkpoints), state.memory_bytes);
}

}  // namespace streamwork::job
