// A segment that is one operator object: its `apply` for every event of a batch, with the state of the event's key, and
// its `on_timer` when event time or the wall clock has come that far.
#pragma once

#include <algorithm>
#include <exception>
#include <optional>
#include <streamwork/operator.hpp>
#include <streamwork/typed/batch_output.hpp>
#include <streamwork/typed/fused_loop.hpp>
#include <streamwork/typed/guarded_stage.hpp>
#include <streamwork/typed/input_time.hpp>
#include <streamwork/typed/instance_states.hpp>
#include <streamwork/typed/keyed_rows.hpp>
#include <streamwork/typed/operator_inputs.hpp>
#include <streamwork/typed/operator_progress.hpp>
#include <utility>

namespace streamwork::typed {

template <class Inputs, class Operator, class Rows>
class OperatorSegment final : public Segment {
  using Result = typename Inputs::template Result<Operator>;
  using TimerKind = StateLayout::TimerKind;
  template <class TimePoint>
  static constexpr bool takes_timers =
      requires(Operator op, TimePoint time, Output<Result>& out) { op.on_timer(time, out); };

 public:
  /// `make_rows` returns the `Rows`, which stay where they are made: state handles point into them.
  template <class MakeRows>
  OperatorSegment(Operator user_operator, MakeRows&& make_rows, const BadEventPolicy& policy,
                  const OperatorPlace& place, VertexInstance vertex)
      : operator_(std::move(user_operator)),
        rows_(make_rows()),
        vertex_(std::move(vertex)),
        instance_states_(vertex_),
        output_(place.timed, clock_.event_time),
        sides_(vertex_.counters, place.timed, clock_.event_time),
        handler_(policy.action(), vertex_, sides_.claim_dead_letters(policy)),
        chunk_(place.blocking),
        input_time_(place.left_inputs, place.right_inputs),
        left_inputs_(place.left_inputs) {
    clock_.timed = place.timed;
    if (place.timed) handler_.set_clock(vertex_.counters.get());
  }

  TaskPort& main() { return output_; }
  SideOutputs& sides() { return sides_; }
  Rows& rows() { return rows_; }
  /// Throws `std::logic_error` if some of its state cannot be part of a checkpoint.
  void require_storable() const {
    rows_.require_storable();
    instance_states_.require_storable();
  }

  bool check_restored(TaskContext& task) override {
    bool open = false;
    try {
      open_operator(task);
      open = true;
      check_states(*task.restored());
    } catch (const StateMismatch&) {
      if (open) close();
      rethrow_for(vertex_);
    } catch (...) {
      opening_failure_ = std::current_exception();  // no refusal, but a failure of the run, when it opens it
    }
    return opening_failure_ == nullptr;
  }

  void open(TaskContext& task) override {
    guarded([&] {
      if (opening_failure_ != nullptr) std::rethrow_exception(opening_failure_);
      const RestoredState* const restored = task.restored();
      if (task_ == nullptr) {
        open_operator(task);
        if (restored != nullptr) check_states(*restored);
      }
      if (restored != nullptr) restore(*restored);
      rows_.tell_size(*vertex_.counters);
    });
  }

  void accept(BatchBase& batch, std::size_t input, bool) override {
    input_ = &batch;
    right_ = input >= left_inputs_;
    clock_.own_watermark = right_ ? clock_.right_watermark : clock_.left_watermark;
    input_time_.accept(batch, input);
    clock_.after_idleness = batch.behind();
    position_ = 0;
  }

  bool advance() override {
    if (input_ == nullptr) return true;
    if (!marker_) rows_.expire_some(StateSweep::looks_between_batches);
    if (!fire_processing_timers()) return false;
    while (true) {
      if (!has_room() && !flush()) return false;
      if (marker_ || take_marker()) {
        if (!act_on_marker()) return false;
        continue;
      }
      if (position_ == input_->size()) break;
      if (!apply_chunk(std::min(input_time_.next_stop(input_->size()), position_ + chunk_.events()))) return false;
    }
    if (!flush()) return false;
    rows_.tell_size(*vertex_.counters);
    input_ = nullptr;
    return true;
  }

  bool save_more() override { return instance_states_.save_some() && rows_.save_some(); }

  bool settle() override {
    if (!fire_processing_timers() || !flush()) return false;
    wake_for_processing_timers();
    expire_and_wake();
    rows_.tell_size(*vertex_.counters);
    return true;
  }

  bool finish() override {
    if (!finished_) {
      if (!flush()) return false;
      // Event time has come to its end; the wall clock is not waited for.
      set_watermarks(end_of_time, end_of_time, end_of_time);
      if (!fire<RightEventTime>(TimerKind::right_event, RightEventTime::max()) ||
          !fire<EventTime>(TimerKind::event, end_of_time) ||
          !fire<ProcessingTime>(TimerKind::processing, ProcessingTime::max()) ||
          !fire<EventTime>(TimerKind::event, end_of_time)) {
        return false;
      }
      guarded([&] {
        if constexpr (requires { operator_.finish(output_.output()); }) operator_.finish(output_.output());
      });
      finished_ = true;
    }
    return flush();
  }

