#include <streamwork/streamwork.hpp>

#include "kit/simulated/readings.hpp"
#include "kit/simulated/scenario.hpp"

namespace streamwork::testkit {

namespace {

using namespace std::chrono_literals;

std::vector<Reading> ordered_readings(std::uint64_t count) {
  std::vector<Reading> all;
  for (std::uint64_t i = 0; i < count; ++i) all.push_back(reading(i, Disorder::none));
  return all;
}

/// Windows and a list of what came, of a source whose instances are never the same number twice.
template <class Source>
Job from_source(const char* name, const Source& source, Variation& variation, Ledgers& ledgers) {
  Job job(name);
  const Stream<Reading> all = job.source("readings", source, {.parallelism = variation.parallelism()})
                                  .filter("risk", variation.risk<Reading>(), variation.steps())
                                  .event_time(&Reading::time, bounded_out_of_order(1s), {.granularity = 1ms});
  const SideOutput<Reading> late("late");
  const auto rows = all.key_by(&Reading::key, {.parallelism = variation.parallelism()})
                        .window(tumbling(1s))
                        .late(late)
                        .aggregate("windows", count());
  rows.map("row", WindowLine()).sink("rows", ledgers.sink("rows"));
  rows.side(late)
      .map("late number", [](const Reading& event) { return line(event); })
      .sink("late", ledgers.sink("late"));
  all.map("number", [](const Reading& event) { return line(event); }).sink("all", ledgers.sink("all"));
  return job;
}

/// Splits that are read side by side.
Job residue_classes(Variation& variation, Ledgers& ledgers) {
  return from_source("residue classes",
                     generate<Reading>([](std::uint64_t i) { return reading(i, Disorder::bounded); }, {.count = 150}),
                     variation, ledgers);
}

/// Splits that are read one after another.
Job blocks(Variation& variation, Ledgers& ledgers) {
  return from_source("blocks", from_vector(ordered_readings(150)), variation, ledgers);
}

}  // namespace

std::vector<Scenario> source_scenarios() { return {{"residue_classes", residue_classes}, {"blocks", blocks}}; }

}  // namespace streamwork::testkit
