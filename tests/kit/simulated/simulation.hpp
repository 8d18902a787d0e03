// A whole job under a seeded schedule that crashes, loses power, fails and is suspended again and again, goes on from its
// checkpoints, and must publish in the end what an undisturbed run publishes (DESIGN 7).
// Thread rule: one thread.
#pragma once

#include <cstdint>
#include <streamwork/delivery.hpp>
#include <string>
#include <vector>

#include "kit/simulated/scenario.hpp"

namespace streamwork::testkit {

/// What an undisturbed run of the job publishes.
std::vector<std::string> undisturbed(const Scenario& scenario);

struct Verdict {
  /// What must not be; empty: all is well.
  std::string violation;
  std::uint64_t starts = 0;
  std::uint64_t repeated = 0;  ///< lines that came more than once, where they may
};

/// One schedule. Everything follows from the seed. At least once, lines of a repeatable scenario may come again.
Verdict simulate(const Scenario& scenario, const std::vector<std::string>& expected, std::uint64_t seed,
                 Delivery delivery = Delivery::exactly_once);

}  // namespace streamwork::testkit