  void close() override {
    guarded([&] {
      if constexpr (requires { operator_.close(); }) operator_.close();
    });
  }

 private:
  /// Up to where it is known which states there are.
  void open_operator(TaskContext& task) {
    task_ = &task;
    clock_.clock = &task.clock();
    clock_.counters = vertex_.counters.get();
    instance_states_.restore_from(task.restored());
    if constexpr (requires(OperatorContext& context) { operator_.open(context); }) {
      OperatorContext context(vertex_, clock_, sides_, rows_.layout(), instance_states_);
      operator_.open(context);
    }
    require_timers_taken<EventTime>(TimerKind::event);
    require_timers_taken<RightEventTime>(TimerKind::right_event);
    require_timers_taken<ProcessingTime>(TimerKind::processing);
    rows_.open(task.row_stores());
    sides_.require_all_claimed();
    if (task.takes_checkpoints()) require_storable();
  }

  template <class TimePoint>
  void require_timers_taken(TimerKind kind) {
    if constexpr (!takes_timers<TimePoint>) {
      if (StateLayout* layout = rows_.layout(); layout != nullptr && layout->timers(kind).used) refuse_timers();
    }
  }

  bool has_room() const { return output_.has_room() && sides_.has_room(); }
  bool flush() {
    const bool finished = output_.flush(*task_) && sides_.flush(*task_);
    vertex_.counters->events_out.add(output_.take_count());
    return finished;
  }

  // --- time

  bool take_marker() {
    const Marker* next = input_time_.take_marker(position_);
    if (next != nullptr) marker_ = *next;
    return next != nullptr;
  }

  /// Fires what has become due, then passes the marker on. False: not finished.
  bool act_on_marker() {
    if (marker_->kind == MarkerKind::barrier) return act_on_barrier();
    if (marker_->kind == MarkerKind::latency) return pass_latency_marker();
    const EventTime watermark = std::max(marker_->time, clock_.watermark);
    if constexpr (Inputs::sides == 2) {
      set_watermarks(watermark, std::max(input_time_.left_watermark(), clock_.left_watermark),
                     std::max(input_time_.right_watermark(), clock_.right_watermark));
    } else {
      set_watermarks(watermark, watermark, watermark);
    }
    if (!fire<RightEventTime>(TimerKind::right_event, RightEventTime(clock_.right_watermark.time_since_epoch())) ||
        !fire<EventTime>(TimerKind::event, clock_.watermark)) {
      return false;
    }
    if ((!output_.output().may_mark() || !sides_.may_mark()) && !flush()) return false;
    if (const EventTime passed = passed_on(operator_, clock_.watermark); passed > beginning_of_time) {
      output_.mark(marker_->kind, passed);
      sides_.mark(marker_->kind, passed);
    }
    clock_.fired_up_to = clock_.watermark;
    marker_.reset();
    return true;
  }

  bool pass_latency_marker() {
    output_.mark_latency(marker_->latency);
    sides_.mark_latency(marker_->latency);
    marker_.reset();
    return true;
  }
  void set_watermarks(EventTime watermark, EventTime left, EventTime right) {
    clock_.watermark = watermark;
    clock_.left_watermark = left;
    clock_.right_watermark = right;
    clock_.own_watermark = right_ ? right : left;
    vertex_.counters->watermark.set(watermark);
  }

  // --- checkpoints

  /// Saves the progress and begins to save the rows, then passes the barrier on. False: not finished.
  bool act_on_barrier() {
    if (!cutting_) {
      if (!flush()) return false;
      save_progress(task_->snapshot(), vertex_,
                    {clock_.watermark, clock_.left_watermark, clock_.right_watermark, finished_});
      if (task_->snapshot().keeps_state()) {
        instance_states_.begin_saving(task_->snapshot());
        rows_.begin_saving(task_->snapshot(), vertex_);
      }
      output_.mark_barrier(marker_->barrier);
      sides_.mark_barrier(marker_->barrier);
      cutting_ = true;
    }
    if (!flush()) return false;
    cutting_ = false;
    marker_.reset();
    return true;
  }

  void check_states(const RestoredState& restored) {
    instance_states_.require_all_opened();
    rows_.check(restored, vertex_);
  }
  void restore(const RestoredState& restored) {
    const std::optional<OperatorProgress> progress = restored_progress(restored, vertex_);
    if (!progress) return;  // the vertex is new
    set_watermarks(progress->watermark, progress->left_watermark, progress->right_watermark);
    clock_.fired_up_to = progress->watermark;
    finished_ = progress->finished;
    rows_.restore(restored, vertex_);
  }

