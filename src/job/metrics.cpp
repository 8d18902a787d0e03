#include <algorithm>
#include <array>
#include <cstdio>
#include <numeric>
#include <stdexcept>
#include <streamwork/metrics.hpp>

namespace streamwork {

namespace {

std::uint64_t sum(const std::vector<InstanceMetrics>& instances, std::uint64_t InstanceMetrics::* counter) {
  return std::accumulate(
      instances.begin(), instances.end(), std::uint64_t{0},
      [counter](std::uint64_t total, const InstanceMetrics& instance) { return total + instance.*counter; });
}

using Row = std::array<std::string, 5>;

/// Characters as people count them, nearly: bytes that begin a UTF-8 sequence.
std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char byte) { return (byte & 0xC0) != 0x80; }));
}

/// The first column to the left, numbers to the right.
std::string aligned(const std::vector<Row>& rows) {
  std::array<std::size_t, std::tuple_size_v<Row>> widths{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
  }
  std::string text;
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string space(widths[i] - width(row[i]), ' ');
      text += i == 0 ? row[i] + space : "  " + space + row[i];
    }
    text += '\n';
  }
  return text;
}

}  // namespace

std::uint64_t VertexMetrics::events_in() const { return sum(instances, &InstanceMetrics::events_in); }
std::uint64_t VertexMetrics::events_out() const { return sum(instances, &InstanceMetrics::events_out); }
std::uint64_t VertexMetrics::failed() const { return sum(instances, &InstanceMetrics::failed); }
std::uint64_t VertexMetrics::late() const { return sum(instances, &InstanceMetrics::late); }
std::uint64_t VertexMetrics::retried() const { return sum(instances, &InstanceMetrics::retried); }
std::uint64_t VertexMetrics::dropped() const { return sum(instances, &InstanceMetrics::dropped); }
std::uint64_t VertexMetrics::unclaimed() const { return sum(instances, &InstanceMetrics::unclaimed); }

const VertexMetrics& JobMetrics::vertex(const std::string& name) const {
  const auto found = std::ranges::find(vertices, name, &VertexMetrics::name);
  if (found == vertices.end()) throw std::out_of_range("job '" + job + "' has no vertex '" + name + "'");
  return *found;
}

std::string summary_table(const JobMetrics& metrics) {
  std::vector<Row> rows = {{"vertex", "instances", "in", "out", "failed"}};
  std::string notes;
  for (const VertexMetrics& vertex : metrics.vertices) {
    rows.push_back({vertex.name, std::to_string(vertex.instances.size()),
                    vertex.kind == "source" ? "-" : std::to_string(vertex.events_in()),
                    vertex.kind == "sink" ? "-" : std::to_string(vertex.events_out()),
                    std::to_string(vertex.failed())});
    if (vertex.retried() > 0)
      notes +=
          "note: '" + vertex.name + "' made " + std::to_string(vertex.retried()) + " calls again that had failed\n";
    if (vertex.late() > 0)
      notes += "note: " + std::to_string(vertex.late()) + " events came too late for '" + vertex.name + "'\n";
    if (vertex.dropped() > 0)
      notes += "note: '" + vertex.name + "' dropped " + std::to_string(vertex.dropped()) +
               " events, because those behind it did not keep up\n";
    if (vertex.unclaimed() == 0) continue;
    notes += "note: '" + vertex.name + "' emitted " + std::to_string(vertex.unclaimed()) +
             " events to side outputs from which no stream was made\n";
  }
  char time[40];
  std::snprintf(time, sizeof time, "%.1f s", std::chrono::duration<double>(metrics.running_for).count());
  return metrics.job + ", " + time + "\n" + aligned(rows) + notes;
}

}  // namespace streamwork
