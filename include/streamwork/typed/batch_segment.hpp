// A segment that begins with a batch: stateless stages over incoming events.
#pragma once

#include <streamwork/typed/fused_loop.hpp>
#include <utility>

namespace streamwork::typed {

template <class T, class Stages, class Ending>
class BatchSegment final : public Segment {
 public:
  template <class... LoopArguments>
  explicit BatchSegment(bool blocking, LoopArguments&&... loop)
      : loop_(std::forward<LoopArguments>(loop)...), chunk_(blocking) {}

  FusedLoop<Stages, Ending>& loop() { return loop_; }

  void open(TaskContext& task) override {
    task_ = &task;
    loop_.open(task);
  }

  void accept(BatchBase& batch, bool last_user) override {
    input_ = &static_cast<Batch<T>&>(batch);
    position_ = 0;
    may_move_ = last_user;
  }

  bool advance() override {
    if (input_ == nullptr) return true;
    while (true) {
      if (!loop_.make_room(*task_)) return false;
      if (position_ == input_->size()) break;
      const std::uint32_t end = std::min(input_->size(), position_ + chunk_.events());
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

  bool settle() override { return loop_.settle(*task_); }
  bool finish() override { return loop_.make_room(*task_) && loop_.finish(*task_); }
  void close() override { loop_.close(); }

 private:
  /// Sends events up to `end` on; returns how many were taken.
  template <bool move>
  std::uint32_t take(std::uint32_t end) {
    const std::uint32_t begin = position_;
    loop_.run([&](auto& sender) {
      T* events = input_->events();
      std::uint32_t next = begin;
      try {
        while (next != end) {
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

  FusedLoop<Stages, Ending> loop_;
  ChunkSize chunk_;
  TaskContext* task_ = nullptr;
  Batch<T>* input_ = nullptr;
  std::uint32_t position_ = 0;
  bool may_move_ = false;
};

}  // namespace streamwork::typed
