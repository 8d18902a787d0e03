// Random numbers that are the same with every standard library.
// Thread rule: used by one thread.
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>

namespace fraud {

class Dice {
 public:
  /// Equal seeds and purposes give equal numbers.
  Dice(std::uint64_t seed, std::uint64_t purpose) : state_(seed * 0x9E3779B97F4A7C15U + purpose) {
    state_ = bits() + purpose * 0xD1B54A32D192ED03U;
  }

  double between(double least, double greatest) {
    return least + (greatest - least) * static_cast<double>(bits() >> 11U) * 0x1p-53;
  }
  /// From `least` to `greatest`, both included.
  int whole(int least, int greatest) { return static_cast<int>(std::floor(between(least, greatest + 1.0))); }
  bool chance(double probability) { return between(0, 1) < probability; }
  /// Normal, with a mean of 0 and a standard deviation of 1 (Box and Muller 1958).
  double normal() {
    return std::sqrt(-2 * std::log(between(1e-12, 1))) * std::cos(2 * std::numbers::pi * between(0, 1));
  }
  /// The number of things that happen when `mean` do on the average (Knuth: products of uniform numbers).
  int poisson(double mean) {
    int events = 0;
    for (double left = between(0, 1); left > std::exp(-mean); left *= between(0, 1)) ++events;
    return events;
  }

 private:
  /// SplitMix64 (Steele, Lea and Flood 2014).
  std::uint64_t bits() {
    state_ += 0x9E3779B97F4A7C15U;
    std::uint64_t bits = state_;
    bits = (bits ^ (bits >> 30U)) * 0xBF58476D1CE4E5B9U;
    bits = (bits ^ (bits >> 27U)) * 0x94D049BB133111EBU;
    return bits ^ (bits >> 31U);
  }

  std::uint64_t state_;
};

}  // namespace fraud
