// What the engine's jobs have in common: where their events come from and where they go, and how they are run.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <streamwork/connectors/generator.hpp>
#include <streamwork/job.hpp>

#include "event.hpp"

namespace benchmark {

/// A source of the events that all contenders work on.
inline auto events_of(std::uint64_t events, std::uint64_t keys) {
  return streamwork::generate<Event>([keys](std::uint64_t sequence) { return make_event(sequence, keys); },
                                     {.count = events});
}

/// Adds up one number of all events, a field or a function of theirs; the instances bring their sums together when they
/// close.
template <auto number>
class SumSink {
 public:
  explicit SumSink(std::atomic<std::uint64_t>& total) : total_(&total) {}
  template <class T>
  void write(const T& event) {
    sum_ += static_cast<std::uint64_t>(std::invoke(number, event));
  }
  void close() { *total_ += sum_; }

 private:
  std::atomic<std::uint64_t>* total_;
  std::uint64_t sum_ = 0;
};

struct KeyCount {
  std::uint64_t key;
  std::uint64_t count;
};

/// Counts the events of each key.
class RunningCount {
 public:
  void open(streamwork::OperatorContext& context) { count_ = context.value_state<std::uint64_t>("count"); }
  void apply(const Event& event, streamwork::Output<KeyCount>& out) { out.emit({event.key, ++*count_}); }

 private:
  streamwork::ValueState<std::uint64_t> count_;
};

/// Runs a job to its end. Throws `std::runtime_error` if it fails.
void run(const streamwork::Job& job, int workers);

}  // namespace benchmark
