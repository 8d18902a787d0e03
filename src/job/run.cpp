#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <memory>
#include <optional>
#include <streamwork/command_line.hpp>
#include <streamwork/console.hpp>
#include <streamwork/run.hpp>
#include <string>
#include <vector>

#include "job/status_line.hpp"
#include "runtime/signal_watch.hpp"

namespace streamwork {

namespace {

using namespace std::chrono_literals;

constexpr int finished = 0;
constexpr int failed = 1;

/// A terminal, a script around the program and timeout(1) each pass a signal on, to the process and to its group: what
/// comes within this time is one and the same wish to stop.
constexpr auto same_wish = 50ms;

/// How often to look whether there is something to say. At least a second lies between two checkpoints that fail: each is told.
constexpr auto look_every = 500ms;

void say(const std::string& text) {
  std::fputs((text + "\n").c_str(), stderr);
  std::fflush(stderr);
}

int print_plan(const Job& job, const CommandLine& command_line) {
  const auto format = command_line.explain() == "json"  ? ExplainFormat::json
                      : command_line.explain() == "dot" ? ExplainFormat::dot
                                                        : ExplainFormat::text;
  const std::string plan =
      explain(job, format, {.workers = command_line.workers(), .parallelism = command_line.parallelism()});
  if (std::fputs(plan.c_str(), stdout) >= 0 && std::fflush(stdout) == 0) return finished;
  say("failed: the execution plan could not be written to standard output");
  return failed;
}

/// Says what the job has to say, each thing once. Warnings are said also to those who want it quiet.
class NoticeTeller {
 public:
  NoticeTeller(bool quiet, int tolerated_failures) : quiet_(quiet), tolerated_failures_(tolerated_failures) {}
  void tell(const JobHandle& handle) {
    const std::vector<std::string> notices = handle.notices();
    for (; told_ < notices.size(); ++told_) {
      const bool matter_of_course = notices[told_].starts_with("delivery: ") ||
                                    notices[told_].starts_with("goes on from ") ||
                                    notices[told_].ends_with("; passed over");
      if (!quiet_ || !matter_of_course) say(notices[told_]);
    }
    tell_failures(handle.metrics().checkpoints);
  }

 private:
  void tell_failures(const CheckpointMetrics& checkpoints) {
    if (checkpoints.failed != failed_ && !checkpoints.last_failure.empty()) {
      say("checkpoint failed (" + std::to_string(checkpoints.failed_in_a_row) + " in a row, " +
          std::to_string(tolerated_failures_) + " are tolerated): " + checkpoints.last_failure);
      failing_ = true;
    } else if (failing_ && checkpoints.completed > 0 && checkpoints.failed_in_a_row == 0) {
      say("checkpoints are complete again");
      failing_ = false;
    }
    failed_ = checkpoints.failed;
  }

