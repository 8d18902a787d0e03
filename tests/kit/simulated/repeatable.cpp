// Jobs of which every event comes out by itself, whatever else was taken with it: if some are taken twice, lines come twice, and no
// line is another.
#include <chrono>
#include <streamwork/connectors/collection.hpp>
#include <streamwork/connectors/generator.hpp>
#include <streamwork/windowed_stream.hpp>
#include <string>
#include <vector>

#include "kit/simulated/readings.hpp"
#include "kit/simulated/scenario.hpp"

namespace streamwork::testkit {

namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t events = 150;

/// Keeps what comes, and gives it out when event time has come further.
class Waiting {
 public:
  void open(OperatorContext& context) {
    timers_ = context.event_timers();
    time_ = context.time();
    numbers_ = context.value_state<std::vector<std::uint64_t>>("numbers");
  }
  void apply(const Reading& event, Output<std::string>&) {
    numbers_->push_back(event.number);
    timers_.set(time_.event_time() + 1500ms);
  }
  void on_timer(EventTime, Output<std::string>& out) {
    for (const std::uint64_t number : *numbers_) out.emit(line(number));
    numbers_->clear();
  }

 private:
  EventTimers timers_;
  OperatorTime time_;
  ValueState<std::vector<std::uint64_t>> numbers_;
};

/// Events that wait in windows and in an operator's state, and events that go straight through.
template <class Source>
Job kept_for_a_while(const char* name, const Source& source, Variation& variation, Ledgers& ledgers) {
  Job job(name);
  const Stream<Reading> all = job.source("readings", source, {.parallelism = variation.parallelism()})
                                  .filter("risk", variation.risk<Reading>(), variation.steps())
                                  .event_time(&Reading::time, bounded_out_of_order(1s), {.granularity = 1ms});
  const auto keyed = all.key_by(&Reading::key, {.parallelism = variation.parallelism()});
  keyed.window(tumbling(1s))
      .process("windows",
               [](const std::string&, const TimeWindow&, const std::vector<Reading>& inside) { return inside; })
      .flat_map("events",
                [](const WindowResult<std::string, std::vector<Reading>>& row) {
                  std::vector<std::string> lines;
                  for (const Reading& event : row.value) lines.push_back(line(row.key, row.start, event));
                  return lines;
                })
      .sink("rows", ledgers.sink("rows"));
  keyed.apply("waiting", Waiting{}).sink("waited", ledgers.sink("waited"));
  all.shuffle({.parallelism = variation.parallelism()})
      .map("number", [](const Reading& event) { return line(event); })
      .sink("all", ledgers.sink("all"));
  return job;
}

Job of_residue_classes(Variation& variation, Ledgers& ledgers) {
  return kept_for_a_while(
      "residue classes",
      generate<Reading>([](std::uint64_t i) { return reading(i, Disorder::bounded); }, {.count = events}), variation,
      ledgers);
}

Job of_blocks(Variation& variation, Ledgers& ledgers) {
  std::vector<Reading> readings;
  for (std::uint64_t i = 0; i < events; ++i) readings.push_back(reading(i, Disorder::none));
  return kept_for_a_while("blocks", from_vector(std::move(readings)), variation, ledgers);
}

}  // namespace

std::vector<Scenario> repeatable_scenarios() {
  return {{"residue_classes", of_residue_classes}, {"blocks", of_blocks}};
}

}  // namespace streamwork::testkit
