// The code of docs/guide/time.md.
#include <algorithm>
#include <optional>
#include <streamwork/streamwork.hpp>
#include <string>

namespace sw = streamwork;
using namespace std::chrono_literals;

namespace guide_time {

struct Reading {
  std::string machine;
  sw::EventTime time;  // in JSON: milliseconds since 1970
  double celsius = 0;
  bool end_of_minute = false;
};

void average_per_minute(sw::Job& job) {
  job.source("readings", sw::file_lines("readings.jsonl"))
      .flat_map("parse", sw::parse_json<Reading>())
      .event_time(&Reading::time, sw::bounded_out_of_order(2s))
      .key_by(&Reading::machine)
      .window(sw::tumbling(1min))
      .aggregate("average", sw::average(&Reading::celsius))
      .sink("print", sw::print_json());
}

void other_strategies(const sw::Stream<Reading>& readings) {
  const auto in_order = readings.event_time(&Reading::time, sw::ascending(), {.name = "in order"});
  const auto marked = readings.event_time(&Reading::time, sw::punctuated([](const Reading& reading) {
    return reading.end_of_minute ? std::optional(reading.time) : std::nullopt;
  }),
                                          {.name = "marked"});
  const auto patient = readings.event_time(&Reading::time, sw::bounded_out_of_order(2s),
                                           {.granularity = 1ms, .idle_after = 30s, .name = "patient"});
  in_order.sink("first", sw::discard());
  marked.sink("second", sw::discard());
  patient.sink("third", sw::discard());
}

struct Alert {
  std::string machine;
};

class Silence {  // tells of machines that say nothing for an hour
 public:
  void open(sw::OperatorContext& context) {
    machine_ = context.current_key<std::string>();
    timers_ = context.event_timers();
    time_ = context.time();
    last_ = context.value_state<sw::EventTime>("last");
  }
  void apply(const Reading&, sw::Output<Alert>&) {
    timers_.cancel(*last_ + 1h);
    *last_ = std::max(*last_, time_.event_time());
    timers_.set(*last_ + 1h);
  }
  void on_timer(sw::EventTime, sw::Output<Alert>& out) { out.emit({*machine_}); }

 private:
  sw::CurrentKey<std::string> machine_;
  sw::EventTimers timers_;
  sw::OperatorTime time_;
  sw::ValueState<sw::EventTime> last_;
};

void watch(const sw::Stream<Reading>& readings) {
  readings.key_by(&Reading::machine).apply("silence", Silence{}).sink("alerts", sw::print_json());
}

std::string who_holds_back(const sw::JobHandle& handle) {
  const sw::InstanceMetrics average = handle.metrics().vertex("average").instances.front();
  if (!average.watermark_lag) return "no event time yet, or it has come to its end";
  return std::to_string(average.watermark_lag->count() / 1000) + " ms behind the wall clock, held back by " +
         average.held_back_by;
}

}  // namespace guide_time
