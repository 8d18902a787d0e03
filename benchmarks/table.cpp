#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <string>

#include "report.hpp"

namespace benchmark {

namespace {

#if defined(__GNUC__)
__attribute__((format(printf, 1, 2)))
#endif
std::string
text(const char* format, ...) {
  char line[256];
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  return line;
}

std::string verdict(bool met) { return met ? "met" : "FALLS SHORT"; }

/// The speed of a contender, or nothing where the row has none of that name.
std::string speed_of(const ThroughputRow& row, const std::string& contender) {
  const auto found = std::ranges::find(row.contenders, contender, &Contender::name);
  return found == row.contenders.end() ? text("%9s", "") : text("%9.1f", found->million_events_per_second);
}

std::string columns_of(const Ratio& ratio) {
  std::string columns = text("   %5.2f  (%.2f to %.2f)", ratio.ratio, ratio.least, ratio.greatest);
  if (ratio.target) columns += text("%8.2f  ", *ratio.target) + verdict(ratio.ratio >= *ratio.target);
  return columns + "\n";
}

std::string line_for_extra(const ThroughputRow& row) {
  const Contender& shorter = row.contenders[row.contenders.size() - 2];
  const Contender& longer = row.contenders.back();
  const Spread& extra = *row.extra_nanoseconds_per_event;
  return text("%-17s %5.0f   %s %.1f, %s %.1f: the difference is %.2f ns per event (%.2f to %.2f)\n", row.name.c_str(),
              static_cast<double>(row.events) / 1e6, shorter.name.c_str(), shorter.million_events_per_second,
              longer.name.c_str(), longer.million_events_per_second, extra.median, extra.least, extra.greatest);
}

std::string line_for(const Percentiles& found) {
  return text("    %-14s %9.1f %9.1f %9.1f %9.1f %9.1f %9.1f\n", found.of.c_str(), found.p50, found.p90, found.p99,
              found.p99_9, found.p99_99, found.max);
}

}  // namespace

std::string heading(const Report& report) {
  const Machine& machine = report.machine;
  std::string lines =
      text("%s, %lld %s, Linux %s, huge pages: %s\n", machine.processor.c_str(), static_cast<long long>(machine.cores),
           machine.virtual_machine ? "virtual cores" : "cores", machine.kernel.c_str(), machine.huge_pages.c_str());
  lines += text("%s, %s\n", machine.compiler.c_str(), machine.flags.c_str());
  lines += text("Medians of %lld interleaved runs; in brackets the extremes of neighbouring runs.\n\n",
                static_cast<long long>(report.runs));
  lines += text("%-17s %5s%30s   %s\n", "", "M", "M events/s", "engine / plain loop");
  return lines + text("%-17s %5s %9s%9s%9s    %s\n", "", "events", "plain", "tuned", "engine",
                      "          (extremes)    target");
}

std::string as_table(const ThroughputRow& row) {
  if (row.extra_nanoseconds_per_event) return line_for_extra(row);
  std::string lines;
  for (const Ratio& ratio : row.ratios) {
    if (&ratio == &row.ratios.front()) {
      lines += text("%-17s %5.0f ", row.name.c_str(), static_cast<double>(row.events) / 1e6) +
               speed_of(row, "plain loop") + speed_of(row, "tuned loop") + speed_of(row, ratio.of);
    } else if (ratio.target) {
      lines += text("  %-39s", (ratio.of + " / " + ratio.to).c_str()) + speed_of(row, ratio.to);
    } else {
      continue;  // a ratio that nothing is demanded of is in the JSON report
    }
    lines += columns_of(ratio);
  }
  return lines;
}

std::string as_table(const LatencyReport& latency) {
  std::string lines =
      text("\nlatency: %s\n    %.0f events/s, open loop, from the moment each event was due, %g s a run\n",
           latency.work.c_str(), latency.events_per_second, latency.seconds);
  lines += text("    %-14s %9s %9s %9s %9s %9s %9s\n", "microseconds", "p50", "p90", "p99", "p99.9", "p99.99", "max");
  lines += line_for(latency.engine) + line_for(latency.machine);
  lines += text("    p50 at most %g: ", latency.p50_target) + verdict(latency.engine.p50 <= latency.p50_target);
  lines += text(", p99 at most %g: ", latency.p99_target) + verdict(latency.engine.p99 <= latency.p99_target);
  return lines + "\n";
}

std::string as_table(const IdleReport& idle) {
  std::string lines = text("\nidle: a job that waits for input, %.1f s\n", idle.seconds);
  lines += text("    CPU    %6.3f %%, below %g: ", idle.cpu_percent, idle.cpu_percent_target) +
           verdict(idle.cpu_percent < idle.cpu_percent_target);
  lines += text("    memory %5.1f MB, below %g: ", idle.resident_megabytes, idle.resident_megabytes_target) +
           verdict(idle.resident_megabytes < idle.resident_megabytes_target);
  return lines + "\n";
}

std::string as_table(const RestoreReport& restore) {
  return text(
      "\nrestore: %.0f keys, checkpoint of %.0f MB: suspended in %.2f s, on again after %.2f s, %.0f MB resident\n",
      static_cast<double>(restore.keys), restore.checkpoint_megabytes, restore.suspend_seconds, restore.restore_seconds,
      restore.resident_megabytes);
}

std::string as_table(const PauseReport& pauses) {
  std::string lines =
      text("\npauses: %s\n    %.0f checkpoints of %.0f MB in %.0f s; the disk takes %.0f MB/s\n", pauses.work.c_str(),
           static_cast<double>(pauses.checkpoints), pauses.megabytes, pauses.seconds, pauses.disk_megabytes_per_second);
  lines += text("    microseconds between looks at the clock: p50 %.0f, p99.9 %.0f, max %.0f\n", pauses.p50,
                pauses.p99_9, pauses.max);
  lines += text("    without checkpoints: p99.9 %.0f, max %.0f\n", pauses.p99_9_without, pauses.max_without);
  lines += text("    p99.9 at most %.0f: ", pauses.p99_9_target) + verdict(pauses.p99_9 <= pauses.p99_9_target);
  return lines + "\n";
}

}  // namespace benchmark
