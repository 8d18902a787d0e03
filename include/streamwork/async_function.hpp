// What a function for `async_map` is given: the reply that it owes, and a context (async.hpp).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <streamwork/clock.hpp>
#include <streamwork/typed/background_work.hpp>
#include <streamwork/typed/reply_box.hpp>
#include <streamwork/typed/segment.hpp>
#include <string>
#include <utility>

namespace streamwork {

/// The answer that a call to a service owes. It may be copied, kept and given to other threads; all copies are one reply.
/// The first answer counts, later ones are ignored, as is what comes after the timeout or after the job has ended. When
/// the last copy is gone without an answer, the attempt has failed.
/// Thread rule: every function may be called from any thread, at any time.
template <class Result>
class Reply {
  using Answer = typed::Answer<Result>;

 public:
  /// The event's result.
  void send(Result result) const { ticket_->answer({Answer::Kind::result, std::move(result), {}}); }
  /// The event has no result; nothing comes out for it, and it counts as done.
  void send_nothing() const { ticket_->answer({Answer::Kind::nothing}); }
  /// This attempt has failed; another one may help. `reason` is told when the last attempt fails.
  void fail(std::string reason) const { ticket_->answer({Answer::Kind::failed, std::nullopt, std::move(reason)}); }
  /// No attempt will help: the service knows that the event is wrong. It is a bad event at once.
  void refuse(std::string reason) const { ticket_->answer({Answer::Kind::refused, std::nullopt, std::move(reason)}); }
  /// False if an answer would be ignored: there is one, the time is over, or the job has ended. A call that has not begun
  /// need not be made then.
  bool wanted() const { return ticket_->open(); }

  // For the engine.
  explicit Reply(std::shared_ptr<typed::CallTicket<Result>> ticket) : ticket_(std::move(ticket)) {}

 private:
  std::shared_ptr<typed::CallTicket<Result>> ticket_;
};

/// Work that leaves the worker; see `AsyncContext::background_work`.
using typed::BackgroundWork;

/// What the function of an instance may ask when it is opened. Valid during the call.
class AsyncContext {
 public:
  const std::string& vertex() const { return vertex_->name; }
  std::int64_t instance() const { return vertex_->instance; }
  std::int64_t parallelism() const { return vertex_->parallelism; }
  /// The engine's clock; valid as long as the job.
  const Clock& clock() const { return task_->clock(); }

  /// Threads of the instance's own for calls that block. Under the test kit's schedule there is no thread: the work is run
  /// one by one, at moments that the seed chooses. Throws `std::invalid_argument` if `threads` is less than 1.
  std::shared_ptr<BackgroundWork> background_work(int threads) {
    if (threads < 1) throw std::invalid_argument("background work needs at least one thread");
    return task_->background_work(vertex(), threads);
  }

  // For the engine.
  AsyncContext(const typed::VertexInstance& vertex, typed::TaskContext& task) : vertex_(&vertex), task_(&task) {}

 private:
  const typed::VertexInstance* vertex_;
  typed::TaskContext* task_;
};

}  // namespace streamwork
