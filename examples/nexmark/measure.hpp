// Measures queries, beside the loops that do the same by hand.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "setup.hpp"

namespace nexmark {

/// What is measured: a query over some events, by one side.
struct Trial {
  std::int64_t query = 0;
  std::uint64_t seed = 1;
  std::int64_t rate = 10'000;  ///< nominal, of event time
  std::uint64_t events = 0;
  bool made = false;   ///< the events lie in memory before the clock starts
  std::string side;    ///< "engine", "loop", "source": the engine with nothing behind its source, or "latency"
  double offered = 0;  ///< for "latency": events per second of the wall clock
  std::int64_t workers = 1;
  std::int64_t parallelism = 1;             ///< of the source and of every grouping
  std::int64_t slide_milliseconds = 2'000;  ///< of query 5
};

/// In microseconds; see `LatencyBook`.
struct Latencies {
  std::uint64_t rows = 0;
  double p50 = 0;
  double p99 = 0;
  double p999 = 0;
  double p9999 = 0;
  double most = 0;
};

struct Measurement {
  double seconds = 0;
  double cpu_seconds = 0;
  double peak_megabytes = 0;  ///< of the whole process, with the events if they are made beforehand
  std::uint64_t checkpoints = 0;
  std::uint64_t rows = 0;
  std::uint64_t checksum = 0;  ///< of all rows, changes of tables included
  std::optional<Latencies> latencies{};
};

/// Runs it in this process. Throws `std::runtime_error` if the job fails.
Measurement measure(const Trial& trial);

/// Runs all queries, each side `runs` times in turn in processes of their own, prints a table on standard output, and writes
/// everything as JSON to a path, if there is one. Returns the exit code: 1 if a query and its loop come to different rows.
int measure_all(const Trial& trial, std::int64_t runs, const std::string& json_path);

}  // namespace nexmark
