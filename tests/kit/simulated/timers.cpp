#include <streamwork/streamwork.hpp>

#include "kit/simulated/readings.hpp"
#include "kit/simulated/scenario.hpp"

namespace streamwork::testkit {

namespace {

using namespace std::chrono_literals;

/// Tells of keys that say nothing for a while, and counts how often; most of its timers are cancelled.
class Silence {
 public:
  void open(OperatorContext& context) {
    key_ = context.current_key<std::string>();
    timers_ = context.event_timers();
    time_ = context.time();
    last_ = context.value_state<EventTime>("last");
    silences_ = context.value_state<std::int64_t>("silences");
  }
  void apply(const Reading&, Output<std::string>&) {
    if (time_.event_time() < *last_) return;
    timers_.cancel(*last_ + pause);
    *last_ = time_.event_time();
    timers_.set(*last_ + pause);
  }
  void on_timer(EventTime time, Output<std::string>& out) { out.emit(line(*key_, time, ++*silences_)); }

 private:
  static constexpr Duration pause = 300ms;

  CurrentKey<std::string> key_;
  EventTimers timers_;
  OperatorTime time_;
  ValueState<EventTime> last_;
  ValueState<std::int64_t> silences_;
};

/// Every reading comes out when the wall clock has come to a time that the reading determines.
class Reminder {
 public:
  void open(OperatorContext& context) {
    key_ = context.current_key<std::string>();
    timers_ = context.processing_timers();
    waiting_ = context.value_state<std::vector<std::int64_t>>("waiting");
  }
  void apply(const Reading& event, Output<std::string>&) {
    const std::int64_t due_ms = static_cast<std::int64_t>(event.number) * 7 % 500;
    waiting_->push_back(due_ms * 1000 + static_cast<std::int64_t>(event.number));
    timers_.set(ProcessingTime(std::chrono::milliseconds(due_ms)));
  }
  void on_timer(ProcessingTime time, Output<std::string>& out) {
    std::erase_if(*waiting_, [&](std::int64_t one) {
      if (std::chrono::milliseconds(one / 1000) > time.time_since_epoch()) return false;
      out.emit(line(*key_, "reminded of", one % 1000));
      return true;
    });
    if (waiting_->empty()) key_.forget();
  }

 private:
  CurrentKey<std::string> key_;
  ProcessingTimers timers_;
  ValueState<std::vector<std::int64_t>> waiting_;
};

/// At a limited rate, so that the wall clock goes on too.
Job timers(Variation& variation, Ledgers& ledgers) {
  Job job("timers");
  const Stream<Reading> readings =
      job.source("readings", generate<Reading>([](std::uint64_t i) { return reading(i, Disorder::bounded); },
                                               {.count = 120, .rate = 1000.0}))
          .filter("risk", variation.risk<Reading>(), variation.steps())
          .event_time(&Reading::time, bounded_out_of_order(1s), {.granularity = 1ms});
  readings.key_by(&Reading::key, {.parallelism = variation.parallelism()})
      .apply("silence", Silence{})
      .sink("silences", ledgers.sink("silences"));
  readings.key_by(&Reading::key, {.parallelism = variation.parallelism()})
      .apply("reminder", Reminder{})
      .sink("reminders", ledgers.sink("reminders"));
  return job;
}

/// Adds up what comes of a key, and gives it out some event time after the last.
class Total {
 public:
  void open(OperatorContext& context) {
    key_ = context.current_key<std::uint64_t>();
    timers_ = context.event_timers();
    time_ = context.time();
    sum_ = context.value_state<std::uint64_t>("sum");
  }
  void apply(const Reading& event, Output<std::string>& out) {
    *sum_ = *sum_ * 31 + event.number;
    timers_.set(time_.event_time() + 7s);
    out.emit(line(*key_, *sum_));
  }
  void on_timer(EventTime time, Output<std::string>& out) {
    out.emit(line(*key_, *sum_, time));
    if (timers_.empty()) key_.forget();
  }

 private:
  CurrentKey<std::uint64_t> key_;
  EventTimers timers_;
  OperatorTime time_;
  ValueState<std::uint64_t> sum_;
};

/// More keys than are saved at once, so that rows change, come and go while a snapshot is being saved.
Job many_keys(Variation& variation, Ledgers& ledgers) {
  constexpr std::uint64_t keys = 400;
  Job job("many keys");
  job.source("readings", generate<Reading>([](std::uint64_t i) { return reading(i, Disorder::none); }, {.count = 1000}))
      .filter("risk", variation.risk<Reading>(), variation.steps())
      .event_time(&Reading::time, ascending(), {.granularity = 1ms})
      .key_by([](const Reading& event) { return typed::mix64(event.number / 3) % keys; },
              {.parallelism = variation.parallelism()})
      .apply("totals", Total{})
      .sink("out", ledgers.sink("totals"));
  return job;
}

}  // namespace

std::vector<Scenario> timer_scenarios() { return {{"timers", timers}, {"many_keys", many_keys}}; }

}  // namespace streamwork::testkit
