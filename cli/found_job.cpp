#include "found_job.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <streamwork/json.hpp>

#include "console/registration.hpp"

namespace streamwork::cli {

namespace {

std::string token_of(const JobArguments& arguments) {
  if (!arguments.token_file) {
    const char* variable = std::getenv("STREAMWORK_CONSOLE_TOKEN");
    return variable == nullptr ? "" : variable;
  }
  std::ifstream file(*arguments.token_file);
  std::string token;
  if (!std::getline(file, token))
    throw std::runtime_error("--token '" + *arguments.token_file + "' cannot be read: expected a file with the token");
  return token;
}

void add_jobs_at(const ConsolePlace& place, std::vector<FoundJob>& found) {
  const Answer answer = ask(place, "GET", "/api/v1/jobs");
  if (answer.status == 401)
    throw NoConsole("the console at " + place.url() +
                    " wants a token: give it (--token FILE, or the variable STREAMWORK_CONSOLE_TOKEN)");
  if (answer.status != 200) throw NoConsole("what answers at " + place.url() + " is no console");
  for (auto& job : from_json<console::api::JobList>(answer.body).jobs) found.push_back({place, std::move(job)});
}

bool is_meant(const FoundJob& found, const JobArguments& arguments) {
  return !arguments.job || found.job.name == *arguments.job || found.job.id == *arguments.job;
}

}  // namespace

std::vector<FoundJob> find_jobs(const JobArguments& arguments) {
  std::vector<FoundJob> found;
  const std::string token = token_of(arguments);
  if (arguments.at) {
    ConsolePlace place = read_place(*arguments.at);
    place.token = token;
    add_jobs_at(place, found);
  } else {
    for (const console::Registered& console : console::registered_consoles()) {
      try {
        ConsolePlace place = read_place(console.url);
        if (console.wants_token) place.token = token;
        add_jobs_at(place, found);
      } catch (const NoConsole&) {
        // Another one may be meant; this one is ending, or has a token of its own.
      }
    }
  }
  std::erase_if(found, [&](const FoundJob& job) { return !is_meant(job, arguments); });
  return found;
}

std::vector<std::string> locked_consoles(const JobArguments& arguments) {
  std::vector<std::string> locked;
  if (arguments.at || !token_of(arguments).empty()) return locked;
  for (const console::Registered& console : console::registered_consoles()) {
    if (console.wants_token) locked.push_back(console.url);
  }
  return locked;
}

FoundJob find_job(const JobArguments& arguments) {
  const std::vector<FoundJob> found = find_jobs(arguments);
  if (found.size() == 1) return found.front();
  if (found.empty())
    throw std::runtime_error(
        "there is no such job on this machine: streamwork list shows those there are; --at HOST:PORT "
        "asks a console elsewhere");
  std::string names;
  for (const FoundJob& job : found)
    names += "\n  --at " + job.place.port + " --job " + job.job.id + "   " + job.job.name;
  throw std::runtime_error("there are several jobs; say which one you mean:" + names);
}

}  // namespace streamwork::cli
