// What `streamwork inspect` finds, as plain structs; their fields are those of the JSON it prints.
// Thread rule: pure functions but for reading files.
#pragma once

#include <cstdint>
#include <optional>
#include <streamwork/file_system.hpp>
#include <streamwork/time.hpp>
#include <string>
#include <vector>

namespace streamwork::cli {

struct KeyGroupReport {
  std::uint32_t key_group = 0;
  std::uint64_t entries = 0;
  std::uint64_t bytes = 0;
};

struct SectionReport {
  std::string vertex{};
  std::int64_t instance = 0;
  std::string kind{};
  std::uint64_t schema_bytes = 0;
  std::uint64_t frames = 0;
  std::uint64_t entries = 0;
  std::uint64_t bytes = 0;                   ///< of content
  std::vector<KeyGroupReport> key_groups{};  ///< in order; none for what has no key
  std::vector<std::string> parts{};          ///< of an entry: "count: i64"; none if the schema is not the engine's
  std::vector<std::string> sample{};         ///< the first entries, as JSON
  std::string note{};                        ///< why there is no more to tell; empty: there is
};

struct FileReport {
  std::string name{};
  std::uint64_t size = 0;
  std::vector<SectionReport> sections{};  ///< none if the index cannot be read
};

struct VertexReport {
  std::string name{};
  std::string kind{};
  std::int64_t parallelism = 0;
  bool finished = false;
};

struct EntryReport {
  std::string vertex{};
  std::int64_t instance = 0;
  std::string kind{};
  std::uint64_t bytes = 0;
};

/// Everything else of a checkpoint whose manifest can be read.
struct ContentReport {
  std::string kind{};
  std::string job{};
  std::string delivery{};
  ProcessingTime created{};
  std::uint64_t size = 0;  ///< of all files, in bytes
  std::vector<VertexReport> vertices{};
  std::vector<FileReport> files{};
  std::vector<EntryReport> entries{};
};

enum class State : std::uint8_t {
  whole,       ///< every byte is as it was written
  damaged,     ///< see `damage`
  unfinished,  ///< there is no manifest: an attempt under way, or one that failed
  newer        ///< of a format that only a newer release reads
};

struct CheckpointReport {
  std::string name{};  ///< of its directory
  State state = State::whole;
  std::vector<std::string> damage{};  ///< sentences that name file and byte
  std::optional<ContentReport> content{};
};

struct Report {
  std::string path{};
  std::vector<CheckpointReport> checkpoints{};  ///< newest first
};

/// Reads a checkpoint, or all of a directory of checkpoints, every byte. Throws `std::runtime_error` if there is
/// neither at `path`.
Report inspect(FileSystem& files, const std::string& path);

/// One checkpoint in detail; a line each for several.
std::string report_text(const Report& report);

/// True if any of them is damaged, or cannot be read by this release, or is the one that was asked for and unfinished.
bool has_damage(const Report& report);

}  // namespace streamwork::cli
