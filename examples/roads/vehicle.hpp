// What the jobs of the road count.
#pragma once

#include <optional>
#include <streamwork/line.hpp>
#include <string>

namespace roads {

/// A vehicle that passed. All that is known of it is its type: "car", "truck", whatever the line says.
struct Vehicle {
  std::string type;
};

/// A line is a vehicle's type. A blank one (nothing, or nothing but spaces and tabs) is no vehicle.
inline std::optional<Vehicle> vehicle_of(const streamwork::Line& line) {
  if (line.text.find_first_not_of(" \t") == std::string::npos) return std::nullopt;
  return Vehicle{line.text};
}

}  // namespace roads
