#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <memory>
#include <streamwork/command_line.hpp>
#include <streamwork/run.hpp>

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

void say(const std::string& text) {
  std::fputs((text + "\n").c_str(), stderr);
  std::fflush(stderr);
}

int print_plan(const Job& job, const CommandLine& command_line) {
  const auto format = command_line.explain() == "json"  ? ExplainFormat::json
                      : command_line.explain() == "dot" ? ExplainFormat::dot
                                                        : ExplainFormat::text;
  const std::string plan = explain(job, format, {.workers = command_line.workers()});
  if (std::fputs(plan.c_str(), stdout) >= 0 && std::fflush(stdout) == 0) return finished;
  say("failed: the execution plan could not be written to standard output");
  return failed;
}

/// Prints the status line and drains in time, until the job has ended.
void accompany(JobHandle& handle, const CommandLine& command_line) {
  const Clock& clock = SystemClock::instance();
  const SteadyTime start = clock.steady_now();
  const auto running_time =
      std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(command_line.seconds()));
  SteadyTime drain_at = running_time > 0ns ? start + running_time : SteadyTime::max();
  SteadyTime tell_at = command_line.status() ? start + 1s : SteadyTime::max();
  JobMetrics before = handle.metrics();
  while (true) {
    const SteadyTime next = std::min(drain_at, tell_at);
    if (next == SteadyTime::max()) return;  // nothing to do but wait
    if (handle.wait_for(next - clock.steady_now())) return;
    if (next == tell_at) {
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

int conclude(const JobResult& result, bool quiet) {
  if (!quiet) std::fputs(summary_table(result.metrics).c_str(), stderr);
  switch (result.end) {
    case JobEnd::finished:
      return finished;
    case JobEnd::failed:
      say("failed: " + result.failure);
      return failed;
    case JobEnd::cancelled:
      say("cancelled: what was in flight is lost");
      return failed;
  }
  return failed;
}

int run_to_the_end(const Job& job, const CommandLine& command_line) {
  runtime::SignalWatch signals;  // before the first thread of the job, which may write to a broken pipe
  const auto handle = std::make_shared<JobHandle>(start(job, {.workers = command_line.workers()}));
  signals.call([handle, quiet = command_line.quiet(), first = SteadyTime{}](int count) mutable {
    const SteadyTime now = SystemClock::instance().steady_now();
    if (count == 1) {
      first = now;
      if (!quiet) say("stopping: sources are stopped, what is in flight comes out; another signal cancels");
      handle->stop();
    } else if (now - first > same_wish) {
      handle->cancel();
    }
  });
  accompany(*handle, command_line);
  return conclude(handle->wait(), command_line.quiet());
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
