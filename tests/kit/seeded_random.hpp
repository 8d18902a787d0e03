// Random numbers for property tests that can be repeated: the seed is fixed unless STREAMWORK_TEST_SEED says otherwise,
// and a failing test prints it (`SCOPED_TRACE(random.trace())`).
#pragma once

#include <cstdint>
#include <cstdlib>
#include <limits>
#include <random>
#include <string>

namespace streamwork::testkit {

class SeededRandom {
 public:
  explicit SeededRandom(std::uint64_t default_seed) : seed_(default_seed) {
    if (const char* given = std::getenv("STREAMWORK_TEST_SEED")) seed_ = std::strtoull(given, nullptr, 10);
    engine_.seed(seed_);
  }

  std::string trace() const { return "repeat with STREAMWORK_TEST_SEED=" + std::to_string(seed_); }

  std::uint64_t bits() { return engine_(); }
  /// Evenly from 0 to `limit` - 1. REQUIRES: `limit` > 0.
  std::uint64_t below(std::uint64_t limit) { return engine_() % limit; }
  bool one_in(std::uint64_t n) { return below(n) == 0; }

  /// Any number of the type; small ones and those at the edges come often.
  template <class Integer>
  Integer integer() {
    using Limits = std::numeric_limits<Integer>;
    switch (below(4)) {
      case 0:
        return static_cast<Integer>(below(10));
      case 1:
        return static_cast<Integer>(Limits::max() - static_cast<Integer>(below(3)));
      case 2:
        return static_cast<Integer>(Limits::min() + static_cast<Integer>(below(3)));
      default:
        return static_cast<Integer>(bits() >> below(64));
    }
  }

 private:
  std::uint64_t seed_;
  std::mt19937_64 engine_;
};

}  // namespace streamwork::testkit
