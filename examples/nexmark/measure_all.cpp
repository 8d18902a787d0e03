#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <vector>

#include "loops.hpp"
#include "measure.hpp"
#include "queries.hpp"

namespace nexmark {

namespace {

/// One side of a comparison: the middle of its runs.
struct Side {
  std::string name;
  double events_per_second = 0;
  double cpu_seconds = 0;
  double peak_megabytes = 0;
  std::uint64_t checkpoints = 0;
  std::vector<Measurement> runs{};
};

struct QueryReport {
  std::int64_t query = 0;
  std::string name;
  std::int64_t slide_milliseconds = 0;  ///< of query 5
  std::vector<Side> sides{};
  std::optional<double> ratio{};       ///< engine to loop, the generator included
  std::optional<double> ratio_made{};  ///< the same on events made beforehand
  std::optional<double> target{};
  double two_workers = 0;  ///< to one that runs the same plan
};

/// How late rows are at half of the load that the query can take.
struct LatencyReport {
  std::int64_t query = 0;
  std::string name;
  double offered = 0;  ///< events per second
  std::vector<Latencies> runs{};
};

struct Machine {
  std::string processor;
  std::int64_t cores = 0;
  std::string system;
  std::string compiler;
};

struct Report {
  std::string date;
  Machine machine;
  std::uint64_t seed = 0;
  std::int64_t rate = 0;
  std::uint64_t events = 0;
  std::int64_t runs = 0;
  double source_events_per_second = 0;
  std::vector<QueryReport> queries{};
  std::vector<LatencyReport> latencies{};
};

Machine this_machine() {
  Machine machine{.processor = "?", .cores = ::sysconf(_SC_NPROCESSORS_ONLN), .system = "?", .compiler = __VERSION__};
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const std::size_t colon = line.find(": ");
    if (!line.starts_with("model name") || colon == std::string::npos) continue;
    machine.processor = line.substr(colon + 2);
    break;
  }
  utsname system{};
  if (::uname(&system) == 0) machine.system = std::string(system.sysname) + " " + system.release + " " + system.machine;
  return machine;
}

std::string today() {
  const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm time{};
  std::array<char, 16> text{};
  ::gmtime_r(&now, &time);
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d", &time)};
}

struct Close {
  void operator()(std::FILE* pipe) const { ::pclose(pipe); }
};

/// In a process of its own, so that memory is its own and nothing is warm from the run before.
Measurement measure_apart(const Trial& trial) {
  const std::string program = std::filesystem::read_symlink("/proc/self/exe");
  std::string command = "'" + program + "' --side " + trial.side + " --query " + std::to_string(trial.query) +
                        " --seed " + std::to_string(trial.seed) + " --rate " + std::to_string(trial.rate) +
                        " --events " + std::to_string(trial.events) + " --workers " + std::to_string(trial.workers) +
                        " --parallelism " + std::to_string(trial.parallelism) + " --slide " +
                        std::to_string(trial.slide_milliseconds) + "ms";
  if (trial.made) command += " --made";
  if (trial.offered > 0) command += " --throttle " + std::to_string(trial.offered);
  const std::unique_ptr<std::FILE, Close> pipe(::popen(command.c_str(), "r"));
  if (!pipe) throw std::runtime_error("cannot start: " + command);
  std::string output;
  std::array<char, 4096> piece{};
  while (const std::size_t size = std::fread(piece.data(), 1, piece.size(), pipe.get()))
    output.append(piece.data(), size);
  if (output.empty()) throw std::runtime_error("nothing came from: " + command);
  return sw::from_json<Measurement>(output);
}

template <class Value>
Value middle(const std::vector<Measurement>& runs, Value Measurement::* member) {
  std::vector<Value> values;
  for (const Measurement& run : runs) values.push_back(run.*member);
  std::ranges::sort(values);
  return values[values.size() / 2];
}

void summarize(Side& side, std::uint64_t events) {
  side.events_per_second = static_cast<double>(events) / middle(side.runs, &Measurement::seconds);
  side.cpu_seconds = middle(side.runs, &Measurement::cpu_seconds);
  side.peak_megabytes = middle(side.runs, &Measurement::peak_megabytes);
  side.checkpoints = middle(side.runs, &Measurement::checkpoints);
}

constexpr const char* two_instances = "engine, two instances";
std::string of_two_instances(std::int64_t workers) {
  return std::string(two_instances) + ", workers: " + std::to_string(workers);
}

/// Engine and loop must come to the same rows; the windows of query 12 depend on the clock, and the changes of a table on the order
/// in which two instances come to them.
void expect_agreement(const QueryReport& report) {
  if (report.query == 12) return;
  const Measurement& first = report.sides.front().runs.front();
  for (const Side& side : report.sides) {
    for (const Measurement& run : side.runs) {
      if (side.name.starts_with(two_instances) || (run.rows == first.rows && run.checksum == first.checksum)) continue;
      throw std::runtime_error("q" + std::to_string(report.query) + ": " + side.name + " comes to " +
                               std::to_string(run.rows) + " rows with the checksum " + std::to_string(run.checksum) +
                               ", " + report.sides.front().name + " to " + std::to_string(first.rows) + " with " +
                               std::to_string(first.checksum));
    }
  }
}

std::optional<double> ratio(const QueryReport& report, const std::string& of, const std::string& to) {
  const auto side = [&](const std::string& name) { return std::ranges::find(report.sides, name, &Side::name); };
  if (side(of) == report.sides.end() || side(to) == report.sides.end()) return std::nullopt;
  return side(of)->events_per_second / side(to)->events_per_second;
}

QueryReport measure_query(const Query& query, const Trial& trial, std::int64_t runs) {
  const auto loop = std::ranges::find(loops, query.number, &Loop::query);
  QueryReport report{.query = query.number, .name = query.name, .slide_milliseconds = trial.slide_milliseconds};
  std::vector<Trial> trials;
  const auto add = [&](const std::string& name, const std::string& side, bool made, std::int64_t workers = 1,
                       std::int64_t parallelism = 1) {
    Trial& one = trials.emplace_back(trial);
    one.query = query.number;
    one.side = side;
    one.made = made;
    one.workers = workers;
    one.parallelism = parallelism;
    report.sides.push_back({.name = name});
  };
  for (const bool made : {false, true}) {
    const std::string suffix = made ? ", events made" : "";
    if (loop != loops.end()) add("loop" + suffix, "loop", made);
    add("engine" + suffix, "engine", made);
  }
  for (const std::int64_t workers : {1, 2}) add(of_two_instances(workers), "engine", false, workers, 2);
  for (std::int64_t run = 0; run < runs; ++run) {
    for (std::size_t i = 0; i < trials.size(); ++i) report.sides[i].runs.push_back(measure_apart(trials[i]));
  }
  for (Side& side : report.sides) summarize(side, trial.events);
  expect_agreement(report);
  report.ratio = ratio(report, "engine", "loop");
  report.ratio_made = ratio(report, "engine, events made", "loop, events made");
  if (loop != loops.end()) report.target = loop->target;
  report.two_workers = *ratio(report, of_two_instances(2), of_two_instances(1));
  return report;
}

const char* const heading =
    "query                       loop  engine   ratio    loop  engine   ratio  target  2 work-    CPU  memory      "
    "check-\n"
    "                         M events/s            events made beforehand            ers to 1      s  MB (loop)   "
    "points\n";

void print(const QueryReport& report) {
  const auto of = [&](const std::string& name) {
    const auto side = std::ranges::find(report.sides, name, &Side::name);
    return side == report.sides.end() ? Side{} : *side;
  };
  const Side engine = of("engine");
  const std::string title =
      "q" + std::to_string(report.query) + " " + report.name +
      (report.slide_milliseconds == 2000 ? "" : ", slide " + std::to_string(report.slide_milliseconds) + " ms");
  std::printf("%-24s %7.2f %7.2f %7.2f %7.2f %7.2f %7.2f %7.2f %8.2f %6.2f %5.0f (%4.0f) %7llu\n", title.c_str(),
              of("loop").events_per_second / 1e6, engine.events_per_second / 1e6, report.ratio.value_or(0),
              of("loop, events made").events_per_second / 1e6, of("engine, events made").events_per_second / 1e6,
              report.ratio_made.value_or(0), report.target.value_or(0), report.two_workers, engine.cpu_seconds,
              engine.peak_megabytes, of("loop").peak_megabytes, static_cast<unsigned long long>(engine.checkpoints));
  std::fflush(stdout);
}

constexpr std::int64_t latency_seconds = 20;

/// Half of what the engine has just been measured to take.
LatencyReport measure_latencies(const QueryReport& query, const Trial& trial, std::int64_t runs) {
  const auto engine = std::ranges::find(query.sides, "engine", &Side::name);
  LatencyReport report{.query = query.query, .name = query.name, .offered = std::floor(engine->events_per_second / 2)};
  Trial one = trial;
  one.query = query.query;
  one.side = "latency";
  one.offered = report.offered;
  one.events = static_cast<std::uint64_t>(report.offered) * latency_seconds;
  for (std::int64_t run = 0; run < runs; ++run) report.runs.push_back(*measure_apart(one).latencies);
  return report;
}

void print(const LatencyReport& report) {
  for (const Latencies& run : report.runs) {
    std::printf(
        "q%lld %s, %.2f M events/s offered: %llu rows, p50 %.0f, p99 %.0f, p99.9 %.0f, p99.99 %.0f, at most %.0f us\n",
        static_cast<long long>(report.query), report.name.c_str(), report.offered / 1e6,
        static_cast<unsigned long long>(run.rows), run.p50, run.p99, run.p999, run.p9999, run.most);
  }
  std::fflush(stdout);
}

}  // namespace

