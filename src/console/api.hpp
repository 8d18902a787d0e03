// The objects of the API (api.yaml), which become JSON by reflection: a field here is a field there.
// Thread rule: plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace streamwork::console::api {

enum class State : std::uint8_t { running, stopping, restarting, finished, suspended, failed, cancelled };

struct CheckpointPlace {
  std::string directory{};
  std::int64_t interval_ms = 0;
};

struct Job {
  std::string id{};
  std::string name{};
  State state = State::running;
  std::optional<std::string> failure{};
  std::int64_t started_ms = 0;
  std::optional<std::int64_t> ended_ms{};
  std::int64_t process_id = 0;
  std::int64_t workers = 0;
  std::string delivery{};
  std::optional<CheckpointPlace> checkpoints{};
  std::uint64_t restarts = 0;
  std::vector<std::string> controls{};
};

struct JobList {
  std::string version{};
  std::vector<Job> jobs{};
};

struct Accepted {
  std::string accepted{};
};

enum class StopMode : std::uint8_t { drain, suspend };
struct StopRequest {
  StopMode mode = StopMode::drain;
  std::optional<bool> savepoint{};
};

struct Rescaled {
  std::string vertex{};
  int parallelism = 1;
};
struct RescaleRequest {
  std::vector<Rescaled> vertices{};
};

struct Windows {
  std::string text{};
  double step_ms = 0;
  double length_ms = 0;
  double offset_ms = 0;
  bool cumulative = false;
  bool by_wall_clock = false;
  double lateness_ms = 0;
};

struct Vertex {
  std::int64_t id = 0;
  std::string name{};
  std::string kind{};
  std::int64_t chain = 0;
  std::int64_t parallelism = 1;
  std::optional<Windows> windows{};
};

struct Edge {
  std::int64_t id = 0;
  std::int64_t from = 0;
  std::int64_t to = 0;
  std::optional<std::string> side_output{};
  std::string grouping{};
  bool inside_task = true;
  std::uint64_t channels = 0;
  bool tappable = false;
};

struct Chain {
  std::int64_t id = 0;
  std::int64_t parallelism = 1;
  bool blocking = false;
  std::vector<std::int64_t> vertices{};
};

struct Graph {
  std::uint64_t revision = 0;
  std::string job{};
  std::int64_t workers = 0;
  std::vector<Vertex> vertices{};
  std::vector<Edge> edges{};
  std::vector<Chain> chains{};
};

enum class Level : std::uint8_t { good, notice, warning, bad };
enum class SentenceKind : std::uint8_t {
  healthy,
  starting,
  idle,
  bottleneck,
  outside,
  calls,
  watermark,
  late,
  failed_events,
  dropped,
  checkpoint,
  restart,
  ended,
};

struct Sentence {
  Level level = Level::good;
  SentenceKind kind = SentenceKind::healthy;
  std::string text{};
  std::optional<std::int64_t> vertex{};
  std::optional<std::int64_t> instance{};
  std::optional<std::int64_t> victim{};
};

struct TimeShares {
  double busy = 0;
  double queued = 0;
  double blocked = 0;
  double calling = 0;
  double idle = 0;
};

struct Holder {
  std::int64_t vertex = 0;
  std::int64_t instance = 0;
};

struct BlockedBy {
  std::int64_t vertex = 0;
  double share = 0;
};

struct InputTime {
  std::int64_t edge = 0;
  std::optional<double> watermark_ms{};
  std::optional<double> watermark_lag_ms{};
};

struct InstanceMetrics {
  std::int64_t instance = 0;
  std::uint64_t events_in = 0;
  std::uint64_t events_out = 0;
  std::optional<double> rate_in{};
  std::optional<double> rate_out{};
  std::optional<TimeShares> shares{};
  std::optional<double> watermark_ms{};
  std::optional<double> watermark_lag_ms{};
  std::optional<Holder> held_back_by{};
  std::optional<std::uint64_t> state_rows{};
  std::optional<std::uint64_t> state_bytes{};
  std::uint64_t late = 0;
  std::uint64_t late_after_idle = 0;
  std::uint64_t failed = 0;
  std::uint64_t retried = 0;
  std::uint64_t dropped = 0;
  std::uint64_t in_flight = 0;
  std::uint64_t unclaimed = 0;
};