  bool quiet_;
  int tolerated_failures_;
  std::size_t told_ = 0;
  std::uint64_t failed_ = 0;
  bool failing_ = false;
};

/// Prints what there is to say and the status line, and drains in time, until the job has ended.
void accompany(JobHandle& handle, const CommandLine& command_line, NoticeTeller& notices) {
  const Clock& clock = SystemClock::instance();
  const SteadyTime start = clock.steady_now();
  const auto running_time =
      std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(command_line.seconds()));
  SteadyTime drain_at = running_time > 0ns ? start + running_time : SteadyTime::max();
  SteadyTime tell_at = command_line.status() ? start + 1s : SteadyTime::max();
  SteadyTime look_at = start + look_every;
  JobMetrics before = handle.metrics();
  while (true) {
    const SteadyTime next = std::min({drain_at, tell_at, look_at});
    if (handle.wait_for(next - clock.steady_now())) return;
    if (next == look_at) {
      notices.tell(handle);
      look_at += look_every;
    } else if (next == tell_at) {
      JobMetrics now = handle.metrics();
      say(job::status_line(before, now));
      before = std::move(now);
      tell_at += 1s;
    } else {
      handle.stop();
      drain_at = SteadyTime::max();
    }
  }
}

int conclude(const JobResult& result, bool quiet, bool outlives_process) {
  if (!quiet) std::fputs(summary_table(result.metrics).c_str(), stderr);
  switch (result.end) {
    case JobEnd::finished:
      return finished;
    case JobEnd::failed:
      say("failed: " + result.failure);
      return failed;
    case JobEnd::suspended:
      if (!quiet)
        say("suspended: the same command goes on from checkpoint " + std::to_string(result.metrics.checkpoints.newest));
      return finished;
    case JobEnd::cancelled:
      say(outlives_process && result.metrics.checkpoints.newest > 0
              ? "cancelled: the same command goes on from the newest checkpoint"
              : "cancelled: what was in flight is lost");
      return failed;
  }
  return failed;
}

/// Says where it is, and why if it is not where it should be.
std::optional<Console> open_console(const CommandLine& command_line) {
  const std::optional<ConsoleOptions>& options = command_line.console();
  if (!options) return std::nullopt;
  try {
    std::optional<Console> console(std::in_place, *options);
    if (command_line.quiet()) return console;
    const std::string asked = options->address.substr(options->address.rfind(':') + 1);
    const bool moved = options->next_free_port && asked != std::to_string(console->port());
    say("console: " + console->url() + (moved ? ", since port " + asked + " is taken" : ""));
    return console;
  } catch (const ConsoleError& error) {
    if (!options->next_free_port) throw;
    say(std::string(error.what()) + "; the job runs without one");  // nobody has asked for it
    return std::nullopt;
  }
}

int run_to_the_end(const Job& job, const CommandLine& command_line) {
  runtime::SignalWatch signals;  // before the first thread of the job, which may write to a broken pipe
  std::optional<Console> console = open_console(command_line);
  const auto handle = std::make_shared<JobHandle>(start(job, {.workers = command_line.workers(),
                                                              .checkpoints = command_line.checkpoints(),
                                                              .state = command_line.state(),
                                                              .restart = command_line.restart(),
                                                              .parallelism = command_line.parallelism(),
                                                              .source_rate = command_line.source_rate()}));
  const bool suspends = command_line.checkpoints().outlive_process();
  signals.call([handle, suspends, with_savepoint = command_line.stops_with_savepoint(), quiet = command_line.quiet(),
                first = SteadyTime{}](int count) mutable {
    const SteadyTime now = SystemClock::instance().steady_now();
    if (count == 1) {
      first = now;
      if (!quiet) {
        say(suspends ? "suspending: sources are stopped, a last checkpoint is taken; another signal cancels"
                     : "stopping: sources are stopped, what is in flight comes out; another signal cancels");
      }
      suspends ? handle->suspend(with_savepoint) : handle->stop();
    } else if (now - first > same_wish) {
      handle->cancel();
    }
  });
  if (console) console->show(*handle);
  NoticeTeller notices(command_line.quiet(), command_line.checkpoints().tolerated_failures);
  notices.tell(*handle);
  accompany(*handle, command_line, notices);
  const JobResult result = handle->wait();
  notices.tell(*handle);  // before the last word
  console.reset();        // tells those who watch how it has ended
  return conclude(result, command_line.quiet(), suspends);
}

}  // namespace

int run(const Job& job, const CommandLine& command_line) {
  try {
    if (!command_line.explain().empty()) return print_plan(job, command_line);
    return run_to_the_end(job, command_line);
  } catch (const std::exception& error) {
    say(std::string("failed: ") + error.what());
  } catch (...) {
    say("failed: an exception that is no std::exception");
  }
  return failed;
}

int run(const Job& job, int argc, char** argv) {
  CommandLine command_line(job.name(), "Runs the job '" + job.name() + "'.");
  if (const auto exit_code = command_line.parse(argc, argv)) return *exit_code;
  return run(job, command_line);
}

}  // namespace streamwork
