// A segment that never holds up those before it: a buffer, and a policy for when it is full (overload.hpp).
//
// Its calls report success even if those behind it take nothing; the task comes again when they do. Event order is kept.
// Watermarks wait in the buffer at their places. A barrier does not: what is in the buffer becomes part of the snapshot, as
// state of an operator would, and the barrier overtakes it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <streamwork/overload.hpp>
#include <streamwork/typed/batch_output.hpp>
#include <streamwork/typed/input_time.hpp>
#include <streamwork/typed/waiting_events.hpp>
#include <utility>

namespace streamwork::typed {

template <class T>
class SheddingSegment final : public Segment {
 public:
  /// `inputs`: ports its events come from. `timed`: they have event times.
  SheddingSegment(const OverloadPolicy& policy, std::size_t inputs, bool timed, VertexInstance vertex)
      : policy_(policy), vertex_(std::move(vertex)), saved_(vertex_), output_(timed), input_time_(inputs) {}

  TaskPort& main() { return output_; }

  bool check_restored(TaskContext& task) override {
    saved_.open(task);
    return false;
  }

  void open(TaskContext& task) override {
    task_ = &task;
    saved_.open(task);
    saved_.take(
        [&](WaitingEvent<T> waiting) { buffer_.push_back({std::move(waiting.event), waiting.time, std::nullopt}); },
        [&](const WaitingMarker& marker) { markers_.push_back(marker); });
    tell_size();
  }

  void accept(BatchBase& batch, std::size_t input, bool last_user) override {
    input_ = &static_cast<Batch<T>&>(batch);
    input_time_.accept(batch, input);
    position_ = 0;
    may_move_ = last_user;
  }

  bool advance() override {
    if (input_ == nullptr) return true;
    way_is_open_ = true;
    while (true) {
      if (barrier_ && !pass_barrier()) return false;
      if (take_marker()) continue;
      if (position_ == input_->size()) break;
      if (!take_event()) return false;
    }
    input_ = nullptr;
    hand_on();
    return true;
  }

  /// What those behind do not take now is no reason to stay: they wake the task when they do.
  bool settle() override {
    way_is_open_ = true;
    hand_on();
    return true;
  }

  bool save_more() override { return saved_.save_some(); }
  bool finish() override {
    way_is_open_ = true;
    const bool all_out = give_out() && output_flushed();
    tell_size();
    return all_out;
  }
  void close() override {}

 private:
  /// An event of the buffer.
  struct Waiting {
    T event;
    EventTime time;
    std::optional<LatencyMark> latency;  ///< a marker that came behind it
  };

  // --- in

  /// False: the policy is to wait, and there is no room.
  bool take_event() {
    const bool direct = give_out() && has_way();
    if (buffer_.size() >= policy_.buffer() && policy_.action() == OverloadPolicy::Action::block) return false;
    const bool takes = direct || may_come();
    if (takes && buffer_.size() >= policy_.buffer()) drop_oldest();
    const EventTime time = input_->times() == nullptr ? beginning_of_time : input_->times()[position_];
    T& event = input_->events()[position_++];
    vertex_.counters->events_in.add(1);
    if (!takes) {
      vertex_.counters->dropped.add(1);
    } else if (may_move_) {
      put(std::move(event), time, direct);
    } else {
      put(std::as_const(event), time, direct);
    }
    return true;
  }

  /// Whether the policy lets an event into the buffer.
  bool may_come() {
    switch (policy_.action()) {
      case OverloadPolicy::Action::block:
      case OverloadPolicy::Action::drop_oldest:
        return true;
      case OverloadPolicy::Action::drop_newest:
        return buffer_.size() < policy_.buffer();
      case OverloadPolicy::Action::sample:
        if (buffer_.size() < (policy_.buffer() + 1) / 2) {
          sampled_ = 0;
          return true;
        }
        return sampled_++ % policy_.one_in() == 0 && buffer_.size() < policy_.buffer();
    }
    return true;
  }

  template <class Event>
  void put(Event&& event, EventTime time, bool direct) {
    if (direct) {
      output_.output().emit(std::forward<Event>(event), time);
    } else {
      buffer_.push_back({std::forward<Event>(event), time, std::nullopt});
    }
  }

