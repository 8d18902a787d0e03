// A transactional sink in memory, and what stands outside of the job: results that were published, and those that were
// prepared. It survives whatever becomes of the job, as a database would, and notes what must never happen to it.
// Thread rule: any thread; `before_each_call` only while nothing else goes on.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <streamwork/sink.hpp>
#include <utility>
#include <vector>

namespace streamwork::testkit {

template <class T>
class Ledger {
  struct Shared;

 public:
  /// What a transaction is known by.
  struct Number {
    std::uint64_t checkpoint;
    std::uint64_t serial;
  };

  std::vector<T> published() const {
    const std::lock_guard lock(shared_->mutex);
    std::vector<T> all;
    for (const auto& [number, events] : shared_->published) all.insert(all.end(), events.begin(), events.end());
    return all;
  }
  /// Transactions that are neither published nor gone.
  std::size_t prepared() const {
    const std::lock_guard lock(shared_->mutex);
    return shared_->prepared.size();
  }
  /// Transactions that had been published and were removed: the job went on from an older checkpoint than it had before.
  std::uint64_t taken_back() const {
    const std::lock_guard lock(shared_->mutex);
    return shared_->taken_back;
  }
  /// Transactions for a checkpoint whose number a start before had used already.
  std::uint64_t reused_numbers() const {
    const std::lock_guard lock(shared_->mutex);
    return shared_->reused_numbers;
  }
  /// Calls `action` before a transaction is prepared, committed or recovered; it may throw.
  void before_each_call(std::function<void()> action) const { shared_->before = std::move(action); }

  class Sink {
   public:
    using Transaction = Number;

    explicit Sink(const Ledger& ledger) : shared_(ledger.shared_) {}

    void prepare(const SinkRequest& request) {
      const std::lock_guard lock(shared_->mutex);
      if (!request.restored) shared_->prepared.clear();  // a start before this one has left them
      keeps_later_ = request.later_results == LaterResults::keep;
      shared_->greatest_before = shared_->greatest;
    }
    void write(const T& event) { events_.push_back(event); }
    Prepared<Number> prepare_commit(std::uint64_t checkpoint) {
      if (events_.empty()) return {};
      if (shared_->before) shared_->before();
      const std::lock_guard lock(shared_->mutex);
      if (checkpoint <= shared_->greatest_before) ++shared_->reused_numbers;
      shared_->greatest = std::max(shared_->greatest, checkpoint);
      const Number number{checkpoint, ++shared_->last_serial};
      shared_->prepared[{number.checkpoint, number.serial}] = std::exchange(events_, {});
      return {number};
    }
    void commit(const Number& number) {
      if (shared_->before) shared_->before();
      const std::lock_guard lock(shared_->mutex);
      publish(number);
    }
    void recover(std::uint64_t checkpoint, const std::vector<Number>& transactions) {
      if (shared_->before) shared_->before();
      const std::lock_guard lock(shared_->mutex);
      for (const Number& number : transactions) publish(number);
      shared_->prepared.clear();
      if (keeps_later_) return;
      shared_->taken_back +=
          std::erase_if(shared_->published, [&](const auto& entry) { return entry.first.first > checkpoint; });
    }

   private:
    /// It may have been published before.
    void publish(const Number& number) {
      auto node = shared_->prepared.extract({number.checkpoint, number.serial});
      if (!node.empty()) shared_->published.insert(std::move(node));
    }

    std::shared_ptr<typename Ledger::Shared> shared_;
    std::vector<T> events_;
    bool keeps_later_ = false;
  };
  Sink sink() const { return Sink(*this); }

 private:
  using Key = std::pair<std::uint64_t, std::uint64_t>;
  struct Shared {
    std::mutex mutex;
    std::function<void()> before;
    std::uint64_t last_serial = 0;
    std::uint64_t greatest = 0;         // number of a checkpoint that something was prepared for
    std::uint64_t greatest_before = 0;  // the same when the job was started last
    std::uint64_t taken_back = 0;
    std::uint64_t reused_numbers = 0;
    std::map<Key, std::vector<T>> prepared;
    std::map<Key, std::vector<T>> published;
  };
  std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
};

}  // namespace streamwork::testkit
