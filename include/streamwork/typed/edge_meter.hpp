// Where events pass an edge: counts them, and shows their batches to whoever looks at the moment.
//
// Nobody looks most of the time, which costs a relaxed load per batch.
// Thread rule: `pass` by the one task that hands the batch on or takes it; the rest by any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <streamwork/typed/batch.hpp>
#include <streamwork/typed/counters.hpp>

namespace streamwork::typed {

/// Somebody who looks at the batches that pass. Called by the task: it must be quick and must not throw.
class BatchViewer {
 public:
  BatchViewer() = default;
  BatchViewer(const BatchViewer&) = delete;
  BatchViewer& operator=(const BatchViewer&) = delete;
  virtual ~BatchViewer() = default;

  virtual void see(const BatchBase& batch) noexcept = 0;
};

class EdgeMeter {
 public:
  EdgeMeter();
  EdgeMeter(const EdgeMeter&) = delete;
  EdgeMeter& operator=(const EdgeMeter&) = delete;
  ~EdgeMeter();

  void pass(const BatchBase& batch) {
    events_.add(batch.size());
    if (viewed_.load(std::memory_order_relaxed)) [[unlikely]]
      show(batch);
  }
  /// Events that have passed.
  std::uint64_t events() const { return events_.value(); }
  /// From now on this one looks; nullptr: nobody.
  void set_viewer(std::shared_ptr<BatchViewer> viewer);

 private:
  struct Viewing;
  void show(const BatchBase& batch);

  Counter events_;
  std::atomic<bool> viewed_{false};
  std::unique_ptr<Viewing> viewing_;
};

}  // namespace streamwork::typed
