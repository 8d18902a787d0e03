// What a person sees of a plant that runs: the most worn machines every now and then, alerts and failures as they come, and
// at the end how many of the failures were foreseen.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "logbook.hpp"

namespace maintenance {

/// The most worn machines at some time, worst first.
struct MostWorn {
  sw::EventTime time;
  std::vector<WearLevel> machines;
};

using BoardLine = std::variant<LogEntry, MostWorn>;

/// A line for a person: "07:15  ALERT    pump-4: shakes 13.6 % more than normal, 4.4 degrees warmer".
std::string text_of(const LogEntry& entry);
std::string text_of(const MostWorn& worn);

/// A sink that writes these lines on standard error. One instance.
class LiveBoard {
 public:
  void write(const BoardLine& line);
  void close();

 private:
  void count(const LogEntry& entry);

  // For the last line alone.
  std::int64_t failures_ = 0;
  std::int64_t false_alarms_ = 0;
  std::vector<double> minutes_ahead_;
  bool used_ = false;
};

}  // namespace maintenance
