// One checkpoint or savepoint as it lies in a directory: reading it, judging it, removing it. The directory may have
// been moved or copied; only files inside it are used.
//
// Thread rule: reading by any thread; removing while nobody else uses the directory.
#pragma once

#include <streamwork/file_system.hpp>
#include <string>
#include <vector>

#include "checkpoint/manifest.hpp"
#include "checkpoint/snapshot_reader.hpp"

namespace streamwork::checkpoint {

/// Reads the manifest of the checkpoint in the directory `path`. A directory with the name of a checkpoint must hold
/// the one with that number; any other name is as good.
/// Throws `DamagedFile`, `NewerFormat`, `FileError`.
Manifest read_checkpoint(FileSystem& files, const std::string& path);

/// A snapshot file that `manifest` lists, as `SnapshotReader` opens it.
SnapshotReader open_snapshot(FileSystem& files, const std::string& path, const Manifest& manifest,
                             const FileSummary& summary);

/// The rows of a store that a section of kind "stored rows" tells of. Throws `DamagedFile`.
typed::StoredRows rows_of_store(const SnapshotReader& file, std::uint32_t section, const std::string& path,
                                const Manifest& manifest);

/// Reads all there is of a checkpoint and throws (as above) unless every byte is as it was written.
void verify_checkpoint(FileSystem& files, const std::string& path, const Manifest& manifest);

/// Reads and verifies a checkpoint in order to go on from it, and makes its name durable. Throws as above.
Manifest adopt_checkpoint(FileSystem& files, const std::string& path);

/// If a crash cut the publication short, a checkpoint may be seen that a power failure would still take away; nobody
/// may act on one before this. Throws `FileError`.
void make_name_durable(FileSystem& files, const std::string& path);

/// Throws, as above, unless there is a sound manifest and all of its files with their sizes; their content is not read.
void check_presence(FileSystem& files, const std::string& path, const Manifest& manifest);

/// Names of all checkpoints, savepoints and attempts in the directory `path`, newest first; empty if there is none.
std::vector<std::string> names_in(FileSystem& files, const std::string& path);

/// Removes the directory with all files in it, the manifest first and durably, so that a checkpoint that is removed by
/// half is none. Throws `FileError`.
void remove_checkpoint(FileSystem& files, const std::string& path);

}  // namespace streamwork::checkpoint
