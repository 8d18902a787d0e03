#include "checkpoint/history.hpp"

#include <exception>
#include <streamwork/json.hpp>

#include "checkpoint/checked_lines.hpp"
#include "checkpoint/checkpoint_directory.hpp"
#include "checkpoint/damage.hpp"
#include "checkpoint/durable_files.hpp"
#include "checkpoint/names.hpp"

namespace streamwork::checkpoint {

namespace {

constexpr std::string_view file_name = "history";
constexpr std::string_view pending_name = "history.pending";
/// One line with a path.
constexpr std::uint64_t most_bytes = std::uint64_t{64} << 10U;

std::string without_last_slashes(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

}  // namespace

History read_history(FileSystem& files, const std::string& path) {
  const std::string file = path_in(path, file_name);
  if (!files.exists(file)) return {};
  const std::string text = read_file(files, file, most_bytes);
  CheckedLinesReader lines(text, file);
  if (lines.at_end()) lines.fail("the file is empty");
  const std::string_view line = lines.next();
  if (!lines.at_end()) lines.fail("there is more than one line");
  try {
    return from_json<History>(line);
  } catch (const BadEvent& error) {
    lines.fail(error.what());
  }
}

void write_history(FileSystem& files, const std::string& path, const History& history) {
  CheckedLinesWriter lines;
  lines.add(to_json(history));
  write_file(files, path_in(path, pending_name), lines.text());
  files.rename(path_in(path, pending_name), path_in(path, file_name));
  files.sync_directory(path);
}

void note_completed(CheckpointDirectory& directory, std::uint64_t number) {
  try {
    History history = directory.history();
    history.completed = number;
    directory.remember(history);
  } catch (const std::exception&) {
    // The checkpoint is complete all the same.
  }
}

NewHistory::NewHistory(CheckpointDirectory& directory, const CheckpointOptions& options) : directory_(directory) {
  if (options.restore == "latest") return;
  before_ = directory.history();
  History history = before_;
  history.begun_after = directory.last_number();
  history.base = options.restore == "none" ? std::string() : without_last_slashes(options.restore);
  if (!history.base.empty() && parent_of(history.base) == without_last_slashes(directory.path()))
    history.base = last_name_of(history.base);
  if (history == before_) return;
  directory.remember(history);
  kept_ = false;
}

NewHistory::~NewHistory() {
  if (kept_) return;
  try {
    directory_.remember(before_);
  } catch (const FileError&) {
    // Then the next start begins anew too; it removes nothing that it is not told to.
  }
}

}  // namespace streamwork::checkpoint