  void drop_oldest() {
    pop();
    vertex_.counters->dropped.add(1);
    while (markers_.size() > 1 && markers_[1].behind <= gone_ && outdone(markers_[0], markers_[1].idle))
      markers_.pop_front();
  }
  /// True if a marker says nothing any more when the next one follows at once.
  static bool outdone(const WaitingMarker& marker, bool next_is_idle) { return !next_is_idle || marker.idle; }

  bool take_marker() {
    const Marker* const marker = input_time_.take_marker(position_);
    if (marker == nullptr) return false;
    if (marker->kind == MarkerKind::barrier) {
      barrier_ = marker->barrier;
    } else if (marker->kind == MarkerKind::latency) {
      if (!buffer_.empty()) {
        buffer_.back().latency = marker->latency;
      } else if (has_way()) {
        output_.mark_latency(marker->latency);
      }
    } else {
      const bool idle = marker->kind == MarkerKind::idle;
      const std::uint64_t behind = gone_ + buffer_.size();
      while (!markers_.empty() && std::max(markers_.back().behind, gone_) == behind && outdone(markers_.back(), idle))
        markers_.pop_back();
      markers_.push_back({behind, idle, marker->time});
    }
    return true;
  }

  /// Saves what waits, and sends the barrier on before it. False: those behind have to take something first.
  bool pass_barrier() {
    if (!cutting_) {
      if (!output_flushed()) return false;
      if (task_->snapshot().keeps_state()) save();
      output_.mark_barrier(*barrier_);
      cutting_ = true;
    }
    if (!output_flushed()) return false;
    cutting_ = false;
    barrier_.reset();
    return true;
  }

  void save() {
    std::uint64_t number = gone_;
    auto marker = markers_.begin();
    const auto add_markers = [&] {
      for (; marker != markers_.end() && marker->behind <= number; ++marker)
        saved_.add_marker(marker->idle, marker->time);
    };
    add_markers();
    for (const Waiting& waiting : buffer_) {
      saved_.add(waiting.event, waiting.time);
      ++number;
      add_markers();
    }
    saved_.begin_saving(task_->snapshot());
  }

  // --- out

  /// True if an event may be put in the output. Those behind are asked once per call of the task, when there was no room.
  bool has_way() {
    if (!output_.has_room() && way_is_open_) way_is_open_ = output_flushed();
    return output_.has_room();
  }

  bool output_flushed() {
    const bool flushed = output_.flush(*task_);
    vertex_.counters->events_out.add(output_.take_count());
    return flushed;
  }

  /// Moves what waits to the output as long as that is taken. True: nothing waits.
  bool give_out() {
    while (!buffer_.empty() || !markers_.empty()) {
      if (!has_way()) return false;
      if (!markers_.empty() && markers_.front().behind <= gone_) {
        give_out_marker(markers_.front());
        markers_.pop_front();
        continue;
      }
      Waiting& next = buffer_.front();
      output_.output().emit(std::move(next.event), next.time);
      if (next.latency) output_.mark_latency(*next.latency);
      pop();
    }
    return true;
  }

  void give_out_marker(const WaitingMarker& marker) {
    output_.mark(marker.kind(), marker.time);
    if (!marker.idle) vertex_.counters->watermark.set(marker.time);
  }

  void hand_on() {
    if (give_out()) output_flushed();
    tell_size();
  }

  void pop() {
    buffer_.pop_front();
    ++gone_;
  }

  void tell_size() { vertex_.counters->in_flight.set(buffer_.size()); }

  OverloadPolicy policy_;
  VertexInstance vertex_;
  WaitingEvents<T> saved_;
  BatchOutput<T> output_;
  InputTime input_time_;
  TaskContext* task_ = nullptr;
  Batch<T>* input_ = nullptr;
  std::uint32_t position_ = 0;
  bool may_move_ = false;
  bool way_is_open_ = true;  ///< those behind have not refused in this call of the task
  std::deque<Waiting> buffer_;
  std::deque<WaitingMarker> markers_;
  std::uint64_t gone_ = 0;     ///< events that have left the buffer
  std::uint64_t sampled_ = 0;  ///< events since the buffer became half full
  std::optional<Barrier> barrier_;
  bool cutting_ = false;  ///< the barrier is in the output and not yet handed on
};

}  // namespace streamwork::typed
