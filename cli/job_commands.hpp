// The commands about running jobs: everything the page can do, through the same API (src/console/api.yaml).
// Thread rule: one thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace streamwork::cli {

/// What stands behind a command, understood.
struct JobArguments {
  std::vector<std::string> words{};  ///< that belong to no option
  std::optional<std::string> at{};   ///< --at: where the console is
  std::optional<std::string> job{};  ///< --job: name or id, if there are several
  std::optional<std::string> token_file{};
  bool json = false;
  bool drain = false;
  bool suspend = false;
  bool savepoint = false;
  bool once = false;
  bool undo = false;
};

/// Throws `std::invalid_argument` with what was not understood.
JobArguments read_job_arguments(const std::vector<std::string>& arguments);

/// Whether there is such a command.
bool is_job_command(const std::string& command);

/// Prints on standard output. Returns the exit code.
/// Throws `std::invalid_argument` for what cannot be understood, `NoConsole` if none answers, and `std::runtime_error` if there
/// is no such job, vertex, …, or the console refuses.
int run_job_command(const std::string& command, const JobArguments& arguments);

}  // namespace streamwork::cli
