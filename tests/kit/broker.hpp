// A message broker in memory, and a source that reads from it: messages that were not acknowledged in the session in which
// they came are sent again in the next one. It survives whatever becomes of the job.
// Thread rule: any thread.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <streamwork/source.hpp>
#include <utility>
#include <vector>

namespace streamwork::testkit {

class Broker {
 public:
  /// A broker that has the messages 0, 1, … to send.
  explicit Broker(std::uint64_t messages) {
    for (std::uint64_t message = 0; message < messages; ++message) shared_->queue.push_back(message);
  }

  /// Messages that were sent and never acknowledged, or not sent at all.
  std::size_t left() const {
    const std::lock_guard lock(shared_->mutex);
    return shared_->queue.size() + shared_->sent.size();
  }
  /// How often a message was sent that had been sent before.
  std::uint64_t sent_again() const {
    const std::lock_guard lock(shared_->mutex);
    return shared_->sent_again;
  }

  /// What is known of the messages that were read.
  struct Ids {
    std::vector<std::uint64_t> ids;
  };
  enum class Knows : std::uint8_t { nothing, ids };

  template <Knows knows>
  class Source;
  /// Reads messages, each known again by its number.
  Source<Knows::ids> source() const;
  /// Takes messages as they come.
  Source<Knows::nothing> forgetful_source() const;

 private:
  struct Shared {
    std::mutex mutex;
    std::deque<std::uint64_t> queue;
    std::set<std::uint64_t> sent;  ///< in this session, not acknowledged
    std::set<std::uint64_t> ever_sent;
    std::uint64_t sent_again = 0;

    /// All connections of before are gone.
    void begin_session() {
      const std::lock_guard lock(mutex);
      queue.insert(queue.begin(), sent.begin(), sent.end());
      sent.clear();
    }
    std::optional<std::uint64_t> next() {
      const std::lock_guard lock(mutex);
      if (queue.empty()) return std::nullopt;
      const std::uint64_t message = queue.front();
      queue.pop_front();
      sent.insert(message);
      if (!ever_sent.insert(message).second) ++sent_again;
      return message;
    }
    void acknowledge(std::uint64_t message) {
      const std::lock_guard lock(mutex);
      sent.erase(message);
    }
  };

  std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
};

template <Broker::Knows knows>
class Broker::Source {
 public:
  using Event = std::uint64_t;
  using Receipt = Ids;
  struct Split {};
  static constexpr SplitOrder split_order = SplitOrder::side_by_side;

  explicit Source(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) {}

  std::vector<Split> splits(const SplitRequest& request) const {
    shared_->begin_session();
    return std::vector<Split>(static_cast<std::size_t>(request.parallelism));
  }

  class Reader {
   public:
    Reader(std::shared_ptr<Shared> shared, bool acknowledges_first)
        : shared_(std::move(shared)), acknowledges_first_(acknowledges_first) {}

    template <class Push>
    ReadStatus read(Push&& push, std::size_t limit) {
      for (limit = std::min(limit, at_a_time); limit > 0; --limit) {
        const auto message = shared_->next();
        if (!message) return ReadStatus::ended;
        if (acknowledges_first_ || covered_.contains(*message)) shared_->acknowledge(*message);
        if (covered_.erase(*message) > 0) continue;
        given_out_.ids.push_back(*message);
        if (!push(std::uint64_t{*message})) break;
      }
      return ReadStatus::more;
    }

    /// What was covered and has not come again may come again in the next session.
    Receipt receipt() {
      Ids ids = std::exchange(given_out_, {});
      ids.ids.insert(ids.ids.end(), covered_.begin(), covered_.end());
      return ids;
    }
    void acknowledge(const Receipt& receipt) {
      for (const std::uint64_t id : receipt.ids) shared_->acknowledge(id);
    }
    void covered(const std::vector<Receipt>& receipts)
      requires(knows == Knows::ids)
    {
      for (const Ids& receipt : receipts) covered_.insert(receipt.ids.begin(), receipt.ids.end());
    }

   private:
    static constexpr std::size_t at_a_time = 4;  ///< few, so that a job has many checkpoints

    std::shared_ptr<Shared> shared_;
    bool acknowledges_first_;
    Ids given_out_;
    std::set<std::uint64_t> covered_;
  };
  Reader open(const Split&, SourceContext& context) const { return Reader(shared_, context.acknowledges_first()); }

 private:
  std::shared_ptr<Shared> shared_;
};

inline Broker::Source<Broker::Knows::ids> Broker::source() const { return Source<Knows::ids>(shared_); }
inline Broker::Source<Broker::Knows::nothing> Broker::forgetful_source() const {
  return Source<Knows::nothing>(shared_);
}

}  // namespace streamwork::testkit
