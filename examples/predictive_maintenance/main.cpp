// Finds worn bearings before they fail, from the vibration and temperature of machines.
//
//   readings --> event time --by machine--> statistics (10 min, every minute) --+--> wear watch --+--> alerts
//                                                            machine table -----+                 +--> incidents
//
// With --live (`./dev demo`) the plant never ends, time passes some hundred times as fast as on the wall, instead of a
// report there is a logbook to look at, and the console has buttons that break things.
#include <cstdio>
#include <memory>

#include "break_it.hpp"
#include "incidents.hpp"
#include "live_board.hpp"
#include "logbook.hpp"
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
  std::int64_t hours = 0;  ///< 0: not told
  double rate = 0;
  bool live = false;
  double speed = 300;
  std::int64_t parallelism = 1;
  std::string output;
  std::string report;

  int instances() const { return static_cast<int>(parallelism); }
  std::int64_t length() const { return hours > 0 ? hours : live ? hours_without_end : 24; }
  void add_to(sw::CommandLine& command_line);
};

void Options::add_to(sw::CommandLine& command_line) {
  command_line.option("--seed", seed, "Of the made-up plant", 0, std::int64_t{1} << 62U);
  command_line.option("--machines", machines, "Number of machines", 1, 100'000);
  command_line.option("--hours", hours, "Length of the plant's time; 24 unless given, with --live without end", 1,
                      10'000);
  command_line.option("--rate", rate, "Readings per second of the wall clock; 0: as fast as possible");
  command_line.flag("--live", live, "Shows the plant to a person as time passes, instead of a report");
  command_line.option("--speed", speed, "With --live: how many times as fast as on the wall time passes in the plant");
  command_line.option("--output", output,
                      "Where the alerts go, as JSON lines: PATH, dir:PATH or - for standard output (unless given: with "
                      "--live nowhere)",
                      sw::check_text_target);
  command_line.option("--report", report, "Where the report goes: PATH or -; standard error unless given");
  command_line.check([this]() -> std::string {
    if (rate > sw::Pace::greatest_rate) return "--rate: expected at most 1e12 readings per second";
    if (live && !(speed > 0 && speed <= 1e6)) return "--speed: expected a number above 0 and at most 1e6";
    return {};
  });
  command_line.option("--parallelism", parallelism, "Instances of each component", 1, 128);
}

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

/// The readings from number `first` to `end`, `rate` of them per second, or as fast as possible.
sw::Stream<Reading> readings_of(sw::Job& job, const std::string& name, const std::shared_ptr<const Plant>& plant,
                                std::uint64_t first, std::uint64_t end, double rate, const Options& options,
                                const std::shared_ptr<Faults>& faults = std::make_shared<Faults>()) {
  sw::GenerateOptions pace{.count = end - first};
  if (rate > 0) pace.rate = rate;
  return job
      .source(
          name,
          sw::generate<Reading>(
              [plant, first, faults](std::uint64_t number) { return faults->deliver(plant->reading(first + number)); },
              pace),
          {.parallelism = options.instances()})
      .event_time(&Reading::time, sw::bounded_out_of_order(10s));
}

/// Who begins to watch a plant that runs has its past at once, and then what happens as it happens.
sw::Stream<Reading> live_readings_of(sw::Job& job, const std::shared_ptr<const Plant>& plant, const Options& options,
                                     const std::shared_ptr<Faults>& faults) {
  constexpr std::uint64_t hours_of_past = 7;  // the detector needs some to know the machines
  const std::uint64_t now = std::min(plant->readings(), hours_of_past * plant->readings_per_hour());
  const double rate =
      options.rate > 0 ? options.rate : options.speed * static_cast<double>(plant->readings_per_hour()) / 3600;
  return sw::merge(readings_of(job, "past readings", plant, 0, now, 0, options),
                   readings_of(job, "readings", plant, now, plant->readings(), rate, options, faults)
                       .map("plausible", plausible, {.bad_events = sw::skip_bad_events()}));
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

/// The logbook, and now and then the most worn machines, for a person; all levels for the historian.
void show(const sw::Stream<Alert>& alerts, const sw::Stream<Anomaly>& watched, const sw::GroupingOptions& spread,
          const std::shared_ptr<Faults>& faults) {
  // Forward: a task of its own, whose queue is seen to fill when it is slow.
  watched.side(wear_levels).global().forward().sink("historian", Historian(faults), {.blocking = true});
  const sw::Stream<LogEntry> log =
      sw::connect(alerts.key_by(&Alert::number, spread), watched.side(standstills).key_by(&Standstill::machine, spread))
          .apply("logbook", Logbook{});
  const auto worst =
      watched.side(wear_levels)
          .filter("every quarter of an hour",
                  [](const WearLevel& level) { return level.level > 0 && level.time.time_since_epoch() % 15min == 0s; })
          .window(sw::tumbling(1min))
          .aggregate("most worn", sw::top_n(3, &WearLevel::level));
  sw::merge(
      sw::Stream<BoardLine>(log.map("log lines", [](const LogEntry& entry) { return BoardLine(entry); })),
      sw::Stream<BoardLine>(worst.map(
          "lines of the most worn", [](const auto& window) { return BoardLine(MostWorn{window.end, window.value}); })))
      .global()
      .sink("board", LiveBoard{});
}

void write_job(sw::Job& job, const std::shared_ptr<const Plant>& plant, const Options& options,
               const Collection& collection) {
  const auto faults = std::make_shared<Faults>();
  const sw::GroupingOptions spread{.parallelism = options.instances()};
  const ReadingsByMachine readings =
      (options.live ? live_readings_of(job, plant, options, faults)
                    : readings_of(job, "readings", plant, 0, plant->readings(), options.rate, options))
          .key_by(&Reading::machine, spread);
  const sw::Stream<WindowSummary> summaries =
      readings.window(sw::sliding(10min, 1min)).aggregate("rolling statistics", Statistics{});
  const sw::EventTime beginning = plant->reading(0).time;  // the machines have been there from then on
  const auto table = job.source("machine table", sw::from_vector(plant->machines()))
                         .event_time([beginning](const Machine&) { return beginning; }, sw::ascending())
                         .key_by(&Machine::machine, spread);
  const sw::Stream<Anomaly> anomalies = sw::join(summaries.key_by(&WindowSummary::key, spread), table)
                                            .latest("with machine", sw::TableWait::the_whole, sw::JoinType::left)
                                            .key_by(&KnownWindow::key, spread)
                                            .apply("wear watch", FragileWearWatch(faults));
  const auto by_machine = anomalies.key_by(&Anomaly::machine, spread);

  const sw::Stream<Alert> alerts = by_machine.apply("first of incident", FirstOfIncident{});
  if (!options.live || !options.output.empty())
    alerts.sink("alerts", sw::write_json_lines(options.output.empty() ? "-" : options.output));
  if (options.live) {
    offer_experiments(job, faults);
    return show(alerts, anomalies, spread, faults);
  }
  alerts.sink("collect alerts", sw::collect(collection.alerts));
  by_machine.window(sw::session(incident_gap))
      .aggregate("incidents", IncidentHistory{})
      .sink("collect incidents", sw::collect(collection.incidents));
  collect_samples(readings, summaries, collection);
}

void welcome(const Options& options) {
  std::fprintf(stderr,
               "A made-up plant of %lld machines, where an hour takes %.3g s. Worn bearings shake and get warm before "
               "they fail;\n"
               "from 100 %% of a machine's limit on there is an alert. A status line a second; Ctrl-C ends it.\n"
               "The console's page, below, shows the job at work, and has buttons that break it.\n",
               static_cast<long long>(options.machines), 3600 / options.speed);
}

/// Whoever crashes it wants to see it recover, as often as they like; the next demo begins anew.
void survive_crashes(sw::CommandLine& command_line) {
  if (command_line.checkpoints().directory.empty()) {
    sw::CheckpointOptions checkpoints = command_line.checkpoints();
    checkpoints.directory = sw::checkpoints_in_memory;
    checkpoints.interval = 3s;
    command_line.set_checkpoints(checkpoints);
  }
  if (!command_line.restart()) command_line.set_restart(sw::restart_at_fixed_delay(1'000'000, 2s));
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
  options.add_to(command_line);
  if (const auto exit_code = command_line.parse(argc, argv)) return *exit_code;
  if (options.live) survive_crashes(command_line);

  const auto plant =
      std::make_shared<const Plant>(static_cast<std::uint64_t>(options.seed), options.machines, options.length());
  const Collection collection;
  sw::Job job{"predictive_maintenance"};
  write_job(job, plant, options, collection);
  if (options.live && command_line.explain().empty()) welcome(options);
  const int exit_code = sw::run(job, command_line);
  if (exit_code != 0 || !command_line.explain().empty() || options.live) return exit_code;
  return write_report(report_of(collection.findings(), plant->machines(), plant->failures()), options.report);
}
