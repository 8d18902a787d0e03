#include <streamwork/async.hpp>
#include <streamwork/streamwork.hpp>

#include "kit/simulated/readings.hpp"
#include "kit/simulated/scenario.hpp"

namespace streamwork::testkit {

namespace {

using namespace std::chrono_literals;

Stream<Reading> readings(Job& job, Variation& variation, const std::string& name, std::uint64_t events) {
  return job
      .source(name, generate<Reading>([](std::uint64_t i) { return reading(i, Disorder::bounded); }, {.count = events}))
      .filter(name + " risk", variation.risk<Reading>(), variation.steps());
}

/// Sends on what is even, and the rest to a side output.
class Sorter {
 public:
  void open(OperatorContext& context) {
    odd_ = &context.side_output(odd);
    seen_ = context.value_state<std::uint64_t>("seen");
  }
  void apply(const Reading& event, Output<Reading>& out) {
    ++*seen_;
    event.number % 2 == 0 ? out.emit(event) : odd_->emit(event);
  }
  static inline const SideOutput<Reading> odd{"odd"};

 private:
  Output<Reading>* odd_ = nullptr;
  ValueState<std::uint64_t> seen_;
};

/// A fork whose branches are of unequal length and join again: one asks a service.
Job fork_and_merge(Variation& variation, Ledgers& ledgers) {
  Job job("fork");
  const Stream<Reading> all = readings(job, variation, "readings", 150)
                                  .event_time(&Reading::time, bounded_out_of_order(1s), {.granularity = 1ms});
  const auto sorted = all.key_by(&Reading::key, {.parallelism = variation.parallelism()}).apply("sorter", Sorter{});
  const Stream<Reading> asked = sorted.async_map(
      "ask", on_threads(2, [](const Reading& event) { return Reading{event.number + 1000, event.key, event.time}; }),
      {.in_flight = 5, .order = AsyncOrder::unordered, .attempts = 1000});  // time flies here
  const Stream<Reading> odd = sorted.side(Sorter::odd)
                                  .shuffle({.parallelism = variation.parallelism()})
                                  .filter("odd risk", variation.risk<Reading>(), variation.steps());
  merge(asked, odd)
      .key_by(&Reading::key, {.parallelism = variation.parallelism()})
      .window(tumbling(1s))
      .aggregate("windows", sum(&Reading::number))
      .map("row", WindowLine())
      .sink("rows", ledgers.sink("rows"));
  return job;
}

/// Calls that are in flight when a barrier comes: in order, in front of windows that some events are too late for, and in any
/// order.
Job calls(Variation& variation, Ledgers& ledgers) {
  Job job("calls");
  const SideOutput<Reading> late("late");
  const auto ask = [&](const std::string& name, const auto& stream, AsyncOrder order) {
    return stream.async_map(name, on_threads(2, [](const Reading& event) { return event; }),
                            {.in_flight = 4, .order = order, .attempts = 1000});  // time flies here
  };
  const Stream<Reading> timed = readings(job, variation, "readings", 150)
                                    .event_time(&Reading::time, bounded_out_of_order(500ms), {.granularity = 1ms});
  const auto rows = ask("ask", timed, AsyncOrder::ordered)
                        .key_by(&Reading::key, {.parallelism = variation.parallelism()})
                        .window(tumbling(1s))
                        .late(late)
                        .aggregate("windows", sum(&Reading::number));
  rows.map("row", WindowLine()).sink("rows", ledgers.sink("rows"));
  rows.side(late)
      .map("late number", [](const Reading& event) { return line(event); })
      .sink("late", ledgers.sink("late"));
  ask("ask keys", timed.key_by(&Reading::key, {.parallelism = variation.parallelism()}), AsyncOrder::unordered)
      .map("number", [](const Reading& event) { return line(event); })
      .sink("all", ledgers.sink("all"));
  return job;
}

/// Events and watermarks that wait in small buffers, which become part of snapshots.
Job buffered(Variation& variation, Ledgers& ledgers) {
  Job job("buffered");
  readings(job, variation, "readings", 150)
      .event_time(&Reading::time, bounded_out_of_order(1s), {.granularity = 1ms})
      .on_overload("buffer", block(7))
      .filter("buffer risk", variation.risk<Reading>(), variation.steps())
      .shuffle({.parallelism = variation.parallelism()})
      .on_overload("buffers", block(2))
      .key_by(&Reading::key, {.parallelism = variation.parallelism()})
      .window(tumbling(1s))
      .aggregate("windows", sum(&Reading::number))
      .map("row", WindowLine())
      .sink("rows", ledgers.sink("rows"));
  return job;
}

/// Streams of two sources merged in one task, and event time that is given behind a regrouping.
Job merged_sources(Variation& variation, Ledgers& ledgers) {
  Job job("merged");
  const Stream<Reading> one = readings(job, variation, "one", 100);
  const Stream<Reading> two = readings(job, variation, "two", 40);
  const auto timed = [](const Stream<Reading>& stream, const std::string& name) {
    return Stream<Reading>(
        stream.event_time(&Reading::time, bounded_out_of_order(1s), {.granularity = 1ms, .name = name}));
  };
  const Stream<Reading> merged =
      merge(timed(one.partition_by([](const Reading&, int) { return 0; }, {.parallelism = 1}), "one time"),
            timed(two, "two time"));
  merged.key_by(&Reading::key, {.parallelism = variation.parallelism()})
      .window(sliding(2s, 1s))
      .aggregate("windows", count())
      .map("row", WindowLine())
      .sink("rows", ledgers.sink("rows"));
  merged.map("number", [](const Reading& event) { return line(event); }).sink("all", ledgers.sink("all"));
  return job;
}

}  // namespace

std::vector<Scenario> graph_scenarios() {
  return {{"fork", fork_and_merge}, {"merged", merged_sources}, {"buffered", buffered}, {"calls", calls}};
}

}  // namespace streamwork::testkit
