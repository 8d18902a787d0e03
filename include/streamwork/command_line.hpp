// Command-line options of a program that runs a job: its own, beside those every job has (`--workers`, `--instances`,
// `--console`, `--console-token`, `--explain`, `--status`, `--seconds`, `--quiet`, `--checkpoint-dir` and what belongs to it, `--rate`, `--help`).
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
#include <map>
#include <memory>
#include <optional>
#include <streamwork/checkpoint_options.hpp>
#include <streamwork/console.hpp>
#include <streamwork/restart_policy.hpp>
#include <streamwork/state_options.hpp>
#include <streamwork/time.hpp>
#include <string>
#include <utility>
#include <vector>

namespace streamwork {

class CommandLine {
 public:
  /// To be made before the program opens anything: standard input and outputs that are closed (`>&-`) are filled with what
  /// cannot be used, so that no other file gets their place, and a job that wants to use them fails.
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
  /// What every `--instances` says.
  const std::map<std::string, int>& parallelism() const { return parallelism_; }
  /// What `--console` and `--console-token` say; nothing: off.
  const std::optional<ConsoleOptions>& console() const { return console_; }
  /// What holds if the command line says nothing, instead of 127.0.0.1:7000 or the next free port; nothing: off. Before
  /// `parse`.
  void set_default_console(std::optional<ConsoleOptions> console) { console_ = std::move(console); }
  /// Empty unless `--explain` was given; else "text", "json" or "dot".
  const std::string& explain() const { return explain_; }
  bool status() const { return status_; }
  bool quiet() const { return quiet_; }
  /// Seconds after which the job is drained; 0: never.
  double seconds() const { return seconds_; }
  /// What `--checkpoint-dir`, `--checkpoint-interval`, `--delivery`, `--restore` and the like say.
  const CheckpointOptions& checkpoints() const { return checkpoints_; }
  /// For a program that knows better what its job needs. After `parse`.
  void set_checkpoints(CheckpointOptions checkpoints) { checkpoints_ = std::move(checkpoints); }
  /// What `--restarts` says; nothing: as `JobOptions` has it.
  const std::optional<RestartPolicy>& restart() const { return restart_; }
  /// As above. After `parse`.
  void set_restart(RestartPolicy restart) { restart_ = restart; }
  /// What `--state-backend` and `--state-memory` say.
  const StateOptions& state() const { return state_; }
  /// A signal ends the job with a savepoint instead of a checkpoint.
  bool stops_with_savepoint() const { return stops_with_savepoint_; }
  /// Events per second of each source; nothing: no limit.
  std::optional<double> source_rate() const;

 private:
  void add_options_of_every_job();
  void add_checkpoint_options();
  void check_checkpoint_options();
  void add_state_options();
  void add_rate_option();

  struct Parser;
  std::unique_ptr<Parser> parser_;
  std::int64_t workers_ = 0;
  std::map<std::string, int> parallelism_;
  std::string explain_;
  std::optional<ConsoleOptions> console_ = ConsoleOptions{.next_free_port = true};
  std::string console_token_;
  bool status_ = false;
  bool quiet_ = false;
  double seconds_ = 0;
  CheckpointOptions checkpoints_;
  std::optional<RestartPolicy> restart_;
  StateOptions state_;
  std::string delivery_ = "exactly_once";
  bool stops_with_savepoint_ = false;
  double source_rate_ = 0;
};

}  // namespace streamwork
