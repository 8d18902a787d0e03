// Runs a query of the benchmark over events that it makes, or writes the events down.
#include <algorithm>
#include <cstdio>
#include <exception>
#include <string>

#include "dump.hpp"
#include "measure.hpp"
#include "queries.hpp"

namespace {

using namespace nexmark;

struct Options {
  std::int64_t query = -1;
  std::int64_t events = 1'000'000;
  std::int64_t rate = 10'000;
  std::int64_t seed = 1;
  std::int64_t parallelism = 1;
  double throttle = 0;
  std::string output;
  std::string dump;
  bool changes = false;
  sw::Duration slide = 2s;
  std::int64_t prices = 10;
  bool all = false;
  std::int64_t runs = 5;
  std::string json;
  std::string side;
  bool made = false;

  void add_to(sw::CommandLine& command_line);
  std::string problem() const;
  Trial trial(int workers) const;
  Generator generator() const { return {static_cast<std::uint64_t>(seed), rate}; }
  std::uint64_t count() const { return static_cast<std::uint64_t>(events); }
};

void Options::add_to(sw::CommandLine& command_line) {
  command_line.option("--query", query, "The query, 0 to 22", 0, 22);
  command_line.option("--events", events, "Number of events", 1, std::int64_t{1} << 40U);
  command_line.option("--rate", rate, "Events per second of event time; it does not slow the run", 1, 1'000'000'000);
  command_line.option("--seed", seed, "Of the events", 0, std::int64_t{1} << 62U);
  command_line.option("--parallelism", parallelism, "Instances of the source and behind every grouping", 1, 128);
  command_line.option("--throttle", throttle, "Events per second of the wall clock; 0: as fast as possible");
  command_line.option("--output", output,
                      "Where the rows go, as JSON lines: PATH, dir:PATH or - for standard output (q10: the directory "
                      "it writes to); without it they are counted",
                      sw::check_text_target);
  command_line.option("--dump-events", dump, "Writes the events as JSON lines to this path, in their order");
  command_line.flag("--changes", changes, "A query whose result is a table gives out every change of it");
  command_line.option("--slide", slide, "Of the windows of query 5", 1ms);
  command_line.option("--prices", prices, "Of how many sales query 6 takes the average", 1, 1000);
  command_line.flag("--all", all, "Measures every query beside a loop written by hand, and prints a table");
  command_line.option("--runs", runs, "With --all: how often", 1, 100);
  command_line.option("--json", json, "With --all: where the measurements go, too");
  command_line.choice("--side", side,
                      "Runs a query once to measure it, or the loop that does the same, or tells how late the rows of "
                      "q5 and q8 are at the load of --throttle",
                      {"engine", "loop", "source", "latency"});
  command_line.flag("--made", made, "With --side: the events are made beforehand, in memory");
  command_line.check([this] { return problem(); });
}

std::string Options::problem() const {
  if (query < 0 && dump.empty() && !all) return "expected --query, --dump-events or --all";
  const auto is_this = [this](const Query& one) { return one.number == query; };
  if (query >= 0 && std::ranges::none_of(queries, is_this))
    return "--query " + std::to_string(query) + ": there is no such query";
  if (side == "latency" && ((query != 5 && query != 8) || throttle <= 0))
    return "--side latency: it wants --query 5 or 8, and a --throttle";
  if (throttle > sw::Pace::greatest_rate) return "--throttle: expected at most 1e12 events per second";
  if (!Timeline(rate).holds(count())) return "--events and --rate: the events take more than 292 years";
  return {};
}

Trial Options::trial(int workers) const {
  return {
      .query = std::max<std::int64_t>(query, 0),
      .seed = static_cast<std::uint64_t>(seed),
      .rate = rate,
      .events = count(),
      .made = made,
      .side = side,
      .offered = throttle,
      .workers = workers == 0 ? 1 : workers,
      .parallelism = parallelism,
      .slide_milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(slide).count(),
  };
}

int run_query(const Options& options, const sw::CommandLine& command_line) {
  const auto checksum = std::make_shared<Checksum>();
  const Setup setup{
      .job = sw::Job("nexmark q" + std::to_string(options.query)),
      .source = Source(options.generator(), options.count(), options.throttle),
      .rows = options.output.empty() || options.query == 10 ? RowSink(checksum) : RowSink(options.output),
      .output = options.output.starts_with("dir:") ? options.output.substr(4) : options.output,
      .parallelism = static_cast<int>(options.parallelism),
      .changes = options.changes,
      .slide = options.slide,
      .selling_prices = options.prices,
  };
  std::ranges::find(queries, options.query, &Query::number)->write(setup);
  const int exit_code = sw::run(setup.job, command_line);
  if (options.output.empty() && exit_code == 0)
    std::fprintf(stderr, "%llu rows\n", static_cast<unsigned long long>(checksum->rows));
  return exit_code;
}

int run(const Options& options, const sw::CommandLine& command_line) {
  if (options.all) return measure_all(options.trial(command_line.workers()), options.runs, options.json);
  if (!options.side.empty()) {
    std::printf("%s\n", sw::to_json(measure(options.trial(command_line.workers()))).c_str());
    return 0;
  }
  if (!options.dump.empty() && !dump_events(options.generator(), options.count(), options.dump)) return 1;
  return options.query < 0 ? 0 : run_query(options, command_line);
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  sw::CommandLine command_line("nexmark", "Runs the queries of the Nexmark benchmark over events that it makes.");
  options.add_to(command_line);
  if (const auto exit_code = command_line.parse(argc, argv)) return *exit_code;
  try {
    return run(options, command_line);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "nexmark: %s\n", error.what());
    return 1;
  }
}
