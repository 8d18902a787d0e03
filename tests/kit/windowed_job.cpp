#include "kit/windowed_job.hpp"

#include <stdexcept>
#include <streamwork/connectors/collection.hpp>
#include <streamwork/run.hpp>
#include <streamwork/testing.hpp>
#include <streamwork/windowed_stream.hpp>
#include <variant>

namespace streamwork::testkit {

namespace {

struct GapOfEach {
  WindowRules rules;
  Duration operator()(const Timed& event) const { return gap_of(rules, event); }
};

using Windows = std::variant<windows::Tumbling, windows::Sliding, windows::Cumulative,
                             windows::Session<windows::FixedGap>, windows::Session<GapOfEach>, windows::Count>;

Windows windows_of(const WindowRules& rules) {
  switch (rules.kind) {
    case WindowKind::tumbling:
      return tumbling(rules.length);
    case WindowKind::sliding:
      return sliding(rules.length, rules.step);
    case WindowKind::cumulative:
      return cumulative(rules.length, rules.step);
    case WindowKind::session:
      if (rules.gap_of_each > Duration::zero()) return session(GapOfEach{rules});
      return session(rules.length);
    case WindowKind::count:
      return count_windows(rules.events, rules.every);
  }
  throw std::logic_error("no such kind of windows");
}

Triggers triggers_of(const WindowRules& rules) {
  Triggers triggers{.discarding = rules.discarding};
  if (rules.early_every > Duration::zero()) triggers.early_every = rules.early_every;
  if (rules.every_events > 0) triggers.every_events = rules.every_events;
  return triggers;
}

}  // namespace

WindowOutcome outcome_of_job(const WindowRules& rules, const std::vector<Timed>& events, const WindowRun& run) {
  Job job{"windows"};
  Collected<WindowResult<std::int64_t, Content>> results;
  Collected<Timed> late;
  const SideOutput<Timed> late_events{"late"};
  const Stream<Timed> timed =
      job.source("events", from_vector(events))
          .event_time(&Timed::time, bounded_out_of_order(rules.out_of_order), {.granularity = rules.granularity});
  std::visit(
      [&](const auto& kind) {
        const auto rows = timed.key_by(&Timed::key, {.parallelism = run.parallelism})
                              .window(kind)
                              .allowed_lateness(rules.lateness)
                              .late(late_events)
                              .trigger(triggers_of(rules))
                              .aggregate("windows", Contents{});
        rows.sink("rows", collect(results));
        rows.side(late_events).sink("late events", collect(late));
      },
      windows_of(rules));
  const JobResult ended = run.seed ? testing::run(job, {.seed = *run.seed}) : start(job, {.workers = 2}).wait();
  if (ended.end != JobEnd::finished) throw std::runtime_error("the job did not end well: " + ended.failure);
  WindowOutcome outcome;
  for (const auto& row : results.take())
    outcome.rows.push_back({row.key, row.start, row.end, row.value, row.update, row.retract});
  for (const Timed& event : late.take()) outcome.late.push_back(event.id);
  outcome.sort();
  return outcome;
}

}  // namespace streamwork::testkit
