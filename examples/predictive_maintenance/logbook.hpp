// What the maintenance crew remembers: which alert was followed by which failure, and how many minutes later.
#pragma once

#include <cstdint>
#include <optional>
#include <streamwork/streamwork.hpp>
#include <string>

#include "incidents.hpp"
#include "wear_watch.hpp"

namespace maintenance {

enum class Event : std::uint8_t { alert, failure, false_alarm };

struct LogEntry {
  sw::EventTime time;
  std::string machine;
  Event event{};
  double vibration_percent = 0;              ///< of an alert: above normal
  double degrees = 0;                        ///< of an alert: above normal
  std::optional<double> minutes_ahead = {};  ///< of a failure: when it was foreseen, if it was
};

/// Brings alerts (left) and standstills (right) of a machine together, in the order of their times.
class Logbook {
 public:
  void open(sw::OperatorContext& context);
  void apply_left(const Alert& alert, sw::Output<LogEntry>& out);
  void apply_right(const Standstill& standstill, sw::Output<LogEntry>& out);
  void on_timer(sw::EventTime now, sw::Output<LogEntry>& out);

 private:
  struct Page {
    std::string machine;
    std::optional<sw::EventTime> alert;    ///< that nothing has come of yet
    std::optional<sw::EventTime> failure;  ///< to be written down
  };

  sw::ValueState<Page> page_;
  sw::EventTimers timers_;
  sw::OperatorTime time_;
};

}  // namespace maintenance
