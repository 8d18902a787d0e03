#include "normal_level.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace maintenance {

namespace {

// Variances. Windows overlap, so ten in a row say little more than one: the noise is taken to be as much greater.
constexpr double noise = 0.3;
constexpr double wandering = 0.001;  // of the level, from window to window: a quarter in an hour

double product(const NormalLevel::Features& a, const NormalLevel::Features& b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

NormalLevel::Features product(const std::array<NormalLevel::Features, 3>& a, const NormalLevel::Features& b) {
  return {product(a[0], b), product(a[1], b), product(a[2], b)};
}

}  // namespace

double NormalLevel::expected(const Features& features) const { return product(weights, features); }

double NormalLevel::doubt(const Features& features) const {
  return std::sqrt(std::max(0.0, product(features, product(uncertainty, features))));
}

void NormalLevel::learn(const Features& features, double value) {
  uncertainty[0][0] += wandering;
  const Features gain = product(uncertainty, features);
  const double scale = noise + product(gain, features);
  const double wrong = value - expected(features);
  for (std::size_t i = 0; i < gain.size(); ++i) {
    weights[i] += gain[i] / scale * wrong;
    for (std::size_t j = 0; j < gain.size(); ++j) uncertainty[i][j] -= gain[i] * gain[j] / scale;
  }
  ++windows_learnt;
}

}  // namespace maintenance
