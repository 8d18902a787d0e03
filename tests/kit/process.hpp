// Runs a program as a user would: its own process, its input and outputs on pipes (or files, or a terminal), signals,
// an exit code. Nothing here waits for ever: what takes longer than it may is killed, and the exception says what the
// program had printed by then.
// Thread rule: used by one thread; a thread inside collects what the program prints.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace streamwork::testkit {

/// How a program ended and what it printed.
struct ProcessResult {
  int exit_code = -1;  ///< -1 if a signal ended it
  int signal = 0;      ///< the signal that ended it, or 0
  std::string output;  ///< standard output; empty if it went to a file
  std::string errors;  ///< standard error

  std::vector<std::string> output_lines() const;
};

/// For failure messages: exit code, signal and both outputs.
std::string describe(const ProcessResult& result);

struct ProcessOptions {
  enum class Output {
    pipe,      ///< collected
    terminal,  ///< collected, and the program sees a terminal
    closed,    ///< nobody reads it: writing fails
  };
  Output output = Output::pipe;
  /// If not empty, standard output goes to this file (a device is good too) and is not collected.
  std::string output_path = {};
  /// If not empty, standard input comes from this file.
  std::string input_path = {};
  /// Of its standard descriptors those that it is started without, as a shell's `>&-` does.
  std::vector<int> closed_descriptors = {};
  /// Variables added to the environment: "NAME=VALUE".
  std::vector<std::string> environment = {};
  std::string working_folder = {};
};

/// Longer than anything here takes under a sanitizer on a busy machine.
inline constexpr std::chrono::seconds process_patience{60};

/// A running program. Destroying it kills it.
class Process {
 public:
  /// `command`: the program's path and its arguments. Throws `std::system_error` if it cannot be started.
  explicit Process(const std::vector<std::string>& command, const ProcessOptions& options = {});
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();

  /// Writes to its standard input. False: it has closed it. Throws `std::runtime_error` if it does not read for too long.
  bool write(std::string_view text);
  void close_input();
  void send_signal(int signal);

  /// What it has printed by now.
  std::string output() const;
  std::string errors() const;
  /// Waits until it has printed `text`. Throws `std::runtime_error` if it ended before, or after `patience`.
  void wait_for_output(std::string_view text, std::chrono::nanoseconds patience = process_patience);
  void wait_for_errors(std::string_view text, std::chrono::nanoseconds patience = process_patience);
  /// Waits until it has printed so many whole lines.
  void wait_for_output_lines(std::size_t lines, std::chrono::nanoseconds patience = process_patience);

  /// Closes its input and waits for its end. Throws `std::runtime_error` after `patience`, when it has been killed.
  ProcessResult wait(std::chrono::nanoseconds patience = process_patience);
  /// As `wait`, and leaves its input open.
  ProcessResult wait_with_open_input(std::chrono::nanoseconds patience = process_patience);

 private:
  struct Running;
  std::unique_ptr<Running> running_;
};

/// The path of a program of this build: an example, a benchmark.
std::string program_path(const std::string& name);
/// The path of a file or folder of the sources, given from the project's own folder.
std::string source_path(const std::string& name);

/// Runs a program of this build to its end with `input` on its standard input.
ProcessResult run_program(const std::string& name, const std::vector<std::string>& arguments,
                          std::string_view input = {}, const ProcessOptions& options = {});

}  // namespace streamwork::testkit
