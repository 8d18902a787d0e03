// What a run of the benchmark has found: plain structs, which become the JSON report by reflection and the table on the
// screen. The JSON is what docs/performance.md is made of (report.py), so a renamed field must be renamed there too.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace benchmark {

/// Where it was measured.
struct Machine {
  std::string processor;
  std::int64_t cores = 0;
  bool virtual_machine = false;  ///< its cores are then virtual ones, and others may use them too
  std::string kernel;
  std::string huge_pages;  ///< "always", "madvise" or "never"
  std::string compiler;
  std::string flags;
};

/// All runs of one way to do the work of a row.
struct Contender {
  std::string name;
  std::vector<double> seconds;
  double million_events_per_second = 0;  ///< of the median run
};

/// The middle of several runs and the extremes.
struct Spread {
  double median = 0;
  double least = 0;
  double greatest = 0;
};

/// Throughput of one contender divided by that of another.
struct Ratio {
  std::string of;
  std::string to;
  double ratio = 0;  ///< of the medians
  double least = 0;  ///< of the ratios of neighbouring runs
  double greatest = 0;
  std::optional<double> target;  ///< at least this, from the design's budget
};

/// One work, done by several contenders in turn on the same events.
struct ThroughputRow {
  std::string name;
  std::string work;
  std::uint64_t events = 0;
  std::vector<Contender> contenders;
  std::vector<Ratio> ratios;
  /// What the last contender takes longer than the one before it, if that is what the row is about.
  std::optional<Spread> extra_nanoseconds_per_event;
};

/// Latency percentiles in microseconds.
struct Percentiles {
  std::string of;  ///< "engine", or "spinning loop": what the machine adds by itself
  std::uint64_t events = 0;
  double p50 = 0;
  double p90 = 0;
  double p99 = 0;
  double p99_9 = 0;
  double p99_99 = 0;
  double max = 0;
};

struct LatencyReport {
  std::string work;
  double events_per_second = 0;
  double seconds = 0;          ///< of one run, without the warm-up
  double warm_up_seconds = 0;  ///< before it, not counted
  double p50_target = 0;
  double p99_target = 0;
  std::vector<Percentiles> runs;
  Percentiles engine;   ///< of each percentile the median of the runs
  Percentiles machine;  ///< the same for the loop
};

struct IdleReport {
  double seconds = 0;
  double cpu_percent = 0;         ///< of one core
  double resident_megabytes = 0;  ///< of the whole process, shared libraries included
  double cpu_percent_target = 0;
  double resident_megabytes_target = 0;
};

/// How long a task stands still for checkpoints of a large state, in microseconds.
struct PauseReport {
  std::string work;
  std::uint64_t checkpoints = 0;
  double seconds = 0;
  double megabytes = 0;  ///< of one checkpoint
  double disk_megabytes_per_second = 0;
  double p50 = 0;
  double p99_9 = 0;
  double max = 0;
  double p99_9_without = 0;  ///< the same job without checkpoints: what the machine adds
  double max_without = 0;
  double p99_9_target = 0;
};

/// A job of many keys that is suspended and goes on.
struct RestoreReport {
  std::uint64_t keys = 0;
  double checkpoint_megabytes = 0;
  double suspend_seconds = 0;
  double restore_seconds = 0;     ///< until the first event is through
  double resident_megabytes = 0;  ///< of the process that went on
};

struct Report {
  std::string date;  ///< UTC, as YYYY-MM-DD
  Machine machine;
  std::int64_t runs = 0;
  bool quick = false;  ///< then the times mean nothing
  std::vector<ThroughputRow> throughput;
  std::optional<LatencyReport> latency;
  std::optional<IdleReport> idle;
  std::optional<PauseReport> pauses;
  std::optional<RestoreReport> restore;
};

/// As one JSON object and a line end.
std::string as_json(const Report& report);

// The table on the screen, at most 100 columns wide, in pieces as they come.
std::string heading(const Report& report);
std::string as_table(const ThroughputRow& row);
std::string as_table(const LatencyReport& latency);
std::string as_table(const IdleReport& idle);
std::string as_table(const PauseReport& pauses);
std::string as_table(const RestoreReport& restore);

}  // namespace benchmark
