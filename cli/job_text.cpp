#include "job_text.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <streamwork/typed/enum_names.hpp>

namespace streamwork::cli {

namespace {

namespace api = console::api;
using Row = std::vector<std::string>;

/// Characters as people count them, nearly: bytes that begin a UTF-8 sequence.
std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char byte) { return (byte & 0xC0) != 0x80; }));
}

/// The first column to the left, numbers to the right.
std::string aligned(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths;
  for (const Row& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
  }
  std::string text;
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string space(widths[i] - width(row[i]), ' ');
      line += i == 0 ? row[i] + space : "  " + space + row[i];
    }
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

std::string number_text(const char* format, double number) {
  char text[40];
  std::snprintf(text, sizeof text, format, number);
  return text;
}

std::string percent_text(const std::optional<api::TimeShares>& shares, double share) {
  return shares ? number_text("%.0f %%", share * 100) : "-";
}

std::string bytes_text(const std::optional<std::uint64_t>& bytes) {
  if (!bytes) return "-";
  const auto number = static_cast<double>(*bytes);
  if (number >= 1e9) return number_text("%.2f GB", number / 1e9);
  if (number >= 1e6) return number_text("%.1f MB", number / 1e6);
  return number_text("%.0f kB", number / 1e3);
}

std::string time_text(const std::optional<double>& milliseconds) {
  if (!milliseconds) return "-";
  if (std::abs(*milliseconds) < 1000) return number_text("%.0f ms", *milliseconds);
  if (std::abs(*milliseconds) < 120'000) return number_text("%.1f s", *milliseconds / 1e3);
  if (std::abs(*milliseconds) < 7'200'000) return number_text("%.1f min", *milliseconds / 6e4);
  return number_text("%.1f h", *milliseconds / 3.6e6);
}

std::string microseconds_text(double microseconds) {
  return microseconds < 1000 ? number_text("%.0f us", microseconds) : time_text(microseconds / 1e3);
}

std::string latency_text(const api::Graph& graph, const std::vector<api::PathLatency>& paths) {
  if (paths.empty()) return "";
  std::vector<Row> rows = {{"latency", "p50", "p99", "p99.9", "most"}};
  for (const api::PathLatency& path : paths) {
    rows.push_back({graph.vertices.at(static_cast<std::size_t>(path.source)).name + " -> " +
                        graph.vertices.at(static_cast<std::size_t>(path.sink)).name,
                    microseconds_text(path.p50_us), microseconds_text(path.p99_us), microseconds_text(path.p999_us),
                    microseconds_text(path.max_us)});
  }
  return "\n" + aligned(rows);
}

std::string count_text(std::uint64_t count) { return count == 0 ? "-" : std::to_string(count); }

}  // namespace

std::string rate_text(std::optional<double> rate) {
  if (!rate) return "-";
  if (*rate >= 1e6) return number_text("%.2f M/s", *rate / 1e6);
  if (*rate >= 1e4) return number_text("%.1f k/s", *rate / 1e3);
  return number_text("%.0f/s", *rate);
}

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
                     time_text(static_cast<double>(metrics.running_for_ms)) + "\n" + metrics.sentence.text + "\n";
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
                    percent_text(vertex.shares, shares.busy + shares.queued),
                    percent_text(vertex.shares, shares.blocked), percent_text(vertex.shares, shares.idle),
                    time_text(vertex.watermark_lag_ms), vertex.state_rows ? std::to_string(*vertex.state_rows) : "-",
                    bytes_text(vertex.state_bytes), count_text(vertex.late), count_text(vertex.failed)});
  }
  text += "\n" + aligned(rows) + latency_text(graph, metrics.paths);
  if (!job.checkpoints) return text;
  return text + "\ncheckpoints: " + std::to_string(metrics.checkpoints.completed) + " complete, " +
         std::to_string(metrics.checkpoints.failed) + " failed" +
         (metrics.checkpoints.newest ? ", newest is number " + std::to_string(*metrics.checkpoints.newest) : "") + "\n";
}

std::string graph_text(const api::Graph& graph) {
  const auto name = [&](std::int64_t vertex) { return graph.vertices.at(static_cast<std::size_t>(vertex)).name; };
  std::string text = graph.job + ", " + std::to_string(graph.workers) + " workers\n";
  for (const api::Vertex& vertex : graph.vertices) {
    text += "\n" + vertex.name + "  (" + vertex.kind + ", " + std::to_string(vertex.parallelism) +
            (vertex.parallelism == 1 ? " instance)\n" : " instances)\n");
    for (const api::Edge& edge : graph.edges) {
      if (edge.from != vertex.id) continue;
      text += "  -> " + name(edge.to) + (edge.side_output ? ", side output " + *edge.side_output : "") +
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

std::string checkpoints_text(const api::CheckpointList& list) {
  std::vector<Row> rows = {{"number", "kind", "status", "took", "size", "slowest task"}};
  std::string failures;
  for (const api::Checkpoint& one : list.checkpoints) {
    const std::string number = one.number ? std::to_string(*one.number) : "-";
    std::string slowest = "-";
    if (!one.tasks.empty()) {
      const api::CheckpointTask& task = one.tasks.front();
      slowest = "chain " + std::to_string(task.chain) + " instance " + std::to_string(task.instance) + ": aligned " +
                time_text(static_cast<double>(task.alignment_us) / 1e3) + ", passed " +
                time_text(static_cast<double>(task.sync_us) / 1e3) +
                (task.async_us ? ", written " + time_text(static_cast<double>(*task.async_us) / 1e3) : "");
    }
    rows.push_back({number, one.kind, std::string(enum_name(one.status)), time_text(one.duration_ms),
                    bytes_text(one.bytes), slowest});
    if (one.failure) failures += number + " failed: " + *one.failure + "\n";
  }
  return aligned(rows) + failures;
}

}  // namespace streamwork::cli
