// What a machine's vibration and temperature normally are at a given load, learnt while it runs.
#pragma once

#include <array>
#include <cstddef>

namespace maintenance {

/// How far a window is from normal.
struct Excess {
  double vibration = 0;  ///< of its logarithm: 0.1 is 10 % more
  double temperature = 0;
};

/// Least squares over the load and the load of some time before; what is older counts less and less (recursive least
/// squares with forgetting).
class NormalLevel {
 public:
  using Features = std::array<double, 3>;  ///< 1, load, load some time before

  void learn(const Features& features, double log_vibration, double temperature);
  Excess excess(const Features& features, double log_vibration, double temperature) const;
  int windows_learnt() const { return learnt_; }

 private:
  Features vibration_{};
  Features temperature_{};
  std::array<Features, 3> uncertainty_ = {{{100, 0, 0}, {0, 100, 0}, {0, 0, 100}}};
  int learnt_ = 0;
};

}  // namespace maintenance
