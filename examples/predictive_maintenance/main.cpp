// Finds worn bearings before they fail, from the vibration and temperature of machines.
//
//   readings --> event time --by machine--> statistics (10 min, every minute) --+--> wear watch --+--> alerts
//                                                            machine table -----+                 +--> incidents
#include <cstdio>
#include <memory>

#include "incidents.hpp"
#include "plant.hpp"
#include "report.hpp"
#include "statistics.hpp"
#include "wear_watch.hpp"

namespace {

using namespace maintenance;
using namespace std::chrono_literals;

struct Options {
  std::int64_t seed = 1;
  std::int64_t machines = 60;
  std::int64_t hours = 24;
  double rate = 0;
  std::int64_t parallelism = 1;
  std::string output = "-";
  std::string report;
};

/// What the job fills while it runs.
struct Collection {
  sw::Collected<Alert> alerts;
  sw::Collected<Incident> incidents;
  sw::Collected<Sample> means_of_a_minute;
  sw::Collected<Sample> greatest_of_a_minute;
  sw::Collected<Sample> means_of_ten_minutes;

  Findings findings() const {
    return {alerts.snapshot(), incidents.snapshot(), means_of_a_minute.snapshot(), greatest_of_a_minute.snapshot(),
            means_of_ten_minutes.snapshot()};
  }
};

using ReadingsByMachine = sw::KeyedStream<std::int64_t, Reading>;

ReadingsByMachine readings_of(sw::Job& job, const std::shared_ptr<const Plant>& plant, const Options& options) {
  sw::GenerateOptions pace{.count = plant->readings()};
  if (options.rate > 0) pace.rate = options.rate;
  return job
      .source("readings", sw::generate<Reading>([plant](std::uint64_t number) { return plant->reading(number); }, pace),
              {.parallelism = static_cast<int>(options.parallelism)})
      .event_time(&Reading::time, sw::bounded_out_of_order(10s))
      .key_by(&Reading::machine, {.parallelism = static_cast<int>(options.parallelism)});
}

/// For the comparison with thresholds in the report; the alerts do not need it.
void collect_samples(const ReadingsByMachine& readings, const sw::Stream<WindowSummary>& summaries,
                     const Collection& collection) {
  const auto minute = readings.window(sw::tumbling(1min));
  minute
      .aggregate("means of a minute", sw::average(&Reading::vibration), sw::average(&Reading::temperature),
                 sw::average(&Reading::load))
      .map("means",
           [](const auto& of) {
             return std::apply([&](auto... mean) { return Sample{of.key, of.end, mean...}; }, of.value);
           })
      .sink("collect means", sw::collect(collection.means_of_a_minute));
  minute
      .aggregate("greatest of a minute", sw::maximum(&Reading::vibration), sw::maximum(&Reading::temperature),
                 sw::maximum(&Reading::load))
      .map("greatest",
           [](const auto& of) {
             return std::apply([&](auto... most) { return Sample{of.key, of.end, most...}; }, of.value);
           })
      .sink("collect greatest", sw::collect(collection.greatest_of_a_minute));
  summaries
      .map("long means",
           [](const WindowSummary& of) {
             return Sample{of.key, of.end, std::exp(of.value.log_vibration), of.value.temperature, of.value.load};
           })
      .sink("collect long means", sw::collect(collection.means_of_ten_minutes));
}

void write_job(sw::Job& job, const std::shared_ptr<const Plant>& plant, const Options& options,
               const Collection& collection) {
  const sw::GroupingOptions spread{.parallelism = static_cast<int>(options.parallelism)};
  const ReadingsByMachine readings = readings_of(job, plant, options);
  const sw::Stream<WindowSummary> summaries =
      readings.window(sw::sliding(10min, 1min)).aggregate("rolling statistics", Statistics{});
  const auto table = job.source("machine table", sw::from_vector(plant->machines()))
                         .event_time([](const Machine&) { return sw::EventTime(); }, sw::ascending())
                         .key_by(&Machine::machine, spread);
  const sw::Stream<Anomaly> anomalies = sw::join(summaries.key_by(&WindowSummary::key, spread), table)
                                            .latest("with machine", sw::TableWait::the_whole, sw::JoinType::left)
                                            .key_by(&KnownWindow::key, spread)
                                            .apply("wear watch", WearWatch{});
  const auto by_machine = anomalies.key_by(&Anomaly::machine, spread);

  const sw::Stream<Alert> alerts = by_machine.apply("first of incident", FirstOfIncident{});
  alerts.sink("alerts", sw::write_json_lines(options.output));
  alerts.sink("collect alerts", sw::collect(collection.alerts));
  by_machine.window(sw::session(incident_gap))
      .aggregate("incidents", IncidentHistory{})
      .sink("collect incidents", sw::collect(collection.incidents));
  collect_samples(readings, summaries, collection);
}

int write_report(const std::string& report, const std::string& path) {
  std::FILE* file = path.empty() ? stderr : path == "-" ? stdout : std::fopen(path.c_str(), "w");
  bool written = file != nullptr && std::fputs(report.c_str(), file) >= 0 && std::fflush(file) == 0;
  if (file != nullptr && file != stderr && file != stdout) written = std::fclose(file) == 0 && written;
  if (!written) std::fprintf(stderr, "predictive_maintenance: the report cannot be written to '%s'\n", path.c_str());
  return written ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  sw::CommandLine command_line("predictive_maintenance", "Finds worn bearings of machines before they fail.");
  command_line.option("--seed", options.seed, "Of the made-up plant", 0, std::int64_t{1} << 62U);
  command_line.option("--machines", options.machines, "Number of machines", 1, 100'000);
  command_line.option("--hours", options.hours, "Length of the plant's time", 1, 10'000);
  command_line.option("--rate", options.rate, "Readings per second of the wall clock; 0: as fast as possible");
  command_line.option("--output", options.output, "Where the alerts go, as JSON lines: PATH, or - for standard output");
  command_line.option("--report", options.report, "Where the report goes: PATH or -; standard error unless given");
  command_line.option("--parallelism", options.parallelism, "Instances of each component", 1, 128);
  if (const auto exit_code = command_line.parse(argc, argv)) return *exit_code;

  const auto plant =
      std::make_shared<const Plant>(static_cast<std::uint64_t>(options.seed), options.machines, options.hours);
  const Collection collection;
  sw::Job job{"predictive_maintenance"};
  write_job(job, plant, options, collection);
  const int exit_code = sw::run(job, command_line);
  if (exit_code != 0 || !command_line.explain().empty()) return exit_code;
  return write_report(report_of(collection.findings(), plant->machines(), plant->failures()), options.report);
}
