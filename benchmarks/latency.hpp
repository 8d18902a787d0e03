// How long an event takes from the moment it was due to the sink, at a given rate.
//
// Open loop: the moments are fixed beforehand, however slow the engine is, and latency counts from them, not from when
// the event was really made. (A loop that waits for the engine would record a stall once instead of for every event
// that was delayed by it: "coordinated omission".)
#pragma once

#include <cstdint>

#include "report.hpp"

namespace benchmark {

struct LatencyPlan {
  double events_per_second = 100'000;
  double seconds = 20;  ///< 2 million events: 200 of them decide p99.99
  double warm_up_seconds = 2;
  std::int64_t runs = 5;
};

/// Runs source, regrouping by key, running count, sink on two workers; after each run, for a quarter of the time, a
/// loop that does nothing but look at the clock: what it finds is the machine's part. Throws `std::runtime_error` if an
/// event is missing.
LatencyReport measure_latency(const LatencyPlan& plan);

}  // namespace benchmark
