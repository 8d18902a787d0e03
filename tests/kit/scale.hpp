// How much work a test does: `STREAMWORK_TEST_SCALE` (1 by default; less under sanitizers, more in a soak).
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <random>

namespace streamwork::kit {

/// `count` times the scale, at least 1.
inline std::uint64_t scaled(std::uint64_t count) {
  const char* text = std::getenv("STREAMWORK_TEST_SCALE");
  const double scale = text == nullptr ? 1.0 : std::atof(text);
  return std::max<std::uint64_t>(1, static_cast<std::uint64_t>(static_cast<double>(count) * scale));
}

/// A seed of today's, or the one in `STREAMWORK_TEST_SEED` to repeat a failure.
inline std::uint64_t seed() {
  const char* text = std::getenv("STREAMWORK_TEST_SEED");
  return text == nullptr ? std::random_device{}() : std::strtoull(text, nullptr, 10);
}

}  // namespace streamwork::kit
