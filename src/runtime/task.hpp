// A task: one parallel instance of a chain, with its inputs, its life and its clockwork.
//
// A task is run in slices of about a millisecond by whoever hosts it (a worker thread, or the sequential scheduler of a
// test). It never blocks: it returns with a reason, and is made ready again by what it waits for.
// Thread rule: `run` by the host's thread only; `wake` and the readings by any thread.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <streamwork/clock.hpp>
#include <streamwork/metrics.hpp>
#include <streamwork/typed/segment.hpp>
#include <streamwork/typed/watermark_merger.hpp>
#include <string>
#include <vector>

#include "runtime/channel.hpp"
#include "runtime/checkpoints.hpp"
#include "runtime/job_control.hpp"

namespace streamwork::runtime {

/// What runs tasks: wakes its thread, keeps its timers.
class TaskHost {
 public:
  TaskHost() = default;
  TaskHost(const TaskHost&) = delete;
  TaskHost& operator=(const TaskHost&) = delete;
  virtual ~TaskHost() = default;

  /// One of the host's tasks has become ready. Any thread.
  virtual void task_ready() = 0;
  /// Whether a slice that began at `start` is over.
  virtual bool slice_is_over(SteadyTime start) = 0;
  virtual void watch_readable(Task& task, int descriptor) = 0;
  virtual void watch_writable(Task& task, int descriptor) = 0;
  virtual std::shared_ptr<typed::BackgroundWork> background_work(const std::string& name, int threads) = 0;
};

class Task final : public typed::TaskContext {
 public:
  /// The life of a task. Each step is tried, and may take several calls of `run`.
  enum class Life : std::uint8_t {
    opening,    ///< user code is opened, consumers before producers
    running,    ///< takes input and hands on results
    attending,  ///< between two batches: segments that make calls take what has come back
    awaiting,   ///< about to wait for calls, with input at hand: what is behind the segment that makes them settles
    settling,   ///< no input at the moment: hands on what was kept back for fuller batches, flushes sinks
    finishing,  ///< input has ended: last results, end markers
    lingering,  ///< has nothing left to do; barriers pass through it until the last checkpoint is complete
    closing,    ///< user code gives back what it holds
    ended,
  };
  enum class Outcome : std::uint8_t {
    again,    ///< the slice is over, there is more to do
    waiting,  ///< until it is woken
    ended,
  };

  Task(int chain, std::int64_t instance, JobControl& control)
      : chain_(chain), instance_(instance), control_(control), checkpoints_(control.checkpoints()) {}
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;
  ~Task() override { close_checked(); }

  // Wiring, before the first run.

  void set_host(TaskHost& host) { host_ = &host; }
  /// Of a task that begins with a source: its vertex, by which latency markers know where they are from.
  void set_source(int vertex, std::shared_ptr<const typed::VertexCounters> counters) {
    source_ = vertex;
    source_counters_ = std::move(counters);
  }
  /// In the order of the chain: producers before consumers.
  void add_segment(typed::BuiltSegment built) {
    if (built.makes_calls) callers_.push_back(built.segment.get());
    if (built.holds_nobody_up) decoupled_ = std::min(decoupled_, segments_.size() + 1);
    segments_.push_back(std::move(built));
  }
  std::vector<typed::BuiltSegment>& segments() { return segments_; }
  /// The place where batches of an exchange come in; made at the first call.
  typed::TaskDelivery& entry(int exchange);
  void add_input(int exchange, Channel& channel);
  void keep(std::unique_ptr<typed::BatchLane> lane, std::unique_ptr<typed::BatchBase> batch);
  /// Throws `StateMismatch` as its segments do, by which some of them are opened already.
  void check_restored();

  // For the host.

  Outcome run();
  /// True once after each time the task became ready.
  bool take_ready() { return ready_.exchange(false); }
  bool ready() const { return ready_.load(); }
  /// When it wants to be woken at the latest; `SteadyTime::max()`: by others only.
  SteadyTime wake_time() const { return wake_time_; }

  // For any thread.

  void wake() override {
    if (!ready_.load(std::memory_order_relaxed)) ready_since_.store(clock().steady_now(), std::memory_order_relaxed);
    if (!ready_.exchange(true)) host_->task_ready();
  }
  int chain() const { return chain_; }
  std::int64_t instance() const { return instance_; }
  TimeShares times() const;
  /// The task whose events hold event time back at this one, or nullptr.
  const Task* held_back_by() const;
  /// What it has come to on the input from an exchange; `beginning_of_time` if it has none.
  EventTime watermark_of(int exchange) const;
  /// Time it has been blocked by the consumers of an exchange.
  std::chrono::nanoseconds blocked_by(int exchange) const;
  void set_exchanges(std::size_t count) { blocked_by_ = std::vector<std::atomic<std::int64_t>>(count); }

  // TaskContext

  const Clock& clock() const override { return control_.clock(); }
  bool time_is_up() override;
  bool stop_requested() const override { return control_.stop_requested(); }
  void wake_at(SteadyTime time) override { wake_time_ = std::min(wake_time_, time); }
  void wake_when_readable(int descriptor) override { host_->watch_readable(*this, descriptor); }
  void wake_when_writable(int descriptor) override { host_->watch_writable(*this, descriptor); }
  std::shared_ptr<typed::BackgroundWork> background_work(const std::string& name, int threads) override {
    return background_.emplace_back(host_->background_work(name, threads));
  }
  bool takes_checkpoints() const override { return checkpoints_ != nullptr; }
  typed::SnapshotTarget& snapshot() override { return *snapshot_; }
  std::uint64_t completed_checkpoint() const override { return checkpoints_->completed(); }
  void request_checkpoint() override {
    if (checkpoints_ != nullptr) checkpoints_->wanted_soon();
  }
  const typed::RestoredState* restored() const override;
  std::shared_ptr<typed::RowStores> row_stores() const override { return control_.row_stores(); }
  typed::EventTimeLeads* event_time_leads() override { return &control_.event_time_leads(); }

