#include "logbook.hpp"

namespace maintenance {

namespace {

using namespace std::chrono_literals;

/// An alert that no failure follows within this time was a false alarm.
constexpr sw::Duration patience = 2h;
/// An alert of the same instant may come after the standstill it belongs to.
constexpr sw::Duration settling = 1s;

}  // namespace

void Logbook::open(sw::OperatorContext& context) {
  page_ = context.value_state<Page>("page");
  timers_ = context.event_timers();
  time_ = context.time();
}

void Logbook::apply_left(const Alert& alert, sw::Output<LogEntry>& out) {
  out.emit({alert.raised, alert.machine, Event::alert, alert.vibration_percent, alert.degrees});
  page_->machine = alert.machine;
  if (page_->alert) return;  // the wear goes on
  page_->alert = alert.raised;
  timers_.set(alert.raised + patience);
}

void Logbook::apply_right(const Standstill& standstill, sw::Output<LogEntry>&) {
  page_->machine = standstill.name;
  page_->failure = standstill.time;
  timers_.set(standstill.time + settling);
}

void Logbook::on_timer(sw::EventTime now, sw::Output<LogEntry>& out) {
  Page& page = *page_;
  if (page.failure && *page.failure + settling == now) {
    LogEntry entry{.time = *page.failure, .machine = page.machine, .event = Event::failure};
    if (page.alert) entry.minutes_ahead = minutes(*page.failure - *page.alert);
    out.emit(entry);
    page.failure.reset();
    page.alert.reset();
  } else if (page.alert && *page.alert + patience == now && time_.watermark() != sw::EventTime::max()) {
    // At the end of the input time jumps ahead; what would have become of the machine nobody knows.
    out.emit({.time = now, .machine = page.machine, .event = Event::false_alarm});
    page.alert.reset();
  }
}

}  // namespace maintenance
