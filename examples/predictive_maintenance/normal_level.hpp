// What a machine's vibration and temperature normally are at a given load, learnt while it runs.
#pragma once

#include <array>
#include <cstdint>

namespace maintenance {

/// How far a window is from normal.
struct Excess {
  double vibration = 0;  ///< of its logarithm: 0.1 is 10 % more
  double temperature = 0;
};

/// Least squares over the load and the load of some time before; what is older counts less and less (recursive least
/// squares with forgetting). It is part of a machine's state, so a plain struct: what it knows is stored field by field.
struct NormalLevel {
  using Features = std::array<double, 3>;  ///< 1, load, load some time before

  Features vibration{};    ///< weights of the features, for the logarithm of the vibration
  Features temperature{};  ///< and for the temperature
  std::array<Features, 3> uncertainty = {{{100, 0, 0}, {0, 100, 0}, {0, 0, 100}}};
  std::int64_t windows_learnt = 0;

  void learn(const Features& features, double log_vibration, double degrees);
  Excess excess(const Features& features, double log_vibration, double degrees) const;
};

}  // namespace maintenance
