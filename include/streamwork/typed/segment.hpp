// The border between compiled user code and the runtime: a segment, erased to a few virtual calls per batch.
//
// A segment is a loop that the compiler made from a source or an incoming batch, the stateless stages behind it and
// what ends them (DESIGN 4.1). A task runs the segments of its chain. The calls are resumable: `false` always means
// "not finished, call me again", with the reason left in the task's context; nothing is lost or done twice in between.
// Thread rule: everything here belongs to the one task that runs it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <streamwork/clock.hpp>
#include <streamwork/typed/background_work.hpp>
#include <streamwork/typed/batch.hpp>
#include <streamwork/typed/counters.hpp>
#include <streamwork/typed/edge_meter.hpp>
#include <streamwork/typed/snapshot.hpp>
#include <string>
#include <vector>

namespace streamwork::typed {

/// Why a task cannot go on. The runtime accounts the time of a task under it.
enum class WaitReason : std::uint8_t {
  none,     ///< it can: its time slice was over
  input,    ///< no input: idle
  output,   ///< the channel of an exchange is full: blocked by its consumer
  outside,  ///< what a sink writes to does not take more at the moment
  calls,    ///< as many calls to a service are under way as may be
};

class Segment;
class EventTimeLeads;

/// What a segment sees of the task that runs it.
class TaskContext {
 public:
  TaskContext() = default;
  TaskContext(const TaskContext&) = delete;
  TaskContext& operator=(const TaskContext&) = delete;
  virtual ~TaskContext() = default;

  virtual const Clock& clock() const = 0;
  /// True when the task has used up its slice (about 1 ms) and must return at its next resting place, once per batch.
  virtual bool time_is_up() = 0;
  /// True when this start of the job is being wound down: sources give out no more.
  virtual bool stop_requested() const = 0;
  /// Runs the task again at `time` at the latest.
  virtual void wake_at(SteadyTime time) = 0;
  /// Runs the task again as soon as the file descriptor can be read (or written).
  virtual void wake_when_readable(int descriptor) = 0;
  virtual void wake_when_writable(int descriptor) = 0;
  /// Runs the task again. Any thread, as long as the task lives.
  virtual void wake() = 0;
  /// Threads for work that must not hold up the worker; they live as long as the task. Called while a segment is opened.
  virtual std::shared_ptr<BackgroundWork> background_work(const std::string& name, int threads) = 0;

  /// True if this run takes checkpoints: what cannot be saved is refused when it is opened.
  virtual bool takes_checkpoints() const { return false; }
  /// Where the snapshot of the barrier at hand goes. REQUIRES: a barrier is being acted upon, or its saving goes on.
  virtual SnapshotTarget& snapshot() { throw std::logic_error("this task takes no snapshots"); }
  /// The newest checkpoint that is complete and committed.
  virtual std::uint64_t completed_checkpoint() const { return 0; }
  /// Something waits for the next checkpoint to be complete.
  virtual void request_checkpoint() {}
  /// What an earlier run left, or nullptr if the job begins anew.
  virtual const RestoredState* restored() const { return nullptr; }

  /// What limits how far sources are apart in event time; nullptr: nothing.
  virtual EventTimeLeads* event_time_leads() { return nullptr; }
  /// Where rows of keyed state are that are not in memory; nullptr: all are in memory.
  virtual std::shared_ptr<RowStores> row_stores() const { return nullptr; }

  /// Says why the current call returns `false`. `exchange` is the index of the exchange for `WaitReason::output`.
  void wait_for(WaitReason reason, int exchange = -1) {
    wait_reason_ = reason;
    wait_exchange_ = exchange;
  }
  /// The current call returns `false` until `caller` has had replies. What is behind it settles meanwhile.
  void wait_for_calls(const Segment& caller) {
    wait_for(WaitReason::calls);
    caller_ = &caller;
  }
  WaitReason wait_reason() const { return wait_reason_; }
  int wait_exchange() const { return wait_exchange_; }
  /// True while segments settle although there is input, held up by calls: it is not idle.
  bool input_held_up() const { return input_held_up_; }

 protected:
  const Segment* caller() const { return caller_; }
  void set_input_held_up(bool held_up) { input_held_up_ = held_up; }

 private:
  WaitReason wait_reason_ = WaitReason::none;
  int wait_exchange_ = -1;
  const Segment* caller_ = nullptr;
  bool input_held_up_ = false;
};

/// Where one vertex' instance stands, for contexts, counters and messages.
struct VertexInstance {
  std::string name;
  std::int64_t instance = 0;
  std::int64_t parallelism = 1;
  std::shared_ptr<VertexCounters> counters;
};

class Segment {
 public:
  Segment() = default;
  Segment(const Segment&) = delete;
  Segment& operator=(const Segment&) = delete;
  virtual ~Segment() = default;

