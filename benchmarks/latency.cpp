#include "latency.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <streamwork/connectors/generator.hpp>
#include <streamwork/connectors/pace.hpp>
#include <streamwork/histogram.hpp>
#include <streamwork/job.hpp>
#include <streamwork/run.hpp>

#include "contest.hpp"
#include "event.hpp"

namespace benchmark {

namespace sw = streamwork;

namespace {

constexpr std::uint64_t keys = 1'000;

struct TimedEvent {
  std::uint64_t sequence;
  std::uint64_t key;
  sw::SteadyTime due;
  std::uint64_t count;
};
static_assert(sizeof(TimedEvent) == sizeof(Event));

std::uint64_t nanoseconds_since(sw::SteadyTime due, const sw::Clock& clock) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>((clock.steady_now() - due).count(), 0));
}

class RunningCount {
 public:
  void open(sw::OperatorContext& context) { count_ = context.value_state<std::uint64_t>("count"); }
  void apply(const TimedEvent& event, sw::Output<TimedEvent>& out) {
    out.emit({event.sequence, event.key, event.due, ++*count_});
  }

 private:
  sw::ValueState<std::uint64_t> count_;
};

/// What the instances of the sink recorded, together.
struct SharedHistogram {
  std::mutex mutex;
  sw::Histogram histogram;
};

/// Records the latency of events from number `first` on.
class LatencySink {
 public:
  LatencySink(std::uint64_t first, SharedHistogram& shared) : first_(first), shared_(&shared) {}

  void open(sw::SinkContext& context) { clock_ = &context.clock(); }
  void write(const TimedEvent& event) {
    if (event.sequence >= first_) own_.record(nanoseconds_since(event.due, *clock_));
  }
  void close() {
    const std::lock_guard guard(shared_->mutex);
    shared_->histogram.merge(own_);
    own_.clear();
  }

 private:
  std::uint64_t first_;
  SharedHistogram* shared_;
  const sw::Clock* clock_ = nullptr;
  sw::Histogram own_;
};

std::uint64_t events_in(double seconds, const LatencyPlan& plan) {
  return static_cast<std::uint64_t>(std::llround(seconds * plan.events_per_second));
}

sw::Histogram run_engine(const LatencyPlan& plan) {
  const std::uint64_t first = events_in(plan.warm_up_seconds, plan);
  const std::uint64_t end = first + events_in(plan.seconds, plan);
  const auto make_timed = [](std::uint64_t sequence, sw::SteadyTime due) {
    return TimedEvent{sequence, make_event(sequence, keys).key, due, 0};
  };
  SharedHistogram found;
  sw::Job job{"latency"};
  job.source("events", sw::generate<TimedEvent>(make_timed, {.count = end, .rate = plan.events_per_second}))
      .key_by(&TimedEvent::key, {.parallelism = 2})
      .apply("count", RunningCount())
      .sink("record", LatencySink(first, found));
  const sw::JobResult result = sw::start(job, {.workers = 2}).wait();
  if (result.end != sw::JobEnd::finished) throw std::runtime_error("latency: " + result.failure);
  if (found.histogram.count() != end - first) throw std::runtime_error("latency: not every event reached the sink");
  return found.histogram;
}

/// The same schedule without an engine: a loop that spins until each event is due.
sw::Histogram run_spinning_loop(const LatencyPlan& plan) {
  const sw::Clock& clock = sw::SystemClock::instance();
  const sw::Pace pace(plan.events_per_second);
  pace.begin(clock.steady_now());
  sw::Histogram found;
  const std::uint64_t events = events_in(plan.seconds / 4, plan);
  for (std::uint64_t i = 0; i < events; ++i) {
    const sw::SteadyTime due = pace.due(i);
    while (clock.steady_now() < due) {
    }
    found.record(nanoseconds_since(due, clock));
  }
  return found;
}

Percentiles percentiles(const std::string& of, const sw::Histogram& histogram) {
  const auto microseconds = [&](double fraction) { return static_cast<double>(histogram.quantile(fraction)) / 1e3; };
  return {of,
          histogram.count(),
          microseconds(0.5),
          microseconds(0.9),
          microseconds(0.99),
          microseconds(0.999),
          microseconds(0.9999),
          microseconds(1)};
}

/// The medians of all runs of one kind.
Percentiles median_of(const std::string& of, const std::vector<Percentiles>& runs) {
  Percentiles result;
  result.of = of;
  const auto median_of_field = [&](double Percentiles::* field) {
    std::vector<double> values;
    for (const Percentiles& run : runs) {
      if (run.of == of) values.push_back(run.*field);
    }
    result.*field = median(std::move(values));
  };
  for (const Percentiles& run : runs) result.events += run.of == of ? run.events : 0;
  for (const auto field : {&Percentiles::p50, &Percentiles::p90, &Percentiles::p99, &Percentiles::p99_9,
                           &Percentiles::p99_99, &Percentiles::max}) {
    median_of_field(field);
  }
  return result;
}

}  // namespace

LatencyReport measure_latency(const LatencyPlan& plan) {
  const std::string engine = "engine";
  const std::string machine = "spinning loop";
  LatencyReport report;
  report.work = "source, regrouping by key, running count, sink; two workers";
  report.events_per_second = plan.events_per_second;
  report.seconds = plan.seconds;
  report.warm_up_seconds = plan.warm_up_seconds;
  report.p50_target = 100;
  report.p99_target = 1000;
  for (std::int64_t run = 0; run < plan.runs; ++run) {
    report.runs.push_back(percentiles(engine, run_engine(plan)));
    report.runs.push_back(percentiles(machine, run_spinning_loop(plan)));
  }
  report.engine = median_of(engine, report.runs);
  report.machine = median_of(machine, report.runs);
  return report;
}

}  // namespace benchmark
