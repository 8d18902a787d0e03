// What a job tells about itself, while it runs and when it has ended.
// Thread rule: plain values.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <streamwork/histogram.hpp>
#include <streamwork/time.hpp>
#include <streamwork/window_shape.hpp>
#include <string>
#include <vector>

namespace streamwork {

/// Where the time of one instance went. The instances of one chain are run by one task and share its times.
struct TimeShares {
  std::chrono::nanoseconds busy{};     ///< running
  std::chrono::nanoseconds queued{};   ///< could run, waits for its worker
  std::chrono::nanoseconds blocked{};  ///< its output does not take more
  std::chrono::nanoseconds idle{};     ///< has no input
  std::chrono::nanoseconds calling{};  ///< as many calls to a service are under way as may be
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
  std::uint64_t retried = 0;  ///< calls to a service that failed and were made again
  std::uint64_t in_flight =
      0;  ///< events whose calls are not over, whose turn to come out has not come, or that wait in a buffer
  std::uint64_t dropped = 0;  ///< events that did not find room in a buffer (overload.hpp)
  /// Keys that have state; nothing if the vertex keeps no state by key.
  std::optional<std::uint64_t> state_rows{};
  /// Memory of their rows and the index, in bytes. What rows point at, such as long strings and lists, is not counted.
  std::optional<std::uint64_t> state_bytes{};
};

struct VertexMetrics {
  std::string name;
  std::string kind;                     ///< "source", "operator" or "sink"
  int chain = 0;                        ///< vertices of one chain are run by the same tasks
  std::vector<std::string> blocked_by;  ///< names of the vertices its chain has waited for, most first
  std::vector<InstanceMetrics> instances;
  /// How long, all instances together, in the order of `blocked_by`.
  std::vector<std::chrono::nanoseconds> blocked_for{};
  std::optional<WindowShape> windows{};  ///< into which it cuts its input

  std::uint64_t events_in() const;
  std::uint64_t events_out() const;
  std::uint64_t failed() const;
  std::uint64_t unclaimed() const;
  std::uint64_t late() const;
  std::uint64_t retried() const;
  std::uint64_t dropped() const;
};

/// A stream from one vertex to another. There may be several between two vertices.
struct EdgeMetrics {
  std::string from;
  std::string to;
  std::string side_output;        ///< of `from`; empty: its main output
  std::string grouping;           ///< as in `explain`: "direct" inside a chain, "fields", "shuffle, then fields", …
  bool inside_task = true;        ///< no thread is changed on the way: there is no queue
  std::uint64_t channels = 0;     ///< queues between the instances
  std::uint64_t events = 0;       ///< that have passed; one that is sent to n instances counts n times
  std::uint64_t queued = 0;       ///< batches in all its queues at the moment
  std::uint64_t fullest = 0;      ///< batches in the fullest of them
  std::uint64_t queue_limit = 0;  ///< batches that one queue holds at most
  /// What the instances of `to` have come to on this input, the least of them; nothing before the first watermark.
  std::optional<EventTime> watermark{};
  /// False between stages that are fused into one loop, where no batch rests that could be looked at.
  bool tappable = false;
};

/// What became of a job's checkpoints since it was started.
struct CheckpointMetrics {
  std::uint64_t completed = 0;
  std::uint64_t failed = 0;
  int failed_in_a_row = 0;      ///< since the newest complete one
  std::uint64_t newest = 0;     ///< number of the newest complete one; 0: there is none
  std::uint64_t under_way = 0;  ///< number of the one that is being taken; 0: none is
  std::uint64_t bytes = 0;      ///< of the newest complete one taken since the start
  std::uint64_t new_bytes = 0;  ///< of these, those that it did not share with earlier ones
  std::string last_failure{};   ///< of the newest, if it failed
};

/// How long events need from a source to a sink: what stands in queues and batches on the way, and the work. What an
/// operator keeps back on purpose, as a window does until it closes, is not in it. Markers that travel with the events tell.
struct PathLatency {
  std::string source;
  std::string sink;
  Histogram nanoseconds;  ///< of the last 45 to 60 seconds, a sample per source instance in 20 ms
};

struct JobMetrics {
  std::string job;
  std::chrono::nanoseconds running_for{};
  std::vector<VertexMetrics> vertices;  ///< in the order in which they were written
  CheckpointMetrics checkpoints{};
  std::uint64_t restarts = 0;  ///< after failures
  std::vector<EdgeMetrics> edges{};
  std::vector<PathLatency> paths{};  ///< those on which something came in the last minute

  /// The vertex of this name; throws `std::out_of_range` if there is none.
  const VertexMetrics& vertex(const std::string& name) const;
};

/// How a job ended.
enum class JobEnd : std::uint8_t {
  finished,   ///< every source ended, or `stop` was asked for, and all that was in flight came out
  failed,     ///< an exception; see `failure`
  cancelled,  ///< `cancel` was asked for: what was in flight is lost
  suspended,  ///< it can go on from its last checkpoint
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
