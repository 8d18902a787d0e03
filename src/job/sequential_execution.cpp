// The test kit's way to run a whole job, with its checkpoints, in one thread.
#include <memory>
#include <streamwork/testing.hpp>
#include <utility>

#include "checkpoint/coordinator.hpp"
#include "checkpoint/restore.hpp"
#include "job/row_stores.hpp"
#include "runtime/sequential_run.hpp"

namespace streamwork::testing {

namespace {

/// A run that is ready, and what it was told.
struct Start {
  std::unique_ptr<checkpoint::Coordinator> coordinator;
  typed::JobStart told;
  std::unique_ptr<runtime::SequentialRun> run;
};

Start prepare(const Job& job, const RunOptions& options, const CheckpointOptions& checkpoints, ManualClock& clock,
              const std::shared_ptr<checkpoint::CheckpointDirectory>& directory, const checkpoint::Restore& restore) {
  if (restore.checkpoint) check_restore(*restore.checkpoint, job);
  Start start;
  start.coordinator =
      std::make_unique<checkpoint::Coordinator>(checkpoints, directory, restore.checkpoint, clock, [] {});
  start.told.restored = restore.checkpoint.get();
  start.told.row_stores = job::open_row_stores(options.state, checkpoints);
  start.told.keeps_checkpoints = directory != nullptr;
  start.told.checkpoint_interval = checkpoints.interval;
  start.told.sinks = sink_request(checkpoints, restore, false);
  start.told.sinks.attempt = options.seed;
  start.told.sinks.locks = std::make_shared<SharedLocks>();
  start.run = std::make_unique<runtime::SequentialRun>(job, options, clock, start.coordinator.get(), start.told);
  if (restore.checkpoint && !start.told.ended()) start.run->deployment().check_restored();
  if (restore.checkpoint) recover_sinks(*restore.checkpoint, start.told.committers);
  return start;
}

JobResult run_with_checkpoints(const Job& job, const RunOptions& options, ManualClock& clock) {
  CheckpointOptions checkpoints = options.checkpoints;
  if (!checkpoints.file_system) checkpoints.file_system = RealFileSystem::instance();
  std::shared_ptr<checkpoint::CheckpointDirectory> directory;
  Start start;
  if (checkpoints.directory.empty()) {
    start = prepare(job, options, checkpoints, clock, nullptr, {});
  } else {
    directory = std::make_shared<checkpoint::CheckpointDirectory>(checkpoints.file_system, checkpoints.directory);
    directory->claim();
    prepare_start(checkpoints, *directory, [&](const checkpoint::Restore& restore, checkpoint::NewHistory& history) {
      start = prepare(job, options, checkpoints, clock, directory, restore);
      history.keep();
    });
  }
  checkpoint::Coordinator& coordinator = *start.coordinator;
  runtime::SequentialRun& run = *start.run;
  if (start.told.ended()) return {};
  if (run.deployment().control().checkpoints() != nullptr) {
    const auto writer = run.background_work("snapshots", 1);
    const auto publisher = checkpoints.concurrent > 1 ? run.background_work("checkpoints", 1) : writer;
    coordinator.attach(run.deployment(), std::move(start.told.committers), writer, publisher);
    run.accompany([&] { return coordinator.act(); }, [&] { coordinator.suspend(false); });
  }
  JobResult result = run.run();
  coordinator.close();
  result.metrics.checkpoints = coordinator.metrics();
  return result;
}

}  // namespace

JobResult run(const Job& job, const RunOptions& options) {
  ManualClock own;
  return run_with_checkpoints(job, options, options.clock != nullptr ? *options.clock : own);
}

}  // namespace streamwork::testing
