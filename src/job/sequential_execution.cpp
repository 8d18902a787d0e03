// The test kit's way to run a whole job, with its checkpoints, in one thread.
#include <optional>
#include <streamwork/testing.hpp>
#include <utility>

#include "checkpoint/coordinator.hpp"
#include "checkpoint/restore.hpp"
#include "job/row_stores.hpp"
#include "runtime/sequential_run.hpp"

namespace streamwork::testing {

namespace {

JobResult run_with_checkpoints(const Job& job, const RunOptions& options, ManualClock& clock) {
  CheckpointOptions checkpoints = options.checkpoints;
  if (!checkpoints.file_system) checkpoints.file_system = RealFileSystem::instance();
  std::shared_ptr<checkpoint::CheckpointDirectory> directory;
  checkpoint::Restore restore;
  std::optional<checkpoint::NewHistory> new_history;
  if (!checkpoints.directory.empty()) {
    directory = std::make_shared<checkpoint::CheckpointDirectory>(checkpoints.file_system, checkpoints.directory);
    directory->claim();
    restore = checkpoint::find_restore(checkpoints, *directory);
    new_history.emplace(*directory, checkpoints);
  }
  if (restore.checkpoint) check_restore(*restore.checkpoint, job);

  checkpoint::Coordinator coordinator(checkpoints, directory, restore.checkpoint, clock, [] {});
  typed::JobStart start;
  start.restored = restore.checkpoint.get();
  start.row_stores = job::open_row_stores(options.state, checkpoints);
  start.keeps_checkpoints = directory != nullptr;
  start.checkpoint_interval = checkpoints.interval;
  start.sinks = sink_request(checkpoints, restore, false);
  start.sinks.attempt = options.seed;
  start.sinks.locks = std::make_shared<SharedLocks>();
  runtime::SequentialRun run(job, options, clock, &coordinator, start);
  if (restore.checkpoint) {
    const bool ended = restore.checkpoint->manifest().kind == checkpoint::Kind::ended;
    if (!ended) run.deployment().check_restored();
    recover_sinks(*restore.checkpoint, start.committers);
    if (ended) {
      new_history->keep();
      return {};
    }
  }
  if (new_history) new_history->keep();
  if (run.deployment().control().checkpoints() != nullptr) {
    const auto writer = run.background_work("snapshots", 1);
    const auto publisher = checkpoints.concurrent > 1 ? run.background_work("checkpoints", 1) : writer;
    coordinator.attach(run.deployment(), std::move(start.committers), writer, publisher);
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