struct VertexMetrics {
  std::int64_t vertex = 0;
  std::uint64_t events_in = 0;
  std::uint64_t events_out = 0;
  std::optional<double> rate_in{};
  std::optional<double> rate_out{};
  std::optional<TimeShares> shares{};
  std::optional<double> watermark_ms{};
  std::optional<double> watermark_lag_ms{};
  std::optional<Holder> held_back_by{};
  std::optional<std::uint64_t> state_rows{};
  std::optional<std::uint64_t> state_bytes{};
  std::uint64_t late = 0;
  std::uint64_t late_after_idle = 0;
  std::uint64_t failed = 0;
  std::uint64_t retried = 0;
  std::uint64_t dropped = 0;
  std::uint64_t in_flight = 0;
  std::uint64_t unclaimed = 0;
  std::vector<BlockedBy> blocked_by{};
  std::vector<InputTime> inputs{};
  std::vector<InstanceMetrics> instances{};
};

struct EdgeMetrics {
  std::int64_t edge = 0;
  std::uint64_t events = 0;
  std::optional<double> rate{};
  std::uint64_t queued_batches = 0;
  std::uint64_t queue_batches = 0;
  std::optional<double> queue_fill{};
};

struct PathLatency {
  std::int64_t source = 0;
  std::int64_t sink = 0;
  std::uint64_t count = 0;
  double p50_us = 0;
  double p99_us = 0;
  double p999_us = 0;
  double max_us = 0;
};

struct CheckpointSummary {
  std::uint64_t completed = 0;
  std::uint64_t failed = 0;
  std::optional<std::uint64_t> newest{};
  std::optional<std::string> last_failure{};
  std::optional<std::uint64_t> under_way{};
};

struct Metrics {
  std::uint64_t sequence = 0;
  std::int64_t time_ms = 0;
  std::int64_t running_for_ms = 0;
  std::int64_t interval_ms = 0;
  std::uint64_t revision = 0;
  State state = State::running;
  Sentence sentence{};
  std::vector<Sentence> problems{};
  std::vector<VertexMetrics> vertices{};
  std::vector<EdgeMetrics> edges{};
  std::vector<PathLatency> paths{};
  CheckpointSummary checkpoints{};
  std::uint64_t restarts = 0;
};

struct CheckpointTask {
  std::int64_t chain = 0;
  std::int64_t instance = 0;
  std::vector<std::int64_t> vertices{};
  std::int64_t started_us = 0;
  std::int64_t alignment_us = 0;
  std::int64_t sync_us = 0;
  std::optional<std::int64_t> async_us{};
  std::uint64_t bytes = 0;
};

enum class CheckpointStatus : std::uint8_t { under_way, complete, failed };
struct Checkpoint {
  std::optional<std::uint64_t> number{};
  std::string kind{};
  CheckpointStatus status = CheckpointStatus::under_way;
  std::int64_t begun_ms = 0;
  double duration_ms = 0;
  std::uint64_t bytes = 0;
  std::optional<std::string> failure{};
  std::vector<CheckpointTask> tasks{};
};

struct CheckpointList {
  std::vector<Checkpoint> checkpoints{};
};

struct Exception {
  std::int64_t time_ms = 0;
  std::string message{};
  bool restarted = false;
};

struct ExceptionList {
  std::vector<Exception> exceptions{};
};

struct Experiment {
  std::int64_t id = 0;
  std::string name{};
  std::string description{};
  std::string watch{};
  bool can_be_ended = false;
  bool under_way = false;
  std::uint64_t begun = 0;
};

struct ExperimentList {
  std::vector<Experiment> experiments{};
};

enum class LogLevel : std::uint8_t { info, warning, error };
struct LogLine {
  std::uint64_t sequence = 0;
  std::int64_t time_ms = 0;
  LogLevel level = LogLevel::info;
  std::string text{};
};

struct Log {
  std::vector<LogLine> lines{};
};

struct VertexHistory {
  std::int64_t vertex = 0;
  // What is not known is NaN, which is written as null.
  std::vector<float> rate_in{};
  std::vector<float> rate_out{};
  std::vector<float> busy{};
  std::vector<float> blocked{};
  std::vector<float> watermark_lag_ms{};
  std::vector<float> state_bytes{};
};

struct History {
  std::int64_t interval_ms = 0;
  std::vector<std::int64_t> times_ms{};
  std::vector<float> rate_in{};
  std::vector<float> rate_out{};
  std::vector<VertexHistory> vertices{};
};

struct PlanComponent {
  std::string name{};
  std::int64_t parallelism = 1;
};

struct PlanEdge {
  std::string from{};
  std::string to{};
  std::string grouping{};
};

struct Plan {
  std::string name{};
  std::vector<PlanComponent> sources{};
  std::vector<PlanComponent> operators{};
  std::vector<PlanComponent> sinks{};
  std::vector<PlanEdge> edges{};
};

}  // namespace streamwork::console::api
