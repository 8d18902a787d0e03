// An output of a segment whose batches are handed to consumers in the same task by one call.
#pragma once

#include <streamwork/output.hpp>
#include <streamwork/typed/segment.hpp>
#include <utility>

namespace streamwork::typed {

template <class T>
class BatchOutput final : public TaskPort {
 public:
  /// `time`: as of `Output`.
  explicit BatchOutput(bool timed, const EventTime& time = beginning_of_time)
      : output_(batch_capacity(sizeof(T), 1), timed, time) {}

  void add_consumer(Segment& consumer, std::size_t input) override { delivery_.add_consumer(consumer, input); }
  EdgeMeter& meter() override { return meter_; }
  bool has_consumers() const { return delivery_.has_consumers(); }

  Output<T>& output() { return output_; }
  const Output<T>& output() const { return output_; }

  /// True if the results of one more event may be appended.
  bool has_room() const { return output_.has_room() && !delivery_.under_way(); }

  /// Hands on everything that was emitted, ranges included. True: nothing is left.
  bool flush(TaskContext& task) {
    while (delivery_.under_way() || !output_.batch().empty()) {
      if (!delivery_.under_way()) meter_.pass(output_.batch());
      if (!delivery_.deliver(output_.batch())) return false;
      handed_on_ += output_.batch().size();
      output_.refill();
      if (!output_.batch().empty() && task.time_is_up()) {
        task.wait_for(WaitReason::none);
        return false;
      }
    }
    return true;
  }

  /// Events handed on since the last call.
  std::uint64_t take_count() { return std::exchange(handed_on_, 0); }

  /// A writer for a fused loop: the place of the next event in a register.
  class Writer {
   public:
    explicit Writer(BatchOutput& target)
        : begin_(target.output_.batch().events()),
          next_(begin_ + target.output_.batch().size()),
          end_(begin_ + target.output_.batch().capacity()),
          batch_(&target.output_.batch()),
          times_(batch_->times()) {}
    template <class Event>
    bool push(Event&& event) {
      if (times_ != nullptr) times_[next_ - begin_] = time;
      std::construct_at(next_, std::forward<Event>(event));
      return ++next_ != end_;
    }
    [[gnu::always_inline]] void mark(MarkerKind kind, EventTime at) {
      batch_->set_size(size());
      batch_->add_marker(kind, at);
    }
    std::uint32_t size() const { return static_cast<std::uint32_t>(next_ - begin_); }

    EventTime time = beginning_of_time;  ///< of the event at hand

   private:
    T* begin_;
    T* next_;
    T* end_;
    Batch<T>* batch_;
    EventTime* times_;
  };

  // What a fused loop ends in (typed/fused_segment.hpp).

  void open(TaskContext&) {}
  /// Makes room for at least one event.
  bool make_room(TaskContext& task) { return has_room() || flush(task); }
  Writer begin() { return Writer(*this); }
  /// Puts a marker behind what was written. REQUIRES: there is room.
  void mark(MarkerKind kind, EventTime time) { output_.batch().add_marker(kind, time); }
  void mark_barrier(const Barrier& barrier) { output_.batch().add_barrier(barrier); }
  void mark_latency(const LatencyMark& mark) { output_.batch().add_latency(mark); }
  void end(const Writer& writer) { output_.batch().set_size(writer.size()); }
  bool settle(TaskContext&) { return true; }
  bool finish(TaskContext& task) { return flush(task); }
  void close() {}

 private:
  Output<T> output_;
  TaskDelivery delivery_;
  EdgeMeter meter_;
  std::uint64_t handed_on_ = 0;
};

}  // namespace streamwork::typed
