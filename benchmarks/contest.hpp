// A contest: several contenders do the same work in turn, several times over, and must agree on the result.
//
// Interleaved, because the speed of a machine drifts (clock rates, neighbours): what is compared ran side by side.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "report.hpp"

namespace benchmark {

struct Contest {
  struct Side {
    std::string name;
    std::function<std::uint64_t()> work;  ///< returns the result that all must agree on
  };
  /// `of` at least `target` times as fast as `to`, if there is a target.
  struct Comparison {
    std::string of;
    std::string to;
    std::optional<double> target;
  };

  std::string name;
  std::string work;
  std::uint64_t events;
  std::vector<Side> sides;
  std::vector<Comparison> comparisons;
  bool difference = false;  ///< the row is about what the last side takes longer than the one before it
};

/// A side came to another result than the first one: then no time means anything.
class WrongResult : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Holds the contest. Throws `WrongResult`, and whatever a side throws.
ThroughputRow hold(const Contest& contest, std::int64_t runs);

/// The middle one of some numbers, or of the two in the middle the mean. REQUIRES: there is one.
double median(std::vector<double> values);

}  // namespace benchmark
