#include "engine_jobs.hpp"

#include <atomic>
#include <streamwork/job.hpp>

#include "engine_parts.hpp"

namespace benchmark {

namespace sw = streamwork;

namespace {

// Lambdas, not the functions' names: those would be passed as pointers, which the compiler does not see through.
constexpr auto correct = [](const Event& event) { return corrected(event); };
constexpr auto wanted = [](const Event& event) { return is_wanted(event); };

}  // namespace

std::uint64_t engine_map_filter_sum(std::uint64_t events) {
  std::atomic<std::uint64_t> total = 0;
  sw::Job job{"map_filter_sum"};
  job.source("events", events_of(events, 1))
      .map("correct", correct)
      .filter("wanted", wanted)
      .sink("sum", SumSink<&Event::value>(total));
  run(job, 1);
  return total;
}

std::uint64_t engine_keyed_count(std::uint64_t events, std::uint64_t keys) {
  std::atomic<std::uint64_t> total = 0;
  sw::Job job{"keyed_count"};
  job.source("events", events_of(events, keys))
      .key_by(&Event::key, {.parallelism = 1})
      .apply("count", RunningCount())
      .sink("sum", SumSink<&KeyCount::count>(total));
  run(job, 1);
  return total;
}

std::uint64_t engine_map_filter_keyed_count(std::uint64_t events, std::uint64_t keys, int workers) {
  std::atomic<std::uint64_t> total = 0;
  sw::Job job{"map_filter_keyed_count"};
  job.source("events", events_of(events, keys), {.parallelism = 2})
      .map("correct", correct)
      .filter("wanted", wanted)
      .key_by(&Event::key, {.parallelism = 2})
      .apply("count", RunningCount())
      .sink("sum", SumSink<&KeyCount::count>(total));
  run(job, workers);
  return total;
}

std::uint64_t engine_map_sum(std::uint64_t events, bool exchanged) {
  std::atomic<std::uint64_t> total = 0;
  sw::Job job{"map_sum"};
  if (exchanged) {
    job.source("events", events_of(events, 1))
        .map("correct", correct)
        .forward()
        .sink("sum", SumSink<&Event::value>(total));
  } else {
    job.source("events", events_of(events, 1)).map("correct", correct).sink("sum", SumSink<&Event::value>(total));
  }
  run(job, 1);
  return total;
}

}  // namespace benchmark
