// The benchmark table: the engine against hand-written loops that do the same work on the same events in the same run.
// What is measured and how: docs/performance.md.

#include <exception>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine_checkpoints.hpp"
#include "idle.hpp"
#include "latency.hpp"
#include "machine.hpp"
#include "options.hpp"
#include "report.hpp"
#include "throughput_rows.hpp"

namespace benchmark {

namespace {

const std::string latency_row = "latency";
const std::string idle_row = "idle";
const std::string pauses_row = "checkpoint_pauses";
const std::string restore_row = "restore";

std::vector<std::string> names_of_all_rows() {
  std::vector<std::string> names;
  for (const Contest& contest : throughput_rows(true)) names.push_back(contest.name);
  names.push_back(latency_row);
  names.push_back(idle_row);
  names.push_back(pauses_row);
  names.push_back(restore_row);
  return names;
}

void print(const std::string& text) { std::cout << text << std::flush; }

LatencyPlan latency_plan(const Options& options) {
  LatencyPlan plan;
  plan.runs = options.runs;
  if (options.quick) {
    plan.seconds = 0.2;
    plan.warm_up_seconds = 0.1;
  }
  return plan;
}

PauseReport measure_pauses(bool quick) {
  const std::uint64_t keys = quick ? 1'000 : 5'000'000;
  const std::uint64_t events = quick ? 20'000 : 400'000'000;
  Pauses with, without;
  engine_keyed_count_surviving(events / 4, keys, false, &without);
  engine_keyed_count_surviving(events, keys, true, &with);
  const auto microseconds = [](double nanoseconds) { return nanoseconds / 1000; };
  PauseReport report{"running count of 5,000,000 keys, a checkpoint every second", with.checkpoints, with.seconds,
                     with.megabytes, disk_speed()};
  report.p50 = microseconds(static_cast<double>(with.gaps.quantile(0.5)));
  report.p99_9 = microseconds(static_cast<double>(with.gaps.quantile(0.999)));
  report.max = microseconds(static_cast<double>(with.gaps.max()));
  report.p99_9_without = microseconds(static_cast<double>(without.gaps.quantile(0.999)));
  report.max_without = microseconds(static_cast<double>(without.gaps.max()));
  report.p99_9_target = 5000;
  return report;
}

RestoreReport measure_restore(bool quick) {
  const std::uint64_t keys = quick ? 1'000 : 10'000'000;
  const Restored restored = measure_restore_of(keys);
  return {keys, restored.checkpoint_megabytes, restored.suspend_seconds, restored.restore_seconds,
          restored.resident_megabytes};
}

/// Prints what was found; of a quick run only that it was, since its times mean nothing.
template <class Found>
void show(const Options& options, const std::string& row, const Found& found) {
  print(options.quick ? row + ": the results agree\n" : as_table(found));
}

Report measure(const Options& options) {
  Report report;
  report.date = today();
  report.machine = this_machine();
  report.runs = options.runs;
  report.quick = options.quick;
  if (!options.quick) print(heading(report));
  for (const Contest& contest : throughput_rows(options.quick)) {
    if (!options.wants(contest.name)) continue;
    show(options, contest.name, report.throughput.emplace_back(hold(contest, options.runs)));
  }
  if (options.wants(latency_row)) {
    show(options, latency_row, report.latency.emplace(measure_latency(latency_plan(options))));
  }
  if (options.wants(idle_row)) {
    show(options, idle_row, report.idle.emplace(measure_idle(options.quick ? 0.2 : 10)));
  }
  if (options.wants(pauses_row)) show(options, pauses_row, report.pauses.emplace(measure_pauses(options.quick)));
  if (options.wants(restore_row)) show(options, restore_row, report.restore.emplace(measure_restore(options.quick)));
  return report;
}

void write_file(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text << std::flush;
  if (!file) throw std::runtime_error(path + " cannot be written");
}

int run(int argc, char** argv) {
  int exit_code = 0;
  const std::optional<Options> options = parse(argc, argv, names_of_all_rows(), exit_code);
  if (!options) return exit_code;
  if (options->idle_child_seconds) return run_idle_child(*options->idle_child_seconds);
  const Report report = measure(*options);
  if (!options->json.empty()) write_file(options->json, as_json(report));
  return 0;
}

}  // namespace

}  // namespace benchmark

int main(int argc, char** argv) {
  try {
    return benchmark::run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "engine_benchmark: " << error.what() << "\n";
    return 1;
  }
}