  /// Called before anything runs, if the job goes on from a checkpoint: throws `StateMismatch`, with the vertex, if the
  /// state in there does not fit. True: it has opened user code to see that, and is closed also if it is never opened itself.
  virtual bool check_restored(TaskContext&) { return false; }
  /// Called once, consumers before producers, before any event.
  virtual void open(TaskContext& task) = 0;
  /// Gives the segment a batch to work on, from its input number `input`. It stays the caller's, untouched until
  /// `advance` has returned true. `last_user`: nobody reads it afterwards, so events may be moved out. REQUIRES: the
  /// last batch is used up.
  virtual void accept(BatchBase& batch, std::size_t input, bool last_user) = 0;
  /// Goes on until what was accepted is used up and handed to the consumers in the same task.
  virtual bool advance() = 0;
  /// The task is about to wait for input: hands over what is kept back for fuller batches, flushes sinks.
  virtual bool settle() = 0;
  /// A barrier has passed, and the segment has more to save than it could at once: saves some of it, for a small part of a
  /// slice. True: nothing is left. Called until it returns true, between batches.
  virtual bool save_more() { return true; }
  /// Input has ended: emits what is left, flushes, tells the channels. Called until it returns true, producers first.
  /// Barriers may still come afterwards.
  virtual bool finish() = 0;
  /// Called once, after `finish`, or after a failure if `open` was called. Gives back what the user code holds.
  virtual void close() = 0;
};

enum class ReadStatus : std::uint8_t {
  more,     ///< there is (or may be) more right now
  waiting,  ///< nothing at the moment; the reader has arranged to be woken
  idle,     ///< as `waiting`, and the reader knows that it may take long: it does not hold event time back meanwhile
  ended,    ///< there will never be more
};

/// A segment that begins with a source.
class SourceSegment : public Segment {
 public:
  void accept(BatchBase&, std::size_t, bool) final {}
  /// After `advance` returned true: whether there is more to read.
  virtual ReadStatus status() const = 0;
  /// Saves where the splits stand and sends the barrier on. Called until it returns true. REQUIRES: `advance` returned true.
  virtual bool cut(const Barrier& barrier) = 0;
  /// Sends a latency marker on, unless there is no room at the moment. REQUIRES: `advance` returned true.
  virtual void mark_latency(const LatencyMark& mark) = 0;
  /// This checkpoint, and so everything that it covers, will not be undone.
  virtual void completed(std::uint64_t checkpoint) = 0;
};

/// Hands a batch to several segments of the same task, one after the other, and remembers how far it came.
class TaskDelivery {
 public:
  /// What is delivered is the consumer's input number `input`.
  void add_consumer(Segment& consumer, std::size_t input);
  bool has_consumers() const { return !consumers_.empty(); }
  bool under_way() const { return under_way_; }

  /// Starts or goes on with a delivery. True: every consumer has used up the batch.
  bool deliver(BatchBase& batch);

 private:
  struct Consumer {
    Segment* segment;
    std::size_t input;
  };

  void offer(BatchBase& batch);

  std::vector<Consumer> consumers_;
  std::size_t next_ = 0;
  bool under_way_ = false;
};

/// The producer's end of a way to one consumer instance; the in-memory channel is one, a call inside the task another.
class BatchLane {
 public:
  BatchLane() = default;
  BatchLane(const BatchLane&) = delete;
  BatchLane& operator=(const BatchLane&) = delete;
  virtual ~BatchLane() = default;

  /// Hands the batch over; then `batch` is an empty one to go on with. False: not now, `batch` is unchanged.
  virtual bool hand_over(BatchBase*& batch) = 0;
  /// True if the consumer has nothing to do: it is given even a small batch.
  virtual bool consumer_waits() const = 0;
};

/// An output of a segment as the runtime sees it when it wires a task.
class OutputPort {
 public:
  OutputPort() = default;
  OutputPort(const OutputPort&) = delete;
  OutputPort& operator=(const OutputPort&) = delete;
  virtual ~OutputPort() = default;
};

/// An output whose batches go to consumers in the same task.
class TaskPort : public OutputPort {
 public:
  virtual void add_consumer(Segment& consumer, std::size_t input) = 0;
  /// Where its batches pass.
  virtual EdgeMeter& meter() = 0;
};

/// An output that distributes events over the instances behind an exchange.
class ExchangePort : public OutputPort {
 public:
  /// Lanes are added in the order of the consumer's instances. `first_batch` is the one to fill first.
  virtual void add_lane(BatchLane& lane, BatchBase& first_batch) = 0;
};

/// A segment instance with its outputs, as a factory makes it.
struct BuiltSegment {
  BuiltSegment();
  BuiltSegment(BuiltSegment&&) noexcept;
  BuiltSegment& operator=(BuiltSegment&&) noexcept;
  ~BuiltSegment();

  std::unique_ptr<Segment> segment;
  SourceSegment* source = nullptr;                              ///< the same segment, if it begins with a source
  TaskPort* main = nullptr;                                     ///< the main output inside the task, if there is one
  ExchangePort* exchange = nullptr;                             ///< the exchange it ends in, if it does
  std::vector<std::pair<std::string, TaskPort*>> side_outputs;  ///< by name, for those that are consumed
  bool makes_calls = false;      ///< something comes back to it at any time: it also settles between two batches
  bool holds_nobody_up = false;  ///< takes events also while those behind it take none
};

}  // namespace streamwork::typed
