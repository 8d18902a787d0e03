// What a machine's vibration or temperature normally is at a given load, learnt while it runs.
#pragma once

#include <array>
#include <cstdint>

namespace maintenance {

/// Least squares over the load and the load of some time before. The level wanders, and what is older counts less for it;
/// what load does to a machine stays as it is, and is learnt over all its life (a Kalman filter). Values are in units of
/// what would be remarkable: how much of them is noise is then the same for all. It is part of a machine's state, so a
/// plain struct: what it knows is stored field by field.
struct NormalLevel {
  using Features = std::array<double, 3>;  ///< 1, load, load some time before

  Features weights{};
  std::array<Features, 3> uncertainty = {{{1000, 0, 0}, {0, 1000, 0}, {0, 0, 1000}}};
  std::int64_t windows_learnt = 0;

  void learn(const Features& features, double value);
  double expected(const Features& features) const;
  /// Standard deviation of what is expected. Great where the load is one that the machine has hardly ever had.
  double doubt(const Features& features) const;
};

}  // namespace maintenance
