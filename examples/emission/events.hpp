// What comes in: "make,model,year,zone" of a vehicle, "temperature,zone" of a thermometer. Both may end in one more cell, the
// time in milliseconds; without it they happen when they arrive.
#pragma once

#include <cstdint>
#include <optional>
#include <streamwork/streamwork.hpp>
#include <string>

namespace emission {

namespace sw = streamwork;

struct Vehicle {
  std::string make;
  std::string model;
  std::int64_t year = 0;
  std::int64_t zone = 0;
  sw::EventTime time;
};

struct Temperature {
  double temperature = 0;
  std::int64_t zone = 0;
  sw::EventTime time;
};

/// What one vehicle emits.
struct Emission {
  std::int64_t zone = 0;
  double emission = 0;
};

/// Nothing for a blank line. Throws `sw::BadEvent` for a line of another form.
std::optional<Vehicle> vehicle_of(const sw::Line& line);
std::optional<Temperature> temperature_of(const sw::Line& line);

}  // namespace emission