int measure_all(const Trial& trial, std::int64_t runs, const std::string& json_path) {
  Report report{.date = today(),
                .machine = this_machine(),
                .seed = trial.seed,
                .rate = trial.rate,
                .events = trial.events,
                .runs = runs};
  Side source{.name = "source"};
  Trial alone = trial;
  alone.side = "source";
  for (std::int64_t run = 0; run < runs; ++run) source.runs.push_back(measure_apart(alone));
  summarize(source, trial.events);
  report.source_events_per_second = source.events_per_second;
  std::printf("%llu events at a nominal rate of %lld per second; the source alone makes %.2f M events/s\n\n%s",
              static_cast<unsigned long long>(trial.events), static_cast<long long>(trial.rate),
              source.events_per_second / 1e6, heading);
  try {
    for (const Query& query : queries) {
      print(report.queries.emplace_back(measure_query(query, trial, runs)));
      if (query.number != 5) continue;
      Trial fine = trial;
      fine.slide_milliseconds = 20;
      print(report.queries.emplace_back(measure_query(query, fine, runs)));
    }
    std::printf(
        "\nfrom the moment when the event was due that lets a window close, until a row of it is in the sink:\n");
    for (const QueryReport& query : report.queries) {
      const bool asked = (query.query == 5 || query.query == 8) && query.slide_milliseconds == trial.slide_milliseconds;
      if (asked) print(report.latencies.emplace_back(measure_latencies(query, trial, runs)));
    }
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "%s\n", failure.what());
    return 1;
  }
  if (!json_path.empty()) {
    std::ofstream file(json_path);
    file << sw::to_json(report) << '\n';
    if (!file.flush()) {
      std::fprintf(stderr, "the report cannot be written to '%s'\n", json_path.c_str());
      return 1;
    }
  }
  return 0;
}

}  // namespace nexmark
