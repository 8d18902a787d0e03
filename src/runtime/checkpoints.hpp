// What the tasks of a run ask and tell about checkpoints; the coordinator answers (src/checkpoint/).
//
// A source sends the barrier that is requested; every other task passes it on when it has come by all inputs. Each task
// gives in what its segments save, and lingers when its input has ended, until the last checkpoint is complete.
// Thread rule: any thread.
#pragma once

#include <memory>
#include <streamwork/typed/snapshot.hpp>

namespace streamwork::runtime {

class Task;

class Checkpoints {
 public:
  Checkpoints() = default;
  Checkpoints(const Checkpoints&) = delete;
  Checkpoints& operator=(const Checkpoints&) = delete;
  virtual ~Checkpoints() = default;

  /// True if they are kept; otherwise they are only taken where a sink commits, when the job ends.
  virtual bool kept() const = 0;
  /// What an earlier run left, or nullptr.
  virtual const typed::RestoredState* restored() const = 0;
  /// True if an input that brought a barrier is held back until all others have brought it too.
  virtual bool aligned() const = 0;
  /// The newest barrier that was asked for; checkpoint 0: none yet.
  virtual typed::Barrier requested() const = 0;
  /// The newest checkpoint that is complete: what it covers will never be asked for again.
  virtual std::uint64_t completed() const = 0;
  /// Something waits for the next checkpoint: it is begun as soon as it may be.
  virtual void wanted_soon() = 0;
  /// True when the last checkpoint is complete: tasks that linger may close.
  virtual bool over() const = 0;

  /// An input of the task has brought the barrier, the first of several.
  virtual void met(const Task& task, const typed::Barrier& barrier) = 0;
  /// Where a task's part of a checkpoint goes.
  virtual std::unique_ptr<typed::SnapshotTarget> begin(const Task& task, const typed::Barrier& barrier) = 0;
  /// The barrier has passed the task; what it did not save meanwhile it saves beside its work.
  virtual void passed(const Task& task, const typed::Barrier& barrier) = 0;
  /// The task has saved everything. A target that is dropped instead was given up.
  virtual void saved(const Task& task, std::unique_ptr<typed::SnapshotTarget> snapshot) = 0;
  /// The task's input has ended, and what came of it has been handed on.
  virtual void task_lingers(const Task& task) = 0;
};

}  // namespace streamwork::runtime
