// Names of directories and files of a checkpoint, and paths of them.
// Thread rule: pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace streamwork::checkpoint {

/// What a snapshot was taken for. All but savepoints are removed when newer ones make them superfluous.
enum class Kind : std::uint8_t {
  checkpoint,  ///< taken by itself
  savepoint,   ///< asked for by a person; stays until a person removes it
  suspended,   ///< the last one of a job that stopped and will go on
  ended        ///< the last one of a job whose sources have all ended: nothing is left to do
};

/// The file whose presence makes a checkpoint a whole one, and its name while it is written.
inline constexpr std::string_view manifest_name = "manifest";
inline constexpr std::string_view pending_manifest_name = "manifest.pending";
/// Of a checkpoint that was whole, and whose results were not.
inline constexpr std::string_view unused_manifest_name = "manifest.unused";

struct DirectoryName {
  bool savepoint = false;
  std::uint64_t number = 0;
};

/// "checkpoint-000042" or "savepoint-000042".
std::string directory_name(DirectoryName name);
std::string directory_name(Kind kind, std::uint64_t number);
/// Nothing for any other text, other spellings of the same number included.
std::optional<DirectoryName> read_directory_name(std::string_view text);

/// In bytes. File systems take 255; ours leaves room for what copying tools append.
inline constexpr std::size_t longest_snapshot_name = 200;
/// True for a plain name of letters, digits, '.', '_' and '-' that begins with a letter or digit, is not too long,
/// and is no name of a manifest: what may be used as a file in a checkpoint, wherever the name came from.
bool is_snapshot_name(std::string_view name);

/// "a/b"; `name` alone in the current directory.
std::string path_in(const std::string& directory, std::string_view name);
/// The directory in which `path` stands: "a" for "a/b" and "a/b/", "." for "b", "/" for "/b".
std::string parent_of(const std::string& path);
/// What stands behind the last "/".
std::string last_name_of(const std::string& path);

}  // namespace streamwork::checkpoint
