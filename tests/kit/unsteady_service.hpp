// A service that answers late, twice, wrongly or not at all, as a hash of question and attempt tells it; what it answers
// in the end depends on the question alone.
// Thread rule: any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <streamwork/async.hpp>
#include <streamwork/hash.hpp>
#include <thread>
#include <vector>

namespace streamwork::kit {

struct Question {
  std::int64_t key;
  std::int64_t number;
  EventTime time;
};
struct Answered {
  std::int64_t key;
  std::int64_t number;
  std::int64_t value;
  friend auto operator<=>(const Answered&, const Answered&) = default;
};

class UnsteadyService {
 public:
  struct Behaviour {
    std::uint64_t seed = 0;
    bool silent_at_times = false;                ///< needs a timeout that is worth waiting for
    std::chrono::microseconds longest_delay{0};  ///< slept by the thread that answers
  };

  explicit UnsteadyService(Behaviour behaviour) : behaviour_(behaviour), shared_(std::make_shared<Shared>()) {}

  /// What comes of a question in the end: an answer, nothing, or (`BadEvent`) a refusal.
  std::optional<Answered> outcome(const Question& question) const {
    const std::uint64_t fate = hash(question, 0) % 20;
    if (fate == 0) throw BadEvent("no such machine");
    if (fate == 1) return std::nullopt;
    return Answered{question.key, question.number, static_cast<std::int64_t>(hash(question, 1) % 1000)};
  }

  void open(AsyncContext& context) { threads_ = context.background_work(3); }
  void operator()(const Question& question, Reply<Answered> reply) {
    answer_forgotten();
    const std::uint64_t fate = hash(question, 1 + attempt_at(question));
    switch (fate % 10) {
      case 0:
        return;  // the reply is dropped
      case 1:
        throw std::runtime_error("the service is not there");
      case 2:
        return reply.fail("the service has no time");
      case 3:
        if (behaviour_.silent_at_times) return forget(std::move(reply));
        [[fallthrough]];
      case 4:
        return threads_->run([this_service = *this, reply, fate] {
          this_service.sleep(fate);
          reply.fail("the service has thought about it, and has no time");
        });
      case 5:
        answer(question, reply);
        return reply.fail("an answer too many");
      default:
        return threads_->run([this_service = *this, question, reply, fate] {
          this_service.sleep(fate);
          this_service.answer(question, reply);
        });
    }
  }
  void close() { threads_.reset(); }

 private:
  struct Shared {
    std::mutex mutex;
    std::map<std::int64_t, std::uint64_t> attempts;  ///< by question
    std::vector<Reply<Answered>> forgotten;
  };

  std::uint64_t hash(const Question& question, std::uint64_t what) const {
    return typed::mix64(behaviour_.seed ^ typed::mix64(static_cast<std::uint64_t>(question.number) ^ (what << 40U)));
  }
  std::uint64_t attempt_at(const Question& question) const {
    const std::lock_guard lock(shared_->mutex);
    return ++shared_->attempts[question.number];
  }
  void answer(const Question& question, const Reply<Answered>& reply) const {
    try {
      const std::optional<Answered> result = outcome(question);
      result ? reply.send(*result) : reply.send_nothing();
    } catch (const BadEvent& bad) {
      reply.refuse(bad.what());
    }
  }
  void sleep(std::uint64_t fate) const {
    if (const auto longest = behaviour_.longest_delay.count(); longest > 0)
      std::this_thread::sleep_for(std::chrono::microseconds(fate % static_cast<std::uint64_t>(longest)));
  }

  /// Keeps the reply until its time is over.
  void forget(Reply<Answered> reply) const {
    const std::lock_guard lock(shared_->mutex);
    shared_->forgotten.push_back(std::move(reply));
  }
  /// What nobody waits for any more is answered, wrongly.
  void answer_forgotten() const {
    const std::lock_guard lock(shared_->mutex);
    std::erase_if(shared_->forgotten, [](const Reply<Answered>& reply) {
      if (reply.wanted()) return false;
      reply.send({-1, -1, -1});
      return true;
    });
  }

  Behaviour behaviour_;
  std::shared_ptr<Shared> shared_;
  std::shared_ptr<BackgroundWork> threads_;
};

}  // namespace streamwork::kit
