// What one instance of one vertex counts. Written by the one task that runs it, read by anyone.
#pragma once

#include <atomic>
#include <cstdint>
#include <streamwork/time.hpp>
#include <streamwork/typed/latency_record.hpp>
#include <streamwork/typed/refused_samples.hpp>

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

/// An event time with a single writer.
class EventTimeGauge {
 public:
  void set(EventTime time) { ticks_.store(time.time_since_epoch().count(), std::memory_order_relaxed); }
  EventTime value() const { return EventTime(Duration(ticks_.load(std::memory_order_relaxed))); }

 private:
  std::atomic<std::int64_t> ticks_{EventTime::min().time_since_epoch().count()};
};

/// A number that goes up and down, with a single writer.
class Gauge {
 public:
  void set(std::uint64_t value) { value_.store(value, std::memory_order_relaxed); }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

/// Own cache line: two instances that count side by side must not slow each other down.
struct alignas(64) VertexCounters {
  Counter events_in;
  Counter events_out;
  Counter failed;            ///< bad events, refused by the vertex' function
  Counter unclaimed;         ///< events emitted to a side output that nobody takes
  Counter late;              ///< events that were too late for every window or match of theirs
  Counter late_after_idle;   ///< those of them whose input had been idle, and was left behind meanwhile
  EventTimeGauge watermark;  ///< up to where event time has come; `EventTime::min()`: nowhere yet
  Counter dropped;           ///< events that did not find room in a buffer
  Counter retried;           ///< calls to a service that failed and are made again
  Gauge in_flight;           ///< events taken whose calls are not over, or whose turn to come out has not come
  Gauge state_rows;          ///< keys that have state
  Gauge state_bytes;         ///< memory of their rows and of the index; 0: the vertex keeps no state by key
  RefusedSamples refused;    ///< of those that were late, or bad
  LatencyRecord latencies;   ///< of a sink: how long events needed from each source
};

}  // namespace streamwork::typed
