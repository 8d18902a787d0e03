// A segment that begins with a batch: stateless stages over incoming events.
#pragma once

#include <optional>
#include <streamwork/typed/fused_loop.hpp>
#include <streamwork/typed/input_time.hpp>
#include <utility>

namespace streamwork::typed {

template <class T, class Stages, class Ending>
class BatchSegment final : public Segment {
 public:
  /// `inputs`: how many ports its batches come from.
  template <class... LoopArguments>
  BatchSegment(std::size_t inputs, bool blocking, LoopArguments&&... loop)
      : loop_(std::forward<LoopArguments>(loop)...), input_time_(inputs), chunk_(blocking) {}

  FusedLoop<Stages, Ending>& loop() { return loop_; }

  void open(TaskContext& task) override {
    task_ = &task;
    loop_.open(task);
    loop_.tell_time_stages([&](auto& stage) {
      const std::size_t only = stage.add_split(0);
      stage.restore_instance(loop_.vertices().front());
      stage.select(only);
    });
  }

  void accept(BatchBase& batch, std::size_t input, bool last_user) override {
    input_ = &static_cast<Batch<T>&>(batch);
    input_time_.accept(batch, input);
    position_ = 0;
    may_move_ = last_user;
  }

  bool advance() override {
    if (input_ == nullptr) return true;
    while (true) {
      if (!make_room()) return false;
      if (barrier_) {
        if (!loop_.cut(*task_, *barrier_)) return false;
        barrier_.reset();
      }
      if (const Marker* marker = input_time_.take_marker(position_)) {
        if (marker->kind == MarkerKind::barrier) {
          barrier_ = marker->barrier;
        } else if (marker->kind == MarkerKind::latency) {
          loop_.mark_latency(marker->latency, *task_);
        } else {
          loop_.mark(marker->kind, marker->time);
        }
        continue;
      }
      if (position_ == input_->size()) break;
      const std::uint32_t end = std::min(input_time_.next_stop(input_->size()), position_ + chunk_.events());
      loop_.publish(std::is_trivially_copyable_v<T> || !may_move_ ? take<false>(end) : take<true>(end));
      const bool time_is_up = task_->time_is_up();
      chunk_.adapt(time_is_up);
      if (time_is_up && position_ != input_->size()) {
        task_->wait_for(WaitReason::none);
        return false;
      }
    }
    if (!loop_.flush(*task_)) return false;
    input_ = nullptr;
    return true;
  }

  bool settle() override {
    if constexpr (FusedLoop<Stages, Ending>::assigns_time) {
      if (!loop_.make_room(*task_)) return false;
      if (task_->input_held_up()) {
        loop_.stop_idle_clock();
      } else {
        loop_.tell_time_stages([](auto& stage) { stage.wait(0); });
      }
    }
    return loop_.settle(*task_);
  }
  bool finish() override { return loop_.make_room(*task_) && loop_.finish(*task_); }
  void close() override { loop_.close(); }

 private:
  /// Sends events up to `end` on; returns how many were taken.
  template <bool move>
  std::uint32_t take(std::uint32_t end) {
    const std::uint32_t begin = position_;
    loop_.run([&](auto& sender) {
      T* events = input_->events();
      const EventTime* const times = input_->times();
      std::uint32_t next = begin;
      try {
        while (next != end) {
          if (times != nullptr) sender.set_time(times[next]);
          bool room;
          if constexpr (move) {
            room = sender.push(std::move(events[next++]));
          } else {
            room = sender.push(std::as_const(events[next++]));
          }
          if (!room) break;
        }
      } catch (...) {
        position_ = next;
        throw;
      }
      position_ = next;
      return true;
    });
    return position_ - begin;
  }

  bool make_room() {
    if (loop_.make_room(*task_)) return true;
    loop_.stop_idle_clock();
    return false;
  }

  FusedLoop<Stages, Ending> loop_;
  InputTime input_time_;
  ChunkSize chunk_;
  TaskContext* task_ = nullptr;
  Batch<T>* input_ = nullptr;
  std::uint32_t position_ = 0;
  bool may_move_ = false;
  std::optional<Barrier> barrier_;  ///< being acted upon
};

}  // namespace streamwork::typed
