// Running a job: inside a program of one's own (`start`), or as the whole program (`run`).
//
// Thread rule: every function of `JobHandle` may be called from any thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <streamwork/checkpoint_options.hpp>
#include <streamwork/clock.hpp>
#include <streamwork/errors.hpp>
#include <streamwork/job.hpp>
#include <streamwork/metrics.hpp>
#include <streamwork/restart_policy.hpp>
#include <streamwork/state_options.hpp>
#include <string>
#include <vector>

namespace streamwork {

struct JobOptions {
  /// Number of worker threads; 0: one per core.
  int workers = 0;
  /// The time source; nullptr: the machine's clocks. Must outlive the job.
  const Clock* clock = nullptr;
  /// Whether and how the job survives.
  CheckpointOptions checkpoints{};
  /// Where it keeps the state of its keys.
  StateOptions state{};
  /// What becomes of the job when it fails; nothing: with checkpoints three restarts with back-off, otherwise none.
  std::optional<RestartPolicy> restart{};
  /// Instances of vertices, by name, instead of what the job says; those that run in one chain with them get as many.
  std::map<std::string, int> parallelism{};
  /// Events per second that each source brings in at most, all its instances together, counted from this start.
  std::optional<double> source_rate{};
};

class Console;
namespace job {
class Execution;
}

/// A job that was started. Destroying the handle cancels the job and waits for its threads.
class JobHandle {
 public:
  explicit JobHandle(std::unique_ptr<job::Execution> execution);
  JobHandle(JobHandle&&) noexcept;
  JobHandle& operator=(JobHandle&&) noexcept;
  ~JobHandle();

  /// Drains the job: sources give out no more, what is in flight comes out, sinks flush. Returns at once.
  void stop();
  /// Ends the job with a checkpoint from which it can go on: event time does not advance, nothing that is open comes out. Without
  /// checkpoints it is drained. Returns at once.
  /// `with_savepoint`: the checkpoint is a savepoint, which stays until somebody removes it.
  void suspend(bool with_savepoint = false);
  /// Takes a savepoint, a checkpoint that stays until somebody removes it. Returns at once; nothing happens without checkpoints.
  void take_savepoint();
  /// Goes on with so many instances of the vertices named (and of those that run in one chain with them), and all others as
  /// before: sources stop, a last checkpoint is taken, and the job starts again from it. Returns at once. If the state cannot be
  /// shared out that way, the job goes on as before, and `notices` says why.
  /// Throws `GraphError` if the job cannot run so, and `std::runtime_error` if it has no checkpoints or is just being started or
  /// stopped; then nothing is done.
  void rescale(const std::map<std::string, int>& parallelism);
  /// Ends the job without delivering what is in flight. Returns at once.
  void cancel();
  /// True while a task is running.
  bool running() const;
  /// Waits until the job has ended, by itself or otherwise.
  JobResult wait();
  /// Waits for at most `timeout`; true if the job has ended.
  bool wait_for(std::chrono::nanoseconds timeout);
  JobMetrics metrics() const;
  /// What a person should know about the start: checkpoints that could not be used, what the job's delivery really is.
  std::vector<std::string> notices() const;

 private:
  friend Console;
  std::unique_ptr<job::Execution> execution_;
};

/// Checks the job's graph and starts its threads.
/// Throws `GraphError` if the graph cannot run, and `VertexError` if a source cannot list its splits or a sink cannot
/// be prepared (a missing file, …), or state of the checkpoint to go on from does not fit; then nothing has been started.
JobHandle start(const Job& job, const JobOptions& options = {});

enum class ExplainFormat : std::uint8_t { text, json, dot };
/// The execution plan: vertices, chains, instances, groupings. Throws `GraphError`.
std::string explain(const Job& job, ExplainFormat format, const JobOptions& options = {});

class CommandLine;

/// Runs the job as a program: reads the options every job has (`--help` lists them), on SIGINT and SIGTERM suspends if there
/// are checkpoints and drains otherwise (a second signal cancels), prints a summary on standard error when it ends. Standard
/// output is left to the job's sinks, but for `--help` and `--explain`, with which nothing is run. A console is open while it
/// runs (console.hpp), unless `--console off` was given.
/// While it runs, SIGPIPE is ignored; afterwards all dispositions are as before. Jobs that run at the same time in one
/// process all hear a signal.
/// Returns the exit code: 0 finished, drained or suspended, 1 failed, cancelled, or something could not be opened (the reason is on
/// standard error), 2 a mistake on the command line.
int run(const Job& job, int argc, char** argv);

/// As above, for a program that has parsed its own command line already.
int run(const Job& job, const CommandLine& command_line);

}  // namespace streamwork
