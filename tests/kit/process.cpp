#include "kit/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>

#include "kit/descriptor.hpp"

extern char** environ;  // NOLINT: POSIX calls it so

namespace streamwork::testkit {

namespace {

using SteadyClock = std::chrono::steady_clock;

[[noreturn]] void throw_errno(const std::string& what, int error = errno) {
  throw std::system_error(error, std::generic_category(), what);
}

struct Pipe {
  Descriptor read_end;
  Descriptor write_end;
};

Pipe make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw_errno("pipe");
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

/// A terminal that passes bytes on unchanged; the read end is the side of whoever looks at it.
Pipe make_terminal() {
  Descriptor screen(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  std::array<char, 128> name{};
  if (!screen.open() || ::grantpt(screen.get()) != 0 || ::unlockpt(screen.get()) != 0 ||
      ::ptsname_r(screen.get(), name.data(), name.size()) != 0) {
    throw_errno("a terminal");
  }
  Descriptor program_side(::open(name.data(), O_RDWR | O_NOCTTY | O_CLOEXEC));
  termios settings{};
  if (!program_side.open() || ::tcgetattr(program_side.get(), &settings) != 0) throw_errno(name.data());
  ::cfmakeraw(&settings);
  ::tcsetattr(program_side.get(), TCSANOW, &settings);
  return {std::move(screen), std::move(program_side)};
}

Pipe make_output(const ProcessOptions& options) {
  if (!options.output_path.empty()) {
    Descriptor file(::open(options.output_path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!file.open()) throw_errno(options.output_path);
    return {Descriptor(), std::move(file)};
  }
  if (options.output == ProcessOptions::Output::terminal) return make_terminal();
  Pipe pipe = make_pipe();
  if (options.output == ProcessOptions::Output::closed) pipe.read_end.close();
  return pipe;
}

Pipe make_input(const ProcessOptions& options) {
  if (options.input_path.empty()) {
    Pipe pipe = make_pipe();
    ::fcntl(pipe.write_end.get(), F_SETFL, O_NONBLOCK);  // our end alone: a program that does not read must not stop us
    return pipe;
  }
  Descriptor file(::open(options.input_path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.open()) throw_errno(options.input_path);
  return {std::move(file), Descriptor()};
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

/// What is set up between fork and exec.
class SpawnPlan {
 public:
  SpawnPlan() {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawnattr_init(&attributes_);
    // A test runner may ignore or block signals; a user's shell does not.
    sigset_t signals;
    ::sigemptyset(&signals);
    ::posix_spawnattr_setsigmask(&attributes_, &signals);
    for (const int signal : {SIGPIPE, SIGINT, SIGTERM, SIGHUP}) ::sigaddset(&signals, signal);
    ::posix_spawnattr_setsigdefault(&attributes_, &signals);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
  ~SpawnPlan() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }

  void use_as(const Descriptor& descriptor, int number) {
    ::posix_spawn_file_actions_adddup2(&actions_, descriptor.get(), number);
  }
  void close(int number) { ::posix_spawn_file_actions_addclose(&actions_, number); }
  void enter(const std::string& folder) { ::posix_spawn_file_actions_addchdir_np(&actions_, folder.c_str()); }

  pid_t spawn(std::vector<std::string> command, std::vector<std::string> added_environment) const {
    std::vector<char*> environment = pointers_to(added_environment);
    environment.pop_back();
    for (char** variable = environ; *variable != nullptr; ++variable) environment.push_back(*variable);
    environment.push_back(nullptr);
    pid_t id = 0;
    const int error = ::posix_spawn(&id, command.front().c_str(), &actions_, &attributes_, pointers_to(command).data(),
                                    environment.data());
    if (error != 0) throw_errno(command.front(), error);
    return id;
  }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

std::string quoted(std::string_view text) { return std::string("'").append(text).append("'"); }

std::size_t count_lines(std::string_view text) { return static_cast<std::size_t>(std::ranges::count(text, '\n')); }

}  // namespace

std::vector<std::string> ProcessResult::output_lines() const {
  std::vector<std::string> lines;
  std::size_t begin = 0;
  while (begin < output.size()) {
    const std::size_t end = std::min(output.find('\n', begin), output.size());
    lines.push_back(output.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

std::string describe(const ProcessResult& result) {
  return "exit code " + std::to_string(result.exit_code) + ", signal " + std::to_string(result.signal) +
         "\n--- standard output ---\n" + result.output + "\n--- standard error ---\n" + result.errors;
}

struct Process::Running {
  std::string name;
  pid_t id = 0;
  Descriptor input;
  bool ended = false;
  ProcessResult result;

  mutable std::mutex guard;  // of what follows
  std::condition_variable printed_more;
  std::string output;
  std::string errors;
  bool all_read = false;

  std::thread reader;

  /// Reads both outputs until their ends.
  void collect(Descriptor output_end, Descriptor errors_end) {
    std::array<pollfd, 2> watched{pollfd{output_end.get(), POLLIN, 0}, pollfd{errors_end.get(), POLLIN, 0}};
    std::array<std::string*, 2> targets{&output, &errors};
    while (watched[0].fd >= 0 || watched[1].fd >= 0) {
      if (::poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR) break;
      for (std::size_t i = 0; i < watched.size(); ++i) {
        if (watched[i].fd < 0 || watched[i].revents == 0) continue;
        std::array<char, 65536> piece{};
        const ssize_t bytes = ::read(watched[i].fd, piece.data(), piece.size());
        if (bytes < 0 && errno == EINTR) continue;
        if (bytes <= 0) {  // a terminal ends with an error instead of an end
          watched[i].fd = -1;
          continue;
        }
        const std::lock_guard lock(guard);
        targets[i]->append(piece.data(), static_cast<std::size_t>(bytes));
        printed_more.notify_all();
      }
    }
    const std::lock_guard lock(guard);
    all_read = true;
    printed_more.notify_all();
  }

  void wait_until(const std::string& what, const std::function<bool()>& reached, std::chrono::nanoseconds patience) {
    std::unique_lock lock(guard);
    printed_more.wait_for(lock, patience, [&] { return reached() || all_read; });
    if (reached()) return;
    throw std::runtime_error(name + (all_read ? " ended" : " took too long") + " before it printed " + what +
                             "\n--- standard output ---\n" + output + "\n--- standard error ---\n" + errors);
  }

  /// True when it has ended.
  bool reap(bool wait) {
    int status = 0;
    pid_t found = 0;
    do {
      found = ::waitpid(id, &status, wait ? 0 : WNOHANG);
    } while (found < 0 && errno == EINTR);
    if (found != id) return false;
    ended = true;
    if (WIFEXITED(status)) result.exit_code = WEXITSTATUS(status);
    if (WIFSIGNALED(status)) result.signal = WTERMSIG(status);
    return true;
  }

  /// Waits for the end; false if it had to be killed.
  bool end_within(std::chrono::nanoseconds patience) {
    const SteadyClock::time_point deadline = SteadyClock::now() + patience;
    while (!ended && !reap(false)) {
      if (SteadyClock::now() >= deadline) {
        ::kill(id, SIGKILL);
        reap(true);
        return false;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
  }
};

Process::Process(const std::vector<std::string>& command, const ProcessOptions& options)
    : running_(std::make_unique<Running>()) {
  std::signal(SIGPIPE, SIG_IGN);  // writing to a program that has ended is an answer, not the end of the tests
  Pipe input = make_input(options);
  Pipe output = make_output(options);
  Pipe errors = make_pipe();
  SpawnPlan plan;
  plan.use_as(input.read_end, STDIN_FILENO);
  plan.use_as(output.write_end, STDOUT_FILENO);
  plan.use_as(errors.write_end, STDERR_FILENO);
  for (const int number : options.closed_descriptors) plan.close(number);
  if (!options.working_folder.empty()) plan.enter(options.working_folder);
  running_->name = command.front();
  running_->id = plan.spawn(command, options.environment);
  running_->input = std::move(input.write_end);
  running_->reader = std::thread(
      [running = running_.get()](Descriptor output_end, Descriptor errors_end) {
        running->collect(std::move(output_end), std::move(errors_end));
      },
      std::move(output.read_end), std::move(errors.read_end));
}

Process::~Process() {
  if (!running_->ended) {
    ::kill(running_->id, SIGKILL);
    running_->reap(true);
  }
  if (running_->reader.joinable()) running_->reader.join();
}

bool Process::write(std::string_view text) {
  const int input = running_->input.get();
  while (!text.empty()) {
    const ssize_t bytes = ::write(input, text.data(), text.size());
    if (bytes > 0) {
      text.remove_prefix(static_cast<std::size_t>(bytes));
      continue;
    }
    if (errno == EINTR) continue;
    if (errno != EAGAIN) return false;
    pollfd asked{input, POLLOUT, 0};
    const auto patience = std::chrono::duration_cast<std::chrono::milliseconds>(process_patience);
    if (::poll(&asked, 1, static_cast<int>(patience.count())) == 0) {
      throw std::runtime_error(running_->name + " does not read its input\n--- standard error ---\n" + errors());
    }
  }
  return true;
}

void Process::close_input() { running_->input.close(); }

void Process::send_signal(int signal) { ::kill(running_->id, signal); }

std::string Process::output() const {
  const std::lock_guard lock(running_->guard);
  return running_->output;
}

std::string Process::errors() const {
  const std::lock_guard lock(running_->guard);
  return running_->errors;
}

void Process::wait_for_output(std::string_view text, std::chrono::nanoseconds patience) {
  running_->wait_until(
      quoted(text).append(" on standard output"), [&] { return running_->output.find(text) != std::string::npos; },
      patience);
}

void Process::wait_for_errors(std::string_view text, std::chrono::nanoseconds patience) {
  running_->wait_until(
      quoted(text).append(" on standard error"), [&] { return running_->errors.find(text) != std::string::npos; },
      patience);
}

void Process::wait_for_output_lines(std::size_t lines, std::chrono::nanoseconds patience) {
  running_->wait_until(
      std::to_string(lines) + " lines", [&] { return count_lines(running_->output) >= lines; }, patience);
}

ProcessResult Process::wait(std::chrono::nanoseconds patience) {
  close_input();
  return wait_with_open_input(patience);
}

ProcessResult Process::wait_with_open_input(std::chrono::nanoseconds patience) {
  const bool in_time = running_->end_within(patience);
  if (running_->reader.joinable()) running_->reader.join();
  running_->result.output = running_->output;
  running_->result.errors = running_->errors;
  if (!in_time) throw std::runtime_error(running_->name + " took too long\n" + describe(running_->result));
  return running_->result;
}

std::string program_path(const std::string& name) { return STREAMWORK_PROGRAM_DIR "/" + name; }
std::string source_path(const std::string& name) { return STREAMWORK_SOURCE_DIR "/" + name; }

ProcessResult run_program(const std::string& name, const std::vector<std::string>& arguments, std::string_view input,
                          const ProcessOptions& options) {
  std::vector<std::string> command{program_path(name)};
  command.insert(command.end(), arguments.begin(), arguments.end());
  Process process(command, options);
  if (!input.empty()) process.write(input);
  return process.wait();
}

}  // namespace streamwork::testkit
