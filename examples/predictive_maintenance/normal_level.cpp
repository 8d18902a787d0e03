#include "normal_level.hpp"

#include <cstddef>

namespace maintenance {

namespace {

constexpr double keep = 1 - 1.0 / 400;  // of what was learnt, with every window

double product(const NormalLevel::Features& a, const NormalLevel::Features& b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

}  // namespace

Excess NormalLevel::excess(const Features& features, double log_vibration, double degrees) const {
  return {log_vibration - product(vibration, features), degrees - product(temperature, features)};
}

void NormalLevel::learn(const Features& features, double log_vibration, double degrees) {
  const Excess wrong = excess(features, log_vibration, degrees);
  Features gain;
  for (std::size_t i = 0; i < gain.size(); ++i) gain[i] = product(uncertainty[i], features);
  const double scale = keep + product(gain, features);
  const Features spread = gain;
  for (std::size_t i = 0; i < gain.size(); ++i) {
    vibration[i] += gain[i] / scale * wrong.vibration;
    temperature[i] += gain[i] / scale * wrong.temperature;
    for (std::size_t j = 0; j < gain.size(); ++j) {
      uncertainty[i][j] = (uncertainty[i][j] - spread[i] * spread[j] / scale) / keep;
    }
  }
  ++windows_learnt;
}

}  // namespace maintenance
