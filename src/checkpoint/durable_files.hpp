// Small files that are written as a whole, and directories, such that both survive a power failure.
// Thread rule: one call at a time for one path.
#pragma once

#include <cstdint>
#include <streamwork/file_system.hpp>
#include <string>
#include <string_view>

namespace streamwork::checkpoint {

/// Writes a file and syncs it. Its name is durable once its directory is synced.
void write_file(FileSystem& files, const std::string& path, std::string_view content);

/// All of a file. Throws `FileError`, and `DamagedFile` if it has more than `most` bytes: a foreign file must not fill
/// the memory.
std::string read_file(FileSystem& files, const std::string& path, std::uint64_t most);

/// Makes a directory and those above it one by one, each durable before there is anything in it.
void make_directory(FileSystem& files, const std::string& path);

}  // namespace streamwork::checkpoint
