// streamwork: looks at jobs, steers them, and looks at what they leave behind.
#include <algorithm>
#include <cstdio>
#include <exception>
#include <optional>
#include <stdexcept>
#include <streamwork/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "completion.hpp"
#include "http_client.hpp"
#include "inspect.hpp"
#include "job/standard_descriptors.hpp"
#include "job_commands.hpp"
#include "new_project.hpp"

namespace {

constexpr int exit_good = 0;
constexpr int exit_failed = 1;
constexpr int exit_usage = 2;

constexpr std::string_view help =
    R"(streamwork: looks at jobs, steers them, and looks at what they leave behind

  streamwork list                    jobs on this machine
  streamwork status [VERTEX]         what a job does at the moment, and what limits it; one vertex, its instances and edges
  streamwork top                     the same, again every second
  streamwork graph                   vertices and edges
  streamwork tap VERTEX              a sample of the events that it gives out, one JSON object per line
  streamwork refused VERTEX          the last events that it found late or bad, as JSON
  streamwork experiment [NAME [--undo]]
                                     what the job lets one do to it, to see what comes of it; does it, or undoes it
  streamwork checkpoints [NUMBER]    the last ones, with the slowest task of each; one of them, task by task
  streamwork history                 events per second in and out of the last minutes; of every vertex with --json
  streamwork exceptions              failures, and what was done about them
  streamwork log                     what the engine has to say
  streamwork savepoint               takes a checkpoint that stays until somebody removes it
  streamwork rescale VERTEX=NUMBER…  goes on with so many instances of these vertices
  streamwork stop [--drain|--suspend [--savepoint]]
                                     ends a job; suspends it if it has a checkpoint directory
  streamwork cancel                  ends a job at once: what is in flight is lost

  streamwork inspect PATH            what a checkpoint holds, or a directory of checkpoints, and where it is damaged
  streamwork new NAME                a folder with a job, a test and a CMake project
  streamwork completion [bash]       for bash: source <(streamwork completion)
  streamwork --version
  streamwork --help

Options of commands about jobs:
  --at PORT|HOST:PORT                the console to ask; without it all of this machine's
  --job NAME|ID                      which job, if there are several
  --token FILE                       what the console wants to see; or the variable STREAMWORK_CONSOLE_TOKEN
  --json                             what the console says, for programs
  --once                             top and tap: once

Exit code: 0 done; 1 not done: nobody answers, the job refuses, what is named is not there, or damaged; 2 the command line is
not understood.
)";

void print(std::FILE* to, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), to);
  std::fflush(to);
}

int refuse(const std::string& mistake) {
  print(stderr, "streamwork: " + mistake + "\nstreamwork --help lists all commands\n");
  return exit_usage;
}

int inspect(const std::vector<std::string>& arguments) {
  std::optional<std::string> path;
  bool json = false;
  for (const std::string& argument : arguments) {
    if (argument == "--json") {
      json = true;
    } else if (argument.starts_with("-")) {
      return refuse("unknown option '" + argument + "' of inspect");
    } else if (path) {
      return refuse("inspect takes one path, not also '" + argument + "'");
    } else {
      path = argument;
    }
  }
  if (!path) return refuse("inspect needs the path of a checkpoint, or of a directory of checkpoints");
  const auto report = streamwork::cli::inspect(*streamwork::RealFileSystem::instance(), *path);
  print(stdout, json ? streamwork::to_json(report) + "\n" : report_text(report));
  return has_damage(report) ? exit_failed : exit_good;
}

/// What `new` has made.
struct NewProject {
  std::string folder{};
  std::string message{};
};

int make_project(std::vector<std::string> arguments) {
  const bool json = std::erase(arguments, "--json") > 0;
  if (arguments.size() != 1) return refuse("new needs one name, that of the job: streamwork new my_job");
  const std::string message = streamwork::cli::make_project(arguments.front(), ".");
  print(stdout, json ? streamwork::to_json(NewProject{arguments.front(), message}) + "\n" : message);
  return exit_good;
}

int complete(const std::vector<std::string>& arguments) {
  if (arguments.size() > 1 || (arguments.size() == 1 && arguments.front() != "bash"))
    return refuse("there is a completion for bash; zsh takes it too, after 'autoload -U bashcompinit && bashcompinit'");
  print(stdout, streamwork::cli::bash_completion());
  return exit_good;
}

int run(const std::vector<std::string>& arguments) {
  if (arguments.empty()) return refuse("which command?");
  const std::string& command = arguments.front();
  const std::vector<std::string> rest(arguments.begin() + 1, arguments.end());
  if (std::ranges::find(rest, "--help") != rest.end()) {
    print(stdout, help);
    return exit_good;
  }
  if (command == "inspect") return inspect(rest);
  if (command == "new") return make_project(rest);
  if (command == "completion") return complete(rest);
  if (streamwork::cli::is_job_command(command))
    return streamwork::cli::run_job_command(command, streamwork::cli::read_job_arguments(rest));
  const bool wants_help = command == "--help" || command == "-h" || command == "help";
  if (!wants_help && command != "--version") return refuse("unknown command '" + command + "'");
  print(stdout, wants_help ? help : "streamwork " STREAMWORK_VERSION "\n");
  return exit_good;
}

}  // namespace

int main(int argc, char** argv) {
  streamwork::job::fill_standard_descriptors();  // or a connection would be standard output
  try {
    const int exit_code = run(std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc));
    if (std::ferror(stdout) == 0) return exit_code;
    throw std::runtime_error("standard output cannot be written");
  } catch (const std::invalid_argument& mistake) {
    return refuse(mistake.what());
  } catch (const std::exception& error) {
    print(stderr, std::string("streamwork: ") + error.what() + "\n");
    return exit_failed;
  }
}
