// Which job a command is about.
// Thread rule: one thread.
#pragma once

#include <vector>

#include "console/api.hpp"
#include "http_client.hpp"
#include "job_commands.hpp"

namespace streamwork::cli {

struct FoundJob {
  ConsolePlace place{};
  console::api::Job job{};

  std::string path() const { return "/api/v1/jobs/" + job.id; }
};

/// All jobs that the arguments allow: those of one console, or of all that are registered on this machine.
/// Throws `NoConsole` if the console that was named does not answer, `std::runtime_error` if the token cannot be read.
std::vector<FoundJob> find_jobs(const JobArguments& arguments);

/// Consoles of this machine that were not asked, because they want a token and none is given.
std::vector<std::string> locked_consoles(const JobArguments& arguments);
/// The only one. Throws `std::runtime_error` with those there are if there are several, or none.
FoundJob find_job(const JobArguments& arguments);

}  // namespace streamwork::cli
