// Where the answers of calls to a service come in, from any thread, until the task that made the calls takes them.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <streamwork/typed/flag_guard.hpp>
#include <streamwork/typed/segment.hpp>
#include <string>
#include <utility>
#include <vector>

namespace streamwork::typed {

/// How a call ended.
template <class Result>
struct Answer {
  enum class Kind : std::uint8_t {
    result,
    nothing,  ///< the event has no result
    failed,   ///< this call; another one may help
    refused,  ///< the event: no call will help
  };
  Kind kind;
  std::optional<Result> result = std::nullopt;
  std::string reason = {};
};

/// Thread rule: `put` by any thread, at any time, also when the task is gone; the rest by the task.
template <class Result>
class ReplyBox {
 public:
  struct Letter {
    std::uint32_t place;  ///< of the event it is about
    Answer<Result> answer;
  };

  explicit ReplyBox(TaskContext& task) : task_(&task) {}

  /// Keeps the answer, and wakes the task. Nothing happens if the box is closed.
  void put(std::uint32_t place, Answer<Result> answer) {
    const FlagGuard guard(busy_);
    if (task_ == nullptr) return;
    letters_.push_back({place, std::move(answer)});
    if (!filled_.exchange(true)) task_->wake();
  }
  bool empty() const { return !filled_.load(); }
  /// Takes what has come. REQUIRES: `letters` is empty; its memory is used again.
  void take(std::vector<Letter>& letters) {
    const FlagGuard guard(busy_);
    letters_.swap(letters);
    filled_.store(false);
  }
  /// Nobody will take answers any more, and the task may go.
  void close() {
    std::vector<Letter> untaken;  // destroyed when the guard is gone: user code
    const FlagGuard guard(busy_);
    task_ = nullptr;
    untaken.swap(letters_);
  }

 private:
  std::atomic_flag busy_;
  std::atomic<bool> filled_{false};
  TaskContext* task_;
  std::vector<Letter> letters_;
};

/// One call to the service: it ends once, with the first answer, or without one when the task gives it up.
/// Thread rule: any thread.
template <class Result>
class CallTicket {
 public:
  CallTicket(std::shared_ptr<ReplyBox<Result>> box, std::uint32_t place) : box_(std::move(box)), place_(place) {}
  CallTicket(const CallTicket&) = delete;
  CallTicket& operator=(const CallTicket&) = delete;
  ~CallTicket() {
    if (open()) answer({Answer<Result>::Kind::failed, std::nullopt, "the reply was dropped without an answer"});
  }

  bool open() const { return open_.load(std::memory_order_relaxed); }
  void answer(Answer<Result> answer) {
    if (close()) box_->put(place_, std::move(answer));
  }
  /// Ends the call. False: it had been ended before, and its answer is in the box or about to be.
  bool close() { return open_.exchange(false); }

 private:
  std::shared_ptr<ReplyBox<Result>> box_;
  std::uint32_t place_;
  std::atomic<bool> open_{true};
};

}  // namespace streamwork::typed
