#include <streamwork/streamwork.hpp>

#include "kit/simulated/readings.hpp"
#include "kit/simulated/scenario.hpp"

namespace streamwork::testkit {

namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t events = 150;

/// Readings from one source, with event time.
Stream<Reading> readings(Job& job, Variation& variation, Disorder disorder) {
  return job
      .source("readings",
              generate<Reading>([disorder](std::uint64_t i) { return reading(i, disorder); }, {.count = events}))
      .filter("risk", variation.risk<Reading>(), variation.steps())
      .event_time(&Reading::time, bounded_out_of_order(1s), {.granularity = 1ms});
}

std::string number(const Reading& event) { return line(event); }

class Counter {
 public:
  void open(OperatorContext& context) {
    key_ = context.current_key<std::string>();
    count_ = context.value_state<std::int64_t>("count");
  }
  void apply(const Reading&, Output<std::string>& out) { out.emit(line(*key_, ++*count_)); }

 private:
  CurrentKey<std::string> key_;
  ValueState<std::int64_t> count_;
};

/// A running count, and windows that take late events, of the same readings.
Job tumbling_windows(Variation& variation, Ledgers& ledgers) {
  Job job("tumbling");
  const auto keyed =
      readings(job, variation, Disorder::late).key_by(&Reading::key, {.parallelism = variation.parallelism()});
  keyed.apply("count", Counter{}).sink("counts", ledgers.sink("counts"));
  const SideOutput<Reading> late("late");
  const auto rows = keyed.window(tumbling(2s)).allowed_lateness(1s).late(late).aggregate("windows", count());
  rows.map("row", WindowLine()).sink("rows", ledgers.sink("rows"));
  rows.side(late).map("number", number).sink("late", ledgers.sink("late"));
  return job;
}

Job sliding_windows(Variation& variation, Ledgers& ledgers) {
  Job job("sliding");
  const SideOutput<Reading> late("late");
  const auto rows = readings(job, variation, Disorder::late)
                        .key_by(&Reading::key, {.parallelism = variation.parallelism()})
                        .window(sliding(3s, 1s))
                        .allowed_lateness(500ms)
                        .late(late)
                        .aggregate("windows", sum(&Reading::number));
  rows.map("row", WindowLine()).sink("rows", ledgers.sink("rows"));
  rows.side(late).map("number", number).sink("late", ledgers.sink("late"));
  return job;
}

/// Sessions, windows of so many events, and windows of the whole stream.
Job other_windows(Variation& variation, Ledgers& ledgers) {
  Job job("sessions");
  const Stream<Reading> all = readings(job, variation, Disorder::bounded);
  const auto keyed = all.key_by(&Reading::key, {.parallelism = variation.parallelism()});
  keyed.window(session(400ms))
      .aggregate("sessions", count())
      .map("session", WindowLine())
      .sink("sessions out", ledgers.sink("sessions"));
  keyed.window(count_windows(4, 2))
      .aggregate("fours", sum(&Reading::number))
      .map("four", WindowLine())
      .sink("fours out", ledgers.sink("fours"));
  keyed.window(cumulative(4s, 1s))
      .process("so far",
               [](const std::string&, const TimeWindow&, const std::vector<Reading>& inside) {
                 std::uint64_t sum = 0;
                 for (const Reading& one : inside) sum += one.number;
                 return sum * 1000 + inside.size();
               })
      .map("part", WindowLine())
      .sink("so far out", ledgers.sink("so far"));
  return job;
}

}  // namespace

std::vector<Scenario> window_scenarios() {
  return {{"tumbling", tumbling_windows}, {"sliding", sliding_windows}, {"sessions", other_windows}};
}

}  // namespace streamwork::testkit
