// The manifest: what a checkpoint consists of. It is written last, so its presence says that all the rest is there.
//
// As a file it is text, one JSON object per line, behind a checksum of the line and all lines before it:
//   5b2c…e1 {"format":"streamwork checkpoint","version":1,"checkpoint":{"number":42,"kind":"checkpoint",…}}
//   90aa…07 {"file":{"name":"task-0.snapshot","size":73400,…}}
//   …
//   13f0…9c {"end":{"lines":9}}
// Thread rule: plain values and pure functions.
#pragma once

#include <cstdint>
#include <streamwork/time.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "checkpoint/names.hpp"
#include "checkpoint/snapshot_format.hpp"
#include "checkpoint/store_files.hpp"

namespace streamwork::checkpoint {

/// A vertex of the job as it was when the checkpoint was taken.
struct VertexRecord {
  std::string name{};
  std::string kind{};  ///< "source", "operator", "sink"
  std::int64_t parallelism = 1;
  bool finished = false;  ///< its inputs have ended, or all of its splits have been read

  bool operator==(const VertexRecord&) const = default;
};

/// A small thing that is needed before or without the snapshot files: what a sink has prepared, a list of splits.
struct Entry {
  std::string vertex{};  ///< empty: of the job
  std::int64_t instance = 0;
  std::string kind{};
  std::string bytes{};  ///< any; not looked at here

  bool operator==(const Entry&) const = default;
};

/// The kind of an entry that is a transaction of a sink.
inline constexpr const char* transaction_entry = "transaction";
/// The kind of an entry that is the schema of a vertex' transactions.
inline constexpr const char* transaction_schema_entry = "transaction schema";

struct Manifest {
  std::uint64_t number = 0;
  Kind kind = Kind::checkpoint;
  std::string job{};
  std::string delivery{};    ///< "exactly_once", ...
  ProcessingTime created{};  ///< when the checkpoint was begun
  std::vector<FileSummary> files{};
  std::vector<CheckedFile> store_files{};
  std::vector<VertexRecord> vertices{};
  std::vector<Entry> entries{};

  bool operator==(const Manifest&) const = default;
};

/// 2 has files of stores; what has none is written as 1, which older releases read.
inline constexpr std::uint32_t manifest_version = 2;
/// A manifest is in memory as a whole. Its files and entries are few: this is far beyond a million of them.
inline constexpr std::uint64_t most_manifest_bytes = 1U << 30U;

/// The content of the file. Throws `std::invalid_argument` if a name is no valid UTF-8 or used twice, and
/// `std::length_error` if there is too much.
std::string manifest_text(const Manifest& manifest);

/// Reads the content of the file at `path`. Throws `DamagedFile` or `NewerFormat`.
Manifest read_manifest(std::string_view text, const std::string& path);

}  // namespace streamwork::checkpoint
