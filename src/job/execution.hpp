// A job from its start to its end, through all restarts: the run at hand, its checkpoints, and who decides what comes next.
//
// A run that takes checkpoints is accompanied by one more thread, which does what the coordinator finds due and starts the
// job again after a failure. Other runs have none.
// Thread rule: any thread.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <streamwork/run.hpp>
#include <string>
#include <vector>

#include "checkpoint/checkpoint_directory.hpp"
#include "checkpoint/checkpoint_history.hpp"
#include "checkpoint/coordinator.hpp"
#include "checkpoint/history.hpp"
#include "checkpoint/restore.hpp"
#include "job/execution_gate.hpp"
#include "job/experiments.hpp"
#include "job/job_log.hpp"
#include "job/job_status.hpp"
#include "runtime/background_threads.hpp"
#include "runtime/job_run.hpp"
#include "runtime/monitor.hpp"

namespace streamwork::job {

class Execution {
 public:
  /// Starts the job; throws as `start` does.
  Execution(const Job& job, JobOptions options);
  Execution(const Execution&) = delete;
  Execution& operator=(const Execution&) = delete;
  /// Cancels what still runs, and waits for the threads.
  ~Execution();

  void stop();
  void suspend(bool with_savepoint);
  void take_savepoint();
  void rescale(const std::map<std::string, int>& parallelism);
  void cancel();
  bool running() const;
  JobResult wait();
  bool wait_for(std::chrono::nanoseconds timeout);
  JobMetrics metrics() const;
  std::vector<std::string> notices() const;

  // For those who show it.

  /// Open until this is destroyed.
  std::shared_ptr<ExecutionGate> gate() const { return gate_; }
  const JobOptions& options() const { return options_; }
  JobStatus status() const;
  std::vector<LogLine> log_after(std::uint64_t sequence) const { return log_.lines_after(sequence); }
  /// The last of them, oldest first.
  std::vector<FailureRecord> failures() const;
  /// The last of them, over all starts, oldest first.
  std::vector<checkpoint::CheckpointRecord> checkpoints() const;
  graph::ExecutionPlan plan() const;
  const Experiments& experiments() const { return experiments_; }
  /// Throw `ExperimentRefused`.
  void begin_experiment(std::size_t number);
  void end_experiment(std::size_t number);
  /// As of `Deployment`, of this start.
  std::vector<runtime::RefusedEvent> refused() const;
  /// As of `Deployment`. It ends with the tasks of this start.
  void view_edge(std::size_t edge, const runtime::Deployment::MakeViewer& make_viewer);

 private:
  enum class Wish : std::uint8_t { none, rescale, suspend, stop, cancel };
  /// One run with its coordinator, which outlives it.
  struct Run {
    ~Run() { end(); }
    void end();

    std::uint64_t number = 0;  ///< counts from 1
    bool ended = false;        ///< the checkpoint is of a job that had come to its end: there is nothing to run
    std::unique_ptr<checkpoint::Coordinator> coordinator;
    std::unique_ptr<runtime::JobRun> tasks;
  };
  using Lock = runtime::Monitor::Lock;

  std::shared_ptr<Run> prepare(bool restarting);
  std::shared_ptr<Run> prepare_from(const checkpoint::Restore& restore, checkpoint::NewHistory* new_history,
                                    bool restarting);
  void accompany();
  void drive(Run& run);
  bool begin_again(const JobResult& failed);
  bool begin_rescaled(JobResult& result);
  std::string begin_run();
  void note_delivery(const typed::JobStart& start);
  void wish(Wish wish);
  void fulfil(Run& run, Wish wish);
  void wake();
  void note(LogLevel level, const std::string& text);
  void note_failure(const std::string& message, bool restarted);

  /// Failures that are kept: more than a person reads.
  static constexpr std::size_t most_failure_records = 100;

  const Job job_;
  Experiments experiments_;
  JobOptions options_;
  const Clock& clock_;
  const std::uint64_t attempt_;
  const ProcessingTime started_;
  const std::shared_ptr<ExecutionGate> gate_ = std::make_shared<ExecutionGate>(*this);
  const std::shared_ptr<checkpoint::CheckpointHistory> history_ = std::make_shared<checkpoint::CheckpointHistory>();
  JobLog log_;
  std::shared_ptr<checkpoint::CheckpointDirectory> directory_;  // nullptr without checkpoints
  std::shared_ptr<typed::RowStores> row_stores_;                // nullptr if state is in memory

  const std::shared_ptr<SharedLocks> locks_ = std::make_shared<SharedLocks>();

  mutable runtime::Monitor monitor_;
  bool woken_ = false;
  Wish wish_ = Wish::none;
  bool with_savepoint_ = false;
  bool rescaling_ = false;                         ///< until the job has begun again
  std::map<std::string, int> parallelism_;         ///< instead of what the job says
  std::map<std::string, int> wanted_parallelism_;  ///< once it is rescaled
  std::shared_ptr<Run> run_;
  std::vector<std::string> notices_;
  std::vector<SteadyTime> failures_;
  std::deque<FailureRecord> failure_records_;
  bool restarting_ = false;
  bool ended_ = false;
  JobResult result_;  // once it has ended, if it was accompanied
  std::unique_ptr<runtime::BackgroundThreads> companion_;
};

}  // namespace streamwork::job
