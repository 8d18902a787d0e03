#include "checkpoint/last_number.hpp"

#include <streamwork/json.hpp>

#include "checkpoint/checked_lines.hpp"
#include "checkpoint/damage.hpp"
#include "checkpoint/durable_files.hpp"
#include "checkpoint/names.hpp"

namespace streamwork::checkpoint {

namespace {

constexpr std::string_view file_name = "last-number";
constexpr std::string_view pending_name = "last-number.pending";
/// One line; its longest number has 20 digits.
constexpr std::uint64_t most_bytes = 256;

struct LastNumberLine {
  std::uint64_t last_number;
};

}  // namespace

std::optional<std::uint64_t> read_last_number(FileSystem& files, const std::string& path) {
  const std::string file = path_in(path, file_name);
  if (!files.exists(file)) return std::nullopt;
  const std::string text = read_file(files, file, most_bytes);
  CheckedLinesReader lines(text, file);
  if (lines.at_end()) lines.fail("the file is empty");
  const std::string_view line = lines.next();
  if (!lines.at_end()) lines.fail("there is more than one line");
  try {
    return from_json<LastNumberLine>(line).last_number;
  } catch (const BadEvent& error) {
    lines.fail(error.what());
  }
}

void write_last_number(FileSystem& files, const std::string& path, std::uint64_t number) {
  CheckedLinesWriter lines;
  lines.add(to_json(LastNumberLine{number}));
  write_file(files, path_in(path, pending_name), lines.text());
  files.rename(path_in(path, pending_name), path_in(path, file_name));
}

}  // namespace streamwork::checkpoint
