// A segment that is one operator object: its `apply` for every event of a batch, with the state of the event's key, and
// its `on_timer` when event time or the wall clock has come that far.
#pragma once

#include <memory>
#include <optional>
#include <streamwork/operator.hpp>
#include <streamwork/typed/batch_output.hpp>
#include <streamwork/typed/fused_loop.hpp>
#include <streamwork/typed/guarded_stage.hpp>
#include <streamwork/typed/input_time.hpp>
#include <streamwork/typed/keyed_rows.hpp>
#include <streamwork/typed/operator_inputs.hpp>
#include <utility>

namespace streamwork::typed {

/// What the graph says about the place of an operator.
struct OperatorPlace {
  std::size_t left_inputs = 1;   ///< ports its events come from; of the left side, if it has two
  std::size_t right_inputs = 0;  ///< ports of the right side
  bool timed = false;            ///< its results have event times
  bool blocking = false;
};

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
        output_(place.timed),
        sides_(vertex_.counters, place.timed),
        handler_(policy.action(), vertex_, dead_letters(policy)),
        chunk_(place.blocking),
        input_time_(place.left_inputs, place.right_inputs),
        left_inputs_(place.left_inputs) {}

  TaskPort& main() { return output_; }
  SideOutputs& sides() { return sides_; }
  Rows& rows() { return rows_; }

  void open(TaskContext& task) override {
    task_ = &task;
    clock_.clock = &task.clock();
    clock_.counters = vertex_.counters.get();
    guarded([&] {
      if constexpr (requires(OperatorContext& context) { operator_.open(context); }) {
        OperatorContext context(vertex_, clock_, sides_, rows_.layout());
        operator_.open(context);
      }
      require_timers_taken<EventTime>(TimerKind::event);
      require_timers_taken<RightEventTime>(TimerKind::right_event);
      require_timers_taken<ProcessingTime>(TimerKind::processing);
      rows_.open();
      sides_.require_all_claimed();
    });
  }

  void accept(BatchBase& batch, std::size_t input, bool) override {
    input_ = &batch;
    clock_.right = input >= left_inputs_;
    input_time_.accept(batch, input);
    clock_.after_idleness = batch.behind();
    position_ = 0;
  }

  bool advance() override {
    if (input_ == nullptr) return true;
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
    input_ = nullptr;
    return true;
  }

  bool settle() override {
    if (!fire_processing_timers() || !flush()) return false;
    wake_for_processing_timers();
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
  Output<DeadLetter>* dead_letters(const BadEventPolicy& policy) {
    if (policy.action() != BadEventPolicy::Action::dead_letter) return nullptr;
    return &sides_.template claim<DeadLetter>(policy.side_output());
  }

  template <class TimePoint>
  void require_timers_taken(TimerKind kind) {
    if constexpr (!takes_timers<TimePoint>) {
      if (StateLayout* layout = rows_.layout(); layout != nullptr && layout->timers(kind).used) {
        throw std::logic_error(
            "the operator uses timers of a kind for which it has no function: write `void on_timer(sw::EventTime, "
            "sw::Output<Result>&)`, or with sw::ProcessingTime or sw::RightEventTime");
      }
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
    const EventTime watermark = std::max(marker_->time, clock_.watermark);
    if constexpr (Inputs::sides == 2) {
      set_watermarks(watermark, input_time_.left_watermark(), input_time_.right_watermark());
    } else {
      set_watermarks(watermark, watermark, watermark);
    }
    if (!fire<RightEventTime>(TimerKind::right_event, RightEventTime(clock_.right_watermark.time_since_epoch())) ||
        !fire<EventTime>(TimerKind::event, clock_.watermark)) {
      return false;
    }
    if ((!output_.output().may_mark() || !sides_.may_mark()) && !flush()) return false;
    output_.mark(marker_->kind, clock_.watermark);
    sides_.mark(marker_->kind, clock_.watermark);
    marker_.reset();
    return true;
  }

  void set_watermarks(EventTime watermark, EventTime left, EventTime right) {
    clock_.watermark = watermark;
    clock_.left_watermark = left;
    clock_.right_watermark = right;
    vertex_.counters->watermark.set(watermark);
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
        const Duration left = ProcessingTime(Duration(*next)) - task_->clock().now();
        constexpr Duration longest_sleep =
            std::chrono::hours(24);  // a time far ahead must not overflow the other clock
        task_->wake_at(task_->clock().steady_now() + std::min(left, longest_sleep));
      }
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
        set_event_time(kind == TimerKind::processing ? clock_.watermark : EventTime(Duration(due->time)));
        guarded([&] { operator_.on_timer(TimePoint(Duration(due->time)), output_.output()); });
        rows_.end_timer();
      }
    }
    return true;
  }

  void set_event_time(EventTime time) {
    clock_.event_time = time;
    output_.output().set_time(time);
    if (!sides_.empty()) sides_.set_time(time);
  }

  // --- events

  /// Applies the operator to the events up to `end`, as far as there is room. False: the slice is over.
  bool apply_chunk(const std::uint32_t end) {
    const std::uint32_t begin = position_;
    while (position_ != end && has_room()) {
      const std::uint32_t block_end = std::min(end, position_ + operator_block);
      if constexpr (Inputs::sides == 2) {
        clock_.right ? apply_block<1>(block_end) : apply_block<0>(block_end);
      } else {
        apply_block<0>(block_end);
      }
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
    rows_.template with_rows<side>(batch, position_, end,
                                   [&, end](auto select) { apply_range<side>(batch, select, end); });
  }

  template <std::size_t side, class T, class Select>
  void apply_range(Batch<T>& batch, Select select, const std::uint32_t end) {
    const T* const events = std::as_const(batch).events();
    const EventTime* const times = batch.times();
    Output<Result>& out = output_.output();
    const bool has_sides = !sides_.empty();
    std::uint32_t next = position_;
    while (next != end && has_room()) {
      try {
        do {
          const T& event = events[next];
          if (times != nullptr) set_event_time(times[next]);
          select(next++, event);
          Inputs::template apply<side>(operator_, event, out);
        } while (next != end && out.has_room() && (!has_sides || sides_.has_room()));
      } catch (const BadEvent& bad) {
        handler_.refuse(bad, events[next - 1]);
        vertex_.counters->failed.add(1);
      } catch (...) {
        position_ = next;
        rethrow_for(vertex_);
      }
    }
    position_ = next;
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
  BatchOutput<Result> output_;
  SideOutputs sides_;
  BadEventHandler handler_;
  ChunkSize chunk_;
  InputTime input_time_;
  std::size_t left_inputs_;
  OperatorClock clock_;
  TaskContext* task_ = nullptr;
  BatchBase* input_ = nullptr;
  std::uint32_t position_ = 0;
  std::optional<Marker> marker_;  ///< being acted upon
  std::uint32_t fired_ = 0;
  bool finished_ = false;
};

}  // namespace streamwork::typed