  bool fire_processing_timers() {
    if constexpr (takes_timers<ProcessingTime>) {
      if (rows_.layout() == nullptr || !rows_.layout()->timers(TimerKind::processing).queue.next_time()) return true;
      return fire<ProcessingTime>(TimerKind::processing, task_->clock().now());
    }
    return true;
  }
  void wake_for_processing_timers() {
    if constexpr (takes_timers<ProcessingTime>) {
      if (rows_.layout() == nullptr) return;
      if (const auto next = rows_.layout()->timers(TimerKind::processing).queue.next_time()) {
        task_->wake_at(steady_time_of(*next, task_->clock()));
      }
    }
  }
  /// While there is no input: gives back what has expired, and comes again when there may be more.
  void expire_and_wake() {
    if (!rows_.next_expiry()) return;
    rows_.expire_some(StateSweep::looks_when_idle);
    if (const auto next = rows_.next_expiry()) {
      const SteadyTime soonest = task_->clock().steady_now() + StateSweep::pause_between_looks;
      task_->wake_at(std::max(soonest, steady_time_of(*next, task_->clock())));
    }
  }

  /// Calls `on_timer` for everything that is due at `limit`, in slices. False: not finished.
  template <class TimePoint>
  bool fire(TimerKind kind, TimePoint limit) {
    if constexpr (takes_timers<TimePoint>) {
      while (true) {
        if (!has_room() && !flush()) return false;
        if (++fired_ % operator_block == 0 && task_->time_is_up()) {
          task_->wait_for(WaitReason::none);
          return false;
        }
        const std::optional<TimerQueue::Due> due = rows_.take_timer(kind, limit.time_since_epoch().count());
        if (!due) return true;
        clock_.event_time = kind == TimerKind::processing ? clock_.watermark : EventTime(Duration(due->time));
        guarded([&] { operator_.on_timer(TimePoint(Duration(due->time)), output_.output()); });
        rows_.end_timer();
      }
    }
    return true;
  }

  // --- events

  /// Applies the operator to the events up to `end`, as far as there is room. False: the slice is over.
  bool apply_chunk(const std::uint32_t end) {
    const std::uint32_t begin = position_;
    while (position_ != end && has_room()) {
      const std::uint32_t block_end = std::min(end, position_ + operator_block);
      right_ ? apply_block<Inputs::sides - 1>(block_end) : apply_block<0>(block_end);
    }
    vertex_.counters->events_in.add(position_ - begin);
    const bool time_is_up = task_->time_is_up();
    chunk_.adapt(time_is_up);
    if (time_is_up && position_ != input_->size()) {
      task_->wait_for(WaitReason::none);
      return false;
    }
    return true;
  }

  /// Applies the operator up to `end`, or until there is no room.
  template <std::size_t side>
  void apply_block(std::uint32_t end) {
    auto& batch = static_cast<Batch<typename Inputs::template Event<side>>&>(*input_);
    guarded([&] {
      rows_.template with_rows<side>(batch, position_, end,
                                     [&, end](auto select) { apply_range<side>(batch, select, end); });
    });
  }

  template <std::size_t side, class T, class Select>
  void apply_range(Batch<T>& batch, Select select, const std::uint32_t end) {
    const std::uint32_t begin = position_;
    const std::size_t count = end - begin;
    const T* const events = std::as_const(batch).events() + begin;
    const EventTime* const times = batch.times() == nullptr ? nullptr : batch.times() + begin;
    Output<Result>& out = output_.output();
    std::size_t next = 0;
    while (next != count && has_room()) {
      const std::size_t stop = sides_.empty() ? count : next + 1;  // side outputs are asked for room before each event
      try {
        do {
          if (times != nullptr) clock_.event_time = times[next];
          select(next);
          Inputs::template apply<side>(operator_, events[next], out);
        } while (++next != stop && out.has_room());
      } catch (const BadEvent& bad) {
        handler_.refuse(bad, events[next], clock_.event_time);
        ++next;
        vertex_.counters->failed.add(1);
      } catch (...) {
        rethrow_for(vertex_);
      }
    }
    position_ = begin + static_cast<std::uint32_t>(next);
  }

  template <class Call>
  void guarded(Call&& call) {
    try {
      call();
    } catch (...) {
      rethrow_for(vertex_);
    }
  }

  Operator operator_;
  Rows rows_;
  VertexInstance vertex_;
  InstanceStates instance_states_;
  OperatorClock clock_;  // its event time is that of what is emitted
  BatchOutput<Result> output_;
  SideOutputs sides_;
  BadEventHandler handler_;
  ChunkSize chunk_;
  InputTime input_time_;
  std::size_t left_inputs_;
  TaskContext* task_ = nullptr;
  std::exception_ptr opening_failure_;  ///< of the operator, before anything ran
  BatchBase* input_ = nullptr;
  std::uint32_t position_ = 0;
  bool right_ = false;            ///< the input is one of the right side
  std::optional<Marker> marker_;  ///< being acted upon
  std::uint32_t fired_ = 0;
  bool finished_ = false;
  bool cutting_ = false;  ///< the barrier is behind the results and not yet handed on
};

}  // namespace streamwork::typed
