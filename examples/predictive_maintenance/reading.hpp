// What the machines report, and what the plant's books say of them: all that generator and detector both know.
#pragma once

#include <cstdint>
#include <streamwork/streamwork.hpp>
#include <string>

namespace maintenance {

namespace sw = streamwork;

/// What a machine reports every few seconds.
struct Reading {
  std::int64_t machine = 0;
  sw::EventTime time;
  double load = 0;         ///< of its motor, 1 is full load
  double vibration = 0;    ///< of its bearing, mm/s
  double temperature = 0;  ///< of its bearing, degrees Celsius
};

/// A row of the machine table.
struct Machine {
  std::int64_t machine = 0;
  std::string name;
  std::string type;
};

/// A failure that really happened.
struct Failure {
  std::int64_t machine = 0;
  sw::EventTime wear_begins;
  sw::EventTime time;
};

/// Length of a time in minutes, with decimals.
inline double minutes(sw::Duration length) { return std::chrono::duration<double, std::ratio<60>>(length).count(); }

}  // namespace maintenance
