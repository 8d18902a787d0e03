// What one instance of one vertex counts. Written by the one task that runs it, read by anyone.
#pragma once

#include <atomic>
#include <cstdint>

namespace streamwork::typed {

/// A counter with a single writer: a plain add for the writer, a relaxed load for readers.
class Counter {
 public:
  void add(std::uint64_t amount) {
    value_.store(value_.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
  }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

/// Own cache line: two instances that count side by side must not slow each other down.
struct alignas(64) VertexCounters {
  Counter events_in;
  Counter events_out;
  Counter failed;     ///< bad events, refused by the vertex' function
  Counter unclaimed;  ///< events emitted to a side output that nobody takes
};

}  // namespace streamwork::typed
