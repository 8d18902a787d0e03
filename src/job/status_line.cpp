#include "job/status_line.hpp"

#include <cstdio>

namespace streamwork::job {

namespace {

std::uint64_t events_in(const JobMetrics& metrics) {
  std::uint64_t events = 0;
  for (const VertexMetrics& vertex : metrics.vertices) {
    if (vertex.kind == "source") events += vertex.events_out();
  }
  return events;
}

std::uint64_t events_out(const JobMetrics& metrics) {
  std::uint64_t events = 0;
  for (const VertexMetrics& vertex : metrics.vertices) {
    if (vertex.kind == "sink") events += vertex.events_in();
  }
  return events;
}

/// At most four digits and a unit: "950/s", "12.5 k/s", "3.21 M/s".
std::string rate_text(std::uint64_t events, double seconds) {
  double rate = seconds > 0 ? static_cast<double>(events) / seconds : 0;
  const char* unit = "/s";
  if (rate >= 1e6) {
    rate /= 1e6;
    unit = " M/s";
  } else if (rate >= 1e4) {
    rate /= 1e3;
    unit = " k/s";
  }
  const bool whole = rate >= 1000 || unit[1] == 's';
  char text[40];
  std::snprintf(text, sizeof text, "%.*f%s", whole ? 0 : rate >= 100 ? 1 : 2, rate, unit);
  return text;
}

}  // namespace

std::string status_line(const JobMetrics& before, const JobMetrics& now) {
  const double seconds = std::chrono::duration<double>(now.running_for - before.running_for).count();
  char time[40];
  std::snprintf(time, sizeof time, "%4.0f s", std::chrono::duration<double>(now.running_for).count());
  return time + ("  in " + rate_text(events_in(now) - events_in(before), seconds)) + "  out " +
         rate_text(events_out(now) - events_out(before), seconds) + "  " + bottleneck(before, now);
}

}  // namespace streamwork::job
