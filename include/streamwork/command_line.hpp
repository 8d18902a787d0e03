// Command-line options of a program that runs a job: its own, beside those every job has (`--workers`, `--console`,
// `--explain`, `--status`, `--seconds`, `--quiet`, `--help`).
//
//   sw::CommandLine command_line("vehicle_count", "Counts vehicles by type.");
//   std::string input = "tcp:127.0.0.1:9990";
//   command_line.option("--input", input, "tcp[:HOST:PORT] | file:PATH | -");
//   if (auto exit_code = command_line.parse(argc, argv)) return *exit_code;
//   …
//   return sw::run(job, command_line);
//
// An option is written `--name VALUE` or `--name=VALUE`; a value may begin with a dash (`--output -`). Of an option
// given twice the last one counts. Whatever is not understood is a mistake: it is explained on standard error (what was
// found, what was expected), and the exit code is 2. Thread rule: used by one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <streamwork/time.hpp>
#include <string>
#include <vector>

namespace streamwork {

class CommandLine {
 public:
  CommandLine(const std::string& program, const std::string& description);
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;
  ~CommandLine();

  // Adding options: `name` with its dashes ("--input"), `help` without a full stop. A value that was read replaces
  // `value`, which holds the default until then and must live as long as this object.

  /// What was expected instead of a text ("tcp[:HOST:PORT], file:PATH or -"), or an empty string: it is good.
  using Check = std::function<std::string(const std::string&)>;
  /// Any text that `check` accepts, but not an empty one.
  void option(const std::string& name, std::string& value, const std::string& help, Check check = {});
  /// A whole number between `least` and `greatest`.
  void option(const std::string& name, std::int64_t& value, const std::string& help, std::int64_t least,
              std::int64_t greatest);
  /// A decimal number, at least 0.
  void option(const std::string& name, double& value, const std::string& help);
  /// A length of time: "5s", "250ms" (duration_text.hpp); at least `least`.
  void option(const std::string& name, Duration& value, const std::string& help, Duration least = Duration::zero());
  /// One of some words.
  void choice(const std::string& name, std::string& value, const std::string& help,
              const std::vector<std::string>& words);
  /// A switch without a value.
  void flag(const std::string& name, bool& value, const std::string& help);

  /// Leaving out this option is a mistake. REQUIRES: it was added, and has a value.
  void require(const std::string& name);

  /// A check of several options together, when all were read: returns what is wrong, or an empty string.
  void check(std::function<std::string()> check);

  /// Reads the command line. Empty: go on. Otherwise the program's exit code: 0 after `--help`, 2 after a mistake,
  /// which was explained on standard error.
  std::optional<int> parse(int argc, const char* const* argv);

  // The options every job has, after `parse`.

  /// 0 unless `--workers` was given: one per core.
  int workers() const { return static_cast<int>(workers_); }
  /// Empty unless `--explain` was given; else "text", "json" or "dot".
  const std::string& explain() const { return explain_; }
  bool status() const { return status_; }
  bool quiet() const { return quiet_; }
  /// Seconds after which the job is drained; 0: never.
  double seconds() const { return seconds_; }

 private:
  void add_options_of_every_job();

  struct Parser;
  std::unique_ptr<Parser> parser_;
  std::int64_t workers_ = 0;
  std::string explain_;
  std::string console_ = "127.0.0.1:7000";
  bool status_ = false;
  bool quiet_ = false;
  double seconds_ = 0;
};

}  // namespace streamwork
