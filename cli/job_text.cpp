#include "job_text.hpp"

#include <algorithm>
#include <cmath>
#include <streamwork/typed/enum_names.hpp>

namespace streamwork::cli {

namespace {

namespace api = console::api;

const std::string& name_of(const api::Graph& graph, std::int64_t vertex) {
  return graph.vertices.at(static_cast<std::size_t>(vertex)).name;
}

std::string share_text(const std::optional<api::TimeShares>& shares, double share) {
  return shares ? percent_text(share) : "-";
}

std::string latency_text(const api::Graph& graph, const std::vector<api::PathLatency>& paths) {
  if (paths.empty()) return "";
  std::vector<Row> rows = {{"latency", "p50", "p99", "p99.9", "most"}};
  for (const api::PathLatency& path : paths) {
    rows.push_back({name_of(graph, path.source) + " -> " + name_of(graph, path.sink), microseconds_text(path.p50_us),
                    microseconds_text(path.p99_us), microseconds_text(path.p999_us), microseconds_text(path.max_us)});
  }
  return "\n" + aligned(rows);
}

std::string holder_text(const api::Graph& graph, const std::optional<api::Holder>& holder) {
  return holder ? name_of(graph, holder->vertex) + " instance " + std::to_string(holder->instance) : "-";
}

/// "windows: tumbling 5s, late events for another 1 s" and the end of the line; empty: it has none.
std::string windows_text(const api::Graph& graph, std::int64_t vertex) {
  const std::optional<api::Windows>& windows = graph.vertices.at(static_cast<std::size_t>(vertex)).windows;
  if (!windows) return {};
  const bool waits = windows->lateness_ms > 0;
  return "windows: " + windows->text + (waits ? ", late events for another " + span_text(windows->lateness_ms) : "") +
         "\n";
}

/// The edges that lead to a vertex, then those that leave it.
std::string edges_text(const api::Graph& graph, const api::Metrics& metrics, const api::VertexMetrics& vertex) {
  std::vector<Row> rows = {{"edge", "grouping", "rate", "queue", "event time behind"}};
  for (const bool arriving : {true, false}) {
    for (const api::Edge& edge : graph.edges) {
      if ((arriving ? edge.to : edge.from) != vertex.vertex) continue;
      const auto now = std::ranges::find(metrics.edges, edge.id, &api::EdgeMetrics::edge);
      const auto input = std::ranges::find(vertex.inputs, edge.id, &api::InputTime::edge);
      const bool known = now != metrics.edges.end();
      rows.push_back({name_of(graph, edge.from) + " -> " + name_of(graph, edge.to), edge.grouping,
                      rate_text(known ? now->rate : std::nullopt),
                      known && now->queue_fill ? percent_text(*now->queue_fill) + " full" : "-",
                      arriving && input != vertex.inputs.end() ? span_text(input->watermark_lag_ms) : "-"});
    }
  }
  return aligned(rows);
}

}  // namespace

std::string list_text(const std::vector<FoundJob>& jobs) {
  if (jobs.empty()) return "no job with a console runs on this machine\n";
  std::vector<Row> rows = {{"job", "state", "process", "console"}};
  for (const FoundJob& found : jobs) {
    rows.push_back({found.job.name, std::string(enum_name(found.job.state)), std::to_string(found.job.process_id),
                    found.place.url()});
  }
  return aligned(rows);
}

std::string status_text(const api::Job& job, const api::Graph& graph, const api::Metrics& metrics) {
  std::string text = job.name + ", " + std::string(enum_name(job.state)) + " for " +
                     span_text(static_cast<double>(metrics.running_for_ms)) + "\n" + metrics.sentence.text + "\n";
  for (const api::Sentence& problem : metrics.problems) {
    if (problem.text != metrics.sentence.text) text += problem.text + "\n";
  }
  std::vector<Row> rows = {
      {"vertex", "inst.", "in", "out", "busy", "blocked", "idle", "lag", "keys", "state", "late", "bad"}};
  for (const api::VertexMetrics& vertex : metrics.vertices) {
    const api::Vertex& drawn = graph.vertices.at(static_cast<std::size_t>(vertex.vertex));
    const api::TimeShares shares = vertex.shares.value_or(api::TimeShares{});
    rows.push_back({drawn.name, std::to_string(drawn.parallelism),
                    drawn.kind == "source" ? "-" : rate_text(vertex.rate_in),
                    drawn.kind == "sink" ? "-" : rate_text(vertex.rate_out),
                    share_text(vertex.shares, shares.busy + shares.queued), share_text(vertex.shares, shares.blocked),
                    share_text(vertex.shares, shares.idle), span_text(vertex.watermark_lag_ms),
                    vertex.state_rows ? std::to_string(*vertex.state_rows) : "-", bytes_text(vertex.state_bytes),
                    count_text(vertex.late), count_text(vertex.failed)});
  }
  text += "\n" + aligned(rows) + latency_text(graph, metrics.paths);
  if (!job.checkpoints) return text;
  return text + "\ncheckpoints: " + std::to_string(metrics.checkpoints.completed) + " complete, " +
         std::to_string(metrics.checkpoints.failed) + " failed" +
         (metrics.checkpoints.newest ? ", newest is number " + std::to_string(*metrics.checkpoints.newest) : "") + "\n";
}

std::string vertex_text(const api::Graph& graph, const api::Metrics& metrics, std::int64_t vertex) {
  const auto found = std::ranges::find(metrics.vertices, vertex, &api::VertexMetrics::vertex);
  if (found == metrics.vertices.end()) return "nothing is known of it yet\n";
  std::vector<Row> rows = {{"instance", "in", "out", "busy", "blocked", "idle", "lag", "held back by", "keys", "state",
                            "late", "bad", "dropped", "in flight"}};
  for (const api::InstanceMetrics& one : found->instances) {
    const api::TimeShares shares = one.shares.value_or(api::TimeShares{});
    rows.push_back({std::to_string(one.instance), rate_text(one.rate_in), rate_text(one.rate_out),
                    share_text(one.shares, shares.busy + shares.queued), share_text(one.shares, shares.blocked),
                    share_text(one.shares, shares.idle), span_text(one.watermark_lag_ms),
                    holder_text(graph, one.held_back_by), one.state_rows ? std::to_string(*one.state_rows) : "-",
                    bytes_text(one.state_bytes), count_text(one.late), count_text(one.failed), count_text(one.dropped),
                    count_text(one.in_flight)});
  }
  std::string waits;
  for (const api::BlockedBy& by : found->blocked_by)
    waits += "waits for '" + name_of(graph, by.vertex) + "' " + percent_text(by.share) + " of the time\n";
  return name_of(graph, vertex) + "\n" + windows_text(graph, vertex) + waits + "\n" + aligned(rows) + "\n" +
         edges_text(graph, metrics, *found);
}

std::string history_text(const api::History& history) {
  std::vector<Row> rows = {{"time", "in", "out"}};
  for (std::size_t i = 0; i < history.times_ms.size(); ++i) {
    const auto rate = [&](const std::vector<float>& rates) {
      return i < rates.size() && !std::isnan(rates[i]) ? rate_text(static_cast<double>(rates[i])) : "-";
    };
    rows.push_back({moment_text(history.times_ms[i]), rate(history.rate_in), rate(history.rate_out)});
  }
  return aligned(rows);
}

std::string graph_text(const api::Graph& graph) {
  std::string text = graph.job + ", " + std::to_string(graph.workers) + " workers\n";
  for (const api::Vertex& vertex : graph.vertices) {
    text += "\n" + vertex.name + "  (" + vertex.kind + ", " + std::to_string(vertex.parallelism) +
            (vertex.parallelism == 1 ? " instance" : " instances") +
            (vertex.windows ? ", windows: " + vertex.windows->text : "") + ")\n";
    for (const api::Edge& edge : graph.edges) {
      if (edge.from != vertex.id) continue;
      text += "  -> " + name_of(graph, edge.to) + (edge.side_output ? ", side output " + *edge.side_output : "") +
              (edge.grouping == "direct" ? "" : ", " + edge.grouping) + "\n";
    }
  }
  return text;
}

std::string experiments_text(const std::vector<api::Experiment>& experiments) {
  if (experiments.empty()) return "the job has no experiments\n";
  std::string text;
  for (const api::Experiment& one : experiments) {
    text += one.name + (one.under_way ? "  (under way: --undo ends it)" : "") + "\n  " + one.description +
            "\n  watch: " + one.watch + "\n";
  }
  return text;
}

std::string checkpoint_text(const api::Graph& graph, const api::Checkpoint& checkpoint) {
  const auto us = [](std::int64_t microseconds) { return microseconds_text(static_cast<double>(microseconds)); };
  std::vector<Row> rows = {{"task", "began after", "aligned", "passed", "written", "size"}};
  for (const api::CheckpointTask& task : checkpoint.tasks) {
    const std::string name =
        task.vertices.empty() ? "chain " + std::to_string(task.chain) : name_of(graph, task.vertices.front());
    rows.push_back({name + " instance " + std::to_string(task.instance), us(task.started_us), us(task.alignment_us),
                    us(task.sync_us), task.async_us ? us(*task.async_us) : "-", bytes_text(task.bytes)});
  }
  return moment_text(checkpoint.begun_ms) + ", " + checkpoint.kind + ", " + std::string(enum_name(checkpoint.status)) +
         ", took " + span_text(checkpoint.duration_ms) + ", " + bytes_text(checkpoint.bytes) +
         (checkpoint.failure ? "\nfailed: " + *checkpoint.failure : "") + "\n\n" + aligned(rows);
}

std::string checkpoints_text(const api::CheckpointList& list) {
  std::vector<Row> rows = {{"number", "kind", "status", "took", "size", "slowest task"}};
  std::string failures;
  for (const api::Checkpoint& one : list.checkpoints) {
    const std::string number = one.number ? std::to_string(*one.number) : "-";
    std::string slowest = "-";
    if (!one.tasks.empty()) {
      const api::CheckpointTask& task = one.tasks.front();
      slowest = "chain " + std::to_string(task.chain) + " instance " + std::to_string(task.instance) + ": aligned " +
                span_text(static_cast<double>(task.alignment_us) / 1e3) + ", passed " +
                span_text(static_cast<double>(task.sync_us) / 1e3) +
                (task.async_us ? ", written " + span_text(static_cast<double>(*task.async_us) / 1e3) : "");
    }
    rows.push_back({number, one.kind, std::string(enum_name(one.status)), span_text(one.duration_ms),
                    bytes_text(one.bytes), slowest});
    if (one.failure) failures += number + " failed: " + *one.failure + "\n";
  }
  return aligned(rows) + failures;
}

}  // namespace streamwork::cli
