// What an execution does before its tasks run: it finds what to go on from, makes tasks, and settles what sinks have prepared.
#include <algorithm>
#include <streamwork/duration_text.hpp>
#include <streamwork/errors.hpp>
#include <utility>

#include "checkpoint/restore.hpp"
#include "graph/rescaled.hpp"
#include "job/execution.hpp"

namespace streamwork::job {

namespace {

/// Where a source delivers less than was asked for, and why; empty: it does not.
std::string delivery_note(typed::SourceMemory memory, Delivery wanted, bool keeps_checkpoints) {
  if (wanted == Delivery::at_most_once) return {};
  switch (memory) {
    case typed::SourceMemory::replays:
      break;
    case typed::SourceMemory::forgets:
      if (keeps_checkpoints) return "cannot read again what it has read: at most once from there";
      break;
    case typed::SourceMemory::recognises:
    case typed::SourceMemory::acknowledges:
      if (!keeps_checkpoints)
        return "acknowledges what it has handed on, since there are no checkpoints: at most once from there";
      if (wanted == Delivery::exactly_once && memory == typed::SourceMemory::acknowledges)
        return "does not know events again whose acknowledgement was lost: at least once from there";
      break;
  }
  return {};
}

/// What the job goes on from, and how old that is.
std::string origin_note(const checkpoint::Manifest& manifest, ProcessingTime now) {
  const auto age = std::chrono::floor<std::chrono::seconds>(now - manifest.created);
  return std::string("goes on from ") + (manifest.kind == checkpoint::Kind::savepoint ? "savepoint " : "checkpoint ") +
         std::to_string(manifest.number) + ", taken " + duration_text(std::max(age, std::chrono::seconds(0))) + " ago";
}

}  // namespace

/// Makes a run ready to start, from the checkpoint it goes on from.
std::shared_ptr<Execution::Run> Execution::prepare(bool restarting) {
  if (!directory_) return prepare_from({}, nullptr, restarting);
  // A restart goes on from what this execution has taken, whatever it began with.
  CheckpointOptions wanted = options_.checkpoints;
  if (restarting && run_->coordinator->metrics().completed > 0) wanted.restore = "latest";
  std::shared_ptr<Run> run;
  prepare_start(wanted, *directory_, [&](const checkpoint::Restore& restore, checkpoint::NewHistory& new_history) {
    {
      const Lock lock = monitor_.lock();
      for (const std::string& warning : restore.warnings) note(LogLevel::warning, warning);
      if (!restarting) {  // a restart has just left them itself
        for (const std::string& text : restore.notes) note(LogLevel::info, text);
      }
    }
    run = prepare_from(restore, &new_history, restarting);
  });
  return run;
}

/// `new_history`: nullptr if there are no checkpoints.
std::shared_ptr<Execution::Run> Execution::prepare_from(const checkpoint::Restore& restore,
                                                        checkpoint::NewHistory* new_history, bool restarting) {
  const CheckpointOptions& checkpoints = options_.checkpoints;
  const Job job(graph::rescaled(job_.graph(), parallelism_));
  if (restore.checkpoint) check_restore(*restore.checkpoint, job);

  auto run = std::make_shared<Run>();
  run->coordinator = std::make_unique<checkpoint::Coordinator>(
      checkpoints, directory_, restore.checkpoint, clock_, [this] { wake(); }, history_);
  run->number = history_->runs();
  typed::JobStart start;
  start.restored = restore.checkpoint.get();
  start.row_stores = row_stores_;
  start.source_rate = options_.source_rate;
  start.keeps_checkpoints = directory_ != nullptr;
  start.checkpoint_interval = checkpoints.interval;
  start.sinks = sink_request(checkpoints, restore, restarting);
  start.sinks.attempt = attempt_ + run->number;
  start.sinks.locks = locks_;
  start.sinks.note = [this](const std::string& text) {
    const Lock lock = monitor_.lock();
    note(LogLevel::info, text);
  };
  run->tasks = std::make_unique<runtime::JobRun>(job, options_, run->coordinator.get(), start);
  run->ended = start.ended();
  if (restore.checkpoint && !run->ended) run->tasks->deployment().check_restored();
  if (restore.checkpoint) recover_sinks(*restore.checkpoint, start.committers);
  if (new_history) new_history->keep();
  if (run->ended) {
    const Lock lock = monitor_.lock();
    note(LogLevel::info, "the job has ended before: there is nothing left to do");
    return run;
  }
  if (!restarting) note_delivery(start);
  if (run->tasks->deployment().control().checkpoints() != nullptr) {
    const auto writer = std::make_shared<runtime::BackgroundThreads>("snapshots", 1);
    const auto publisher =
        checkpoints.concurrent > 1 ? std::make_shared<runtime::BackgroundThreads>("checkpoints", 1) : writer;
    run->coordinator->attach(run->tasks->deployment(), std::move(start.committers), writer, publisher);
  }
  if (restore.checkpoint) {
    const Lock lock = monitor_.lock();
    note(LogLevel::info, origin_note(restore.checkpoint->manifest(), clock_.now()));
  }
  return run;
}

/// Says where the job delivers less than it was asked for.
void Execution::note_delivery(const typed::JobStart& start) {
  const Lock lock = monitor_.lock();
  for (const auto& [vertex, memory] : start.sources) {
    const std::string less = delivery_note(memory, options_.checkpoints.delivery, start.keeps_checkpoints);
    if (!less.empty()) note(LogLevel::info, "delivery: source '" + vertex + "' " + less);
  }
  for (const std::string& vertex : start.shedders)
    note(LogLevel::info,
         "delivery: '" + vertex + "' drops events when those behind it do not keep up, and counts them");
  if (options_.checkpoints.delivery != Delivery::exactly_once || !directory_) return;
  for (const std::string& vertex : start.plain_sinks)
    note(LogLevel::info, "delivery: sink '" + vertex +
                             "' is not transactional: after a failure results may come out again, at least once there");
}

}  // namespace streamwork::job
