// The file that remembers the highest number given out, so that none is used twice even if all checkpoints are removed.
// Thread rule: used by one thread at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <streamwork/file_system.hpp>
#include <string>

namespace streamwork::checkpoint {

/// The number in the file of the directory `path`; nothing if there is no file. Throws `DamagedFile`, `FileError`.
std::optional<std::uint64_t> read_last_number(FileSystem& files, const std::string& path);

/// Replaces the file. It is durable once the directory is synced.
void write_last_number(FileSystem& files, const std::string& path, std::uint64_t number);

}  // namespace streamwork::checkpoint