 private:
  struct Entry {
    explicit Entry(int number) : exchange(number) {}
    int exchange;
    typed::TaskDelivery delivery;
    typed::WatermarkMerger merger;  ///< over the channels of the exchange
    std::size_t channels = 0;
    // The barrier at hand: how many channels have brought it, and the batch that carries it on when all have.
    std::size_t met = 0;
    typed::BatchBase* barrier_batch = nullptr;
    Channel* barrier_channel = nullptr;
    // What it has come to, for whoever asks.
    typed::EventTimeGauge watermark;
    std::atomic<int> holder{0};
  };
  struct Input {
    Channel* channel;
    std::size_t entry;
    std::size_t number;  ///< among the channels of the exchange
    bool ended = false;
    bool met = false;  ///< has brought the barrier at hand
  };

  Outcome live();
  Outcome pause() const { return wait_reason() == typed::WaitReason::none ? Outcome::again : Outcome::waiting; }
  void open();
  bool run_source();
  void send_latency_marker();
  bool run_inputs();
  void begin_lingering();
  bool linger();
  bool consume();
  bool deliver();
  bool take_input();
  void merge_markers();
  bool attend();
  bool begin_awaiting();
  bool settle_behind();
  // Barriers (task_barriers.cpp)
  bool send_barrier();
  void tell_completed();
  void meet_barrier(Input& input, typed::BatchBase& batch, const typed::Barrier& barrier);
  bool pass_barrier();
  void begin_alignment(const typed::Barrier& barrier);
  void begin_snapshot(const typed::Barrier& barrier);
  void end_cut();
  bool save_some();
  bool save_the_rest();
  bool settle();
  bool finish();
  void close();
  void close_checked();
  void end_badly(const std::string& reason);
  void account(SteadyTime until, std::atomic<std::int64_t>* from_now_on);
  std::atomic<std::int64_t>& share_of_wait();
  template <class Read>
  auto read_shares(Read read) const;

  const int chain_;
  const std::int64_t instance_;
  JobControl& control_;
  Checkpoints* const checkpoints_;
  TaskHost* host_ = nullptr;
  /// Destroyed last: work that still runs is waited for, when everything that it may not hold up has ended.
  std::vector<std::shared_ptr<typed::BackgroundWork>> background_;
  std::vector<std::unique_ptr<typed::BatchLane>> lanes_;
  std::vector<std::unique_ptr<typed::BatchBase>> batches_;
  std::vector<typed::BuiltSegment> segments_;
  std::vector<typed::Segment*> callers_;  ///< those that make calls
  std::size_t decoupled_ =
      std::numeric_limits<std::size_t>::max();  ///< the first segment behind one that holds nobody up
  std::vector<typed::Segment*> checked_;        ///< those whose user code is open, and they are not
  std::vector<std::unique_ptr<Entry>> entries_;
  std::vector<Input> inputs_;

  Life life_ = Life::opening;
  std::size_t opened_ = 0;             ///< segments opened, from the last one
  std::size_t step_ = 0;               ///< segments settled or finished, from the first one
  bool waited_since_looking_ = false;  ///< for something else than input, after it had last looked for input
  std::size_t attended_ = 0;           ///< callers that have been attended to
  Life awaiting_in_ = Life::running;   ///< the stage of life to go on with after `awaiting`
  std::size_t settled_behind_ = 0;     ///< segments settled, those up to the caller included
  bool waited_behind_ = false;         ///< for something else than calls, after it had last looked for replies
  std::size_t turn_ = 0;               ///< the input to look at next
  std::size_t ended_inputs_ = 0;
  Input* current_input_ = nullptr;
  typed::BatchBase* current_batch_ = nullptr;
  std::optional<typed::Barrier> current_barrier_;  ///< was at the end of the current batch

  // The newest barrier: met by some inputs, being handed through the segments, or behind them.
  typed::Barrier barrier_;
  enum class Cut : std::uint8_t { none, meeting, passing } cut_ = Cut::none;
  std::size_t met_ = 0;                              ///< inputs that have brought it
  std::size_t passed_entries_ = 0;                   ///< of those it goes to
  std::unique_ptr<typed::SnapshotTarget> snapshot_;  ///< until everything is saved
  std::size_t saved_segments_ = 0;
  std::uint64_t told_completed_ = 0;  ///< the checkpoint the source has heard of
  int source_ = -1;                   ///< the number of its vertex
  std::shared_ptr<const typed::VertexCounters> source_counters_;
  std::uint64_t marked_events_ = 0;  ///< that the source had given out when the last latency marker was sent
  SteadyTime next_latency_marker_{};
  SteadyTime wake_time_ = SteadyTime::max();

  SteadyTime slice_start_{};
  // Where the time went: closed stretches in the shares, and the stretch at hand, which may be long (a call that blocks, an
  // output that is never taken). The version is odd while they change.
  std::atomic<std::int64_t> busy_{0}, queued_{0}, idle_{0}, blocked_outside_{0}, calling_{0};
  std::vector<std::atomic<std::int64_t>> blocked_by_;
  std::atomic<SteadyTime> accounted_until_{SteadyTime{}};
  std::atomic<std::atomic<std::int64_t>*> accounting_{nullptr};
  std::atomic<std::uint32_t> shares_version_{0};

  alignas(64) std::atomic<bool> ready_{true};
  std::atomic<SteadyTime> ready_since_{SteadyTime{}};  ///< when it was woken last, for the account of its time
};

}  // namespace streamwork::runtime
