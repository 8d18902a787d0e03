// What a job tells about itself, while it runs and when it has ended.
// Thread rule: plain values.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <streamwork/time.hpp>
#include <string>
#include <vector>

namespace streamwork {

/// Where the time of one instance went. The instances of one chain are run by one task and share its times.
struct TimeShares {
  std::chrono::nanoseconds busy{};     ///< running
  std::chrono::nanoseconds queued{};   ///< could run, waits for its worker
  std::chrono::nanoseconds blocked{};  ///< its output does not take more
  std::chrono::nanoseconds idle{};     ///< has no input
};

struct InstanceMetrics {
  std::int64_t instance = 0;
  std::uint64_t events_in = 0;
  std::uint64_t events_out = 0;
  std::uint64_t failed = 0;     ///< bad events that were refused
  std::uint64_t unclaimed = 0;  ///< events emitted to a side output from which no stream was made
  TimeShares times;
  std::uint64_t late = 0;             ///< events that came too late for every window or match of theirs
  std::uint64_t late_after_idle = 0;  ///< of these, those whose input had been idle and was left behind meanwhile
  /// Up to where event time has come; nothing before the first watermark, and on a stream without event time.
  std::optional<EventTime> watermark = std::nullopt;
  /// How far it is behind the wall clock; nothing when event time has come to its end.
  std::optional<Duration> watermark_lag = std::nullopt;
  /// The source instance that holds event time back, "'temperatures' instance 1"; empty if none does.
  std::string held_back_by{};
};

struct VertexMetrics {
  std::string name;
  std::string kind;                     ///< "source", "operator" or "sink"
  int chain = 0;                        ///< vertices of one chain are run by the same tasks
  std::vector<std::string> blocked_by;  ///< names of the vertices its chain has waited for, most first
  std::vector<InstanceMetrics> instances;

  std::uint64_t events_in() const;
  std::uint64_t events_out() const;
  std::uint64_t failed() const;
  std::uint64_t unclaimed() const;
  std::uint64_t late() const;
};

struct JobMetrics {
  std::string job;
  std::chrono::nanoseconds running_for{};
  std::vector<VertexMetrics> vertices;  ///< in the order in which they were written

  /// The vertex of this name; throws `std::out_of_range` if there is none.
  const VertexMetrics& vertex(const std::string& name) const;
};

/// How a job ended.
enum class JobEnd : std::uint8_t {
  finished,   ///< every source ended, or `stop` was asked for, and all that was in flight came out
  failed,     ///< an exception; see `failure`
  cancelled,  ///< `cancel` was asked for: what was in flight is lost
};

struct JobResult {
  JobEnd end = JobEnd::finished;
  std::string failure;  ///< names vertex, instance and reason; empty unless `end` is `failed`
  JobMetrics metrics;   ///< the summary
};

/// Events in, out and failed per vertex as a small table, one line per vertex.
std::string summary_table(const JobMetrics& metrics);

/// Names the vertex that limits the job between two looks at it, and why, as one sentence.
std::string bottleneck(const JobMetrics& before, const JobMetrics& now);

}  // namespace streamwork
