// The in-memory channel: batches from one task to another, in order, bounded, recycled.
//
// Two rings of pointers: full batches one way, empty ones back. Batches are made on demand, never more than the ring
// holds plus one in the hands of each side, so nothing is allocated in steady state.
// Thread rule: `hand_over` and `consumer_waits` by the producer's task, `take` and `give_back` by the consumer's.
#pragma once

#include <atomic>
#include <boost/lockfree/spsc_queue.hpp>
#include <memory>
#include <streamwork/typed/job_graph.hpp>
#include <streamwork/typed/segment.hpp>
#include <vector>

namespace streamwork::runtime {

class Task;

class Channel final : public typed::BatchLane {
 public:
  /// Full batches between two tasks. Enough that the consumer works on while the producer fills the next ones, few
  /// enough that what is under way stays in the second-level cache (4 of 32 KiB).
  static constexpr std::size_t capacity = 4;

  /// `exchange` and `channels` say which exchange it belongs to and among how many channels its memory is shared.
  Channel(Task& producer, Task& consumer, int exchange, typed::BatchFactory make_batch, std::size_t channels);

  /// The batch the producer fills first.
  typed::BatchBase& first_batch() { return *make_batch(); }

  bool hand_over(typed::BatchBase*& batch) override;
  bool consumer_waits() const override { return full_.read_available() == 0; }

  /// The next batch, or nullptr.
  typed::BatchBase* take();
  /// Takes a batch back that the consumer has used up.
  void give_back(typed::BatchBase& batch);

  const Task& producer() const { return producer_; }
  const Task& consumer() const { return consumer_; }
  /// Where batches are taken.
  typed::EdgeMeter& meter() { return meter_; }

  /// How many batches wait for the consumer. Any thread; exact only for the consumer.
  std::size_t fill() const { return full_.read_available(); }

 private:
  using Ring = boost::lockfree::spsc_queue<typed::BatchBase*, boost::lockfree::capacity<capacity>>;
  using ReturnRing = boost::lockfree::spsc_queue<typed::BatchBase*, boost::lockfree::capacity<capacity + 2>>;

  typed::BatchBase* make_batch();
  typed::BatchBase* empty_batch();

  Task& producer_;
  Task& consumer_;
  const int exchange_;
  const typed::BatchFactory make_batch_;
  const std::size_t channels_;
  std::vector<std::unique_ptr<typed::BatchBase>> batches_;  ///< all that were made; touched by the producer only
  typed::EdgeMeter meter_;
  Ring full_;
  ReturnRing empty_;
  alignas(64) std::atomic<bool> producer_waits_{false};
};

}  // namespace streamwork::runtime
