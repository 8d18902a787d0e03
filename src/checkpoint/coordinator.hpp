// Takes the checkpoints of one run: decides when, asks the sources for barriers, gathers what the tasks save, publishes, and
// has the sinks commit (DESIGN 6).
//
// It has no thread of its own: whoever runs the job calls `act` when it is due and whenever `changed` was called; files are
// written by background work. Several checkpoints may be in flight: all tasks have saved their parts of one before the barrier
// of the next is asked for, so that a task has to do with one at a time; what is written and published overlaps.
// Thread rule: any thread; `act` by one at a time.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <streamwork/checkpoint_options.hpp>
#include <streamwork/sink.hpp>
#include <string>
#include <vector>

#include "checkpoint/checkpoint_directory.hpp"
#include "checkpoint/checkpoint_history.hpp"
#include "checkpoint/task_snapshot.hpp"
#include "runtime/checkpoints.hpp"
#include "runtime/deployment.hpp"
#include "runtime/monitor.hpp"

namespace streamwork::checkpoint {

class Coordinator final : public runtime::Checkpoints {
 public:
  /// `restored`: what the run goes on from, or nullptr. `changed` is called when `act` should be. What becomes of the
  /// checkpoints is noted in `history`, if there is one.
  Coordinator(const CheckpointOptions& options, std::shared_ptr<CheckpointDirectory> directory,
              std::shared_ptr<const typed::RestoredState> restored, const Clock& clock, std::function<void()> changed,
              std::shared_ptr<CheckpointHistory> history = std::make_shared<CheckpointHistory>());
  ~Coordinator() override;

  /// The tasks it works for, not yet running, the sinks to commit, who writes what they save, and who reserves numbers and
  /// publishes: the same, or, if several may be in flight, another, which does not wait for what is being written.
  void attach(runtime::Deployment& deployment, std::vector<std::shared_ptr<typed::SinkCommitter>> committers,
              std::shared_ptr<typed::BackgroundWork> writer, std::shared_ptr<typed::BackgroundWork> publisher);
  /// Waits for what is being written; nothing is begun any more. REQUIRES: no task runs, and `act` is not called again.
  void close() {
    writer_.reset();
    publisher_.reset();
  }

  /// Does what is due. Returns when it is due again at the latest.
  SteadyTime act();
  /// Ends the job with a checkpoint from which it can go on, instead of letting its input end.
  void suspend(bool with_savepoint);
  /// The last checkpoint is complete, and the job had not ended by itself before.
  bool suspended() const;
  /// So many checkpoints have failed that the job was ended for it.
  bool gave_up() const { return gave_up_.load(); }
  /// Takes a savepoint as soon as possible.
  void take_savepoint();

  CheckpointMetrics metrics() const;

  // runtime::Checkpoints

  bool kept() const override { return directory_ != nullptr; }
  const typed::RestoredState* restored() const override { return restored_.get(); }
  bool aligned() const override { return options_.delivery == Delivery::exactly_once; }
  typed::Barrier requested() const override;
  std::uint64_t completed() const override { return completed_.load(); }
  bool over() const override { return over_.load(); }
  void wanted_soon() override;
  void met(const runtime::Task& task, const typed::Barrier& barrier) override;
  std::unique_ptr<typed::SnapshotTarget> begin(const runtime::Task& task, const typed::Barrier& barrier) override;
  void passed(const runtime::Task& task, const typed::Barrier& barrier) override;
  void saved(const runtime::Task& task, std::unique_ptr<typed::SnapshotTarget> snapshot) override;
  void task_lingers(const runtime::Task& task) override;

 private:
  enum class Stage : std::uint8_t {
    reserving,   ///< a number is being made durable
    gathering,   ///< the barrier is under way, tasks save, what they have saved is written
    publishing,  ///< everything is written; the manifest is, sinks commit
  };
  /// A checkpoint in flight.
  struct Attempt {
    Stage stage = Stage::reserving;
    Kind kind = Kind::checkpoint;
    bool last = false;  ///< nothing comes behind its barrier
    Manifest manifest{};
    SteadyTime begun{};
    std::size_t tasks_to_save = 0;
    std::size_t tasks_to_write = 0;
    std::uint64_t new_bytes = 0;
    std::string failure{};  ///< why it will not be complete
  };

  Attempt* find(std::uint64_t number);
  void give_up_failed(SteadyTime now);
  void publish_oldest();
  bool may_begin() const;
  bool ending() const;
  std::optional<Kind> due(SteadyTime now) const;
  SteadyTime next_checkpoint() const;
  SteadyTime next_look() const;
  /// Behind the last barrier nothing comes that its state would count twice.
  bool keeps_state(const typed::Barrier& barrier) const {
    return options_.delivery != Delivery::at_most_once || barrier.last;
  }
  void begin(Kind kind, SteadyTime now);
  void reserve(Kind kind);
  void written(std::uint64_t number, WrittenSnapshot snapshot);
  void publish();
  void commit(const Manifest& manifest);
  void remove_superfluous();
  void conclude();
  void give_up(const Attempt& attempt, SteadyTime now);
  std::string what_is_kept() const;
  void fail_job(const std::string& reason);
  void add_vertices(Manifest& manifest) const;

  const CheckpointOptions options_;
  const std::shared_ptr<CheckpointDirectory> directory_;  // nullptr: checkpoints are not kept, sinks commit at the end
  const std::shared_ptr<const typed::RestoredState> restored_;
  const Clock& clock_;
  const std::function<void()> changed_;
  const std::size_t most_in_flight_;
  const std::shared_ptr<CheckpointHistory> history_;
  const std::shared_ptr<std::atomic<std::size_t>> queued_bytes_ = std::make_shared<std::atomic<std::size_t>>(0);
  const std::shared_ptr<runtime::Monitor> sinks_ = std::make_shared<runtime::Monitor>();  ///< held while one is called
  runtime::Deployment* deployment_ = nullptr;
  std::vector<std::shared_ptr<typed::SinkCommitter>> committers_;

  runtime::Monitor monitor_;
  std::deque<Attempt> in_flight_;  ///< in the order in which they were begun
  bool done_ = false;              ///< nothing is begun any more
  SteadyTime next_due_{};
  std::size_t lingering_ = 0;  ///< tasks whose input has ended
  bool suspending_ = false;
  bool suspended_ = false;
  bool suspends_with_savepoint_ = false;
  bool savepoint_asked_ = false;
  bool wanted_soon_ = false;  ///< by a source that has read all it had reserved
  SteadyTime may_begin_{};    ///< the minimum pause is over
  std::atomic<bool> gave_up_ = false;
  CheckpointMetrics metrics_;
  std::uint64_t last_number_ = 0;  // if checkpoints are not kept

  std::atomic<std::uint64_t> requested_{0};  ///< number of the barrier, doubled, plus 1 for the last one
  std::atomic<std::uint64_t> completed_{0};
  std::atomic<bool> over_{false};
  // Destroyed first, so that no work finds the rest gone.
  std::shared_ptr<typed::BackgroundWork> publisher_;
  std::shared_ptr<typed::BackgroundWork> writer_;
};

}  // namespace streamwork::checkpoint
