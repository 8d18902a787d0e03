#include "normal_level.hpp"

namespace maintenance {

namespace {

constexpr double keep = 1 - 1.0 / 400;  // of what was learnt, with every window

double product(const NormalLevel::Features& a, const NormalLevel::Features& b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

}  // namespace

Excess NormalLevel::excess(const Features& features, double log_vibration, double temperature) const {
  return {log_vibration - product(vibration_, features), temperature - product(temperature_, features)};
}

void NormalLevel::learn(const Features& features, double log_vibration, double temperature) {
  const Excess wrong = excess(features, log_vibration, temperature);
  Features gain;
  for (std::size_t i = 0; i < gain.size(); ++i) gain[i] = product(uncertainty_[i], features);
  const double scale = keep + product(gain, features);
  const Features spread = gain;
  for (std::size_t i = 0; i < gain.size(); ++i) {
    vibration_[i] += gain[i] / scale * wrong.vibration;
    temperature_[i] += gain[i] / scale * wrong.temperature;
    for (std::size_t j = 0; j < gain.size(); ++j) {
      uncertainty_[i][j] = (uncertainty_[i][j] - spread[i] * spread[j] / scale) / keep;
    }
  }
  ++learnt_;
}

}  // namespace maintenance
