// Running a job: inside a program of one's own (`start`), or as the whole program (`run`).
//
// Thread rule: every function of `JobHandle` may be called from any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <streamwork/clock.hpp>
#include <streamwork/errors.hpp>
#include <streamwork/job.hpp>
#include <streamwork/metrics.hpp>
#include <string>

namespace streamwork {

struct JobOptions {
  /// Number of worker threads; 0: one per core.
  int workers = 0;
  /// The time source; nullptr: the machine's clocks. Must outlive the job.
  const Clock* clock = nullptr;
};

namespace runtime {
class JobRun;
}

/// A job that was started. Destroying the handle cancels the job and waits for its threads.
class JobHandle {
 public:
  explicit JobHandle(std::unique_ptr<runtime::JobRun> run);
  JobHandle(JobHandle&&) noexcept;
  JobHandle& operator=(JobHandle&&) noexcept;
  ~JobHandle();

  /// Drains the job: sources give out no more, what is in flight comes out, sinks flush. Returns at once.
  void stop();
  /// Ends the job without delivering what is in flight. Returns at once.
  void cancel();
  /// True while a task is running.
  bool running() const;
  /// Waits until the job has ended, by itself or otherwise.
  JobResult wait();
  /// Waits for at most `timeout`; true if the job has ended.
  bool wait_for(std::chrono::nanoseconds timeout);
  JobMetrics metrics() const;

 private:
  std::unique_ptr<runtime::JobRun> run_;
};

/// Checks the job's graph and starts its threads.
/// Throws `GraphError` if the graph cannot run, and `VertexError` if a source cannot list its splits or a sink cannot
/// be prepared (a missing file, …); then nothing has been started.
JobHandle start(const Job& job, const JobOptions& options = {});

enum class ExplainFormat : std::uint8_t { text, json, dot };
/// The execution plan: vertices, chains, instances, groupings. Throws `GraphError`.
std::string explain(const Job& job, ExplainFormat format, const JobOptions& options = {});

class CommandLine;

/// Runs the job as a program: reads the options every job has (`--help` lists them), drains on SIGINT and SIGTERM (a
/// second one cancels), prints a summary on standard error when it ends. Standard output is left to the job's sinks, but
/// for `--help` and `--explain`, with which nothing is run.
/// While it runs, SIGPIPE is ignored; afterwards all dispositions are as before. Jobs that run at the same time in one
/// process all hear a signal.
/// Returns the exit code: 0 finished or drained, 1 failed, cancelled, or something could not be opened (the reason is on
/// standard error), 2 a mistake on the command line.
int run(const Job& job, int argc, char** argv);

/// As above, for a program that has parsed its own command line already.
int run(const Job& job, const CommandLine& command_line);

}  // namespace streamwork
