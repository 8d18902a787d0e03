// Linked with an engine in which one rule is broken: true (exit code 0) if the simulation notices within 500 schedules.
#include <cstdlib>
#include <exception>
#include <iostream>
#include <streamwork/hash.hpp>
#include <string>
#include <vector>

#include "kit/simulated/simulation.hpp"

namespace {

using namespace streamwork;

constexpr std::uint64_t most_schedules = 500;

int find_the_broken_rule(std::uint64_t seed) {
  const std::vector<testkit::Scenario> scenarios = testkit::scenarios();
  std::vector<std::vector<std::string>> expected;
  for (const testkit::Scenario& scenario : scenarios) expected.push_back(testkit::undisturbed(scenario));
  for (std::uint64_t schedule = 0; schedule < most_schedules; ++schedule) {
    const std::size_t i = schedule % scenarios.size();
    const testkit::Verdict verdict = testkit::simulate(scenarios[i], expected[i], typed::mix64(seed + schedule));
    if (verdict.violation.empty()) continue;
    std::cout << "found after " << schedule + 1 << " schedules, in job '" << scenarios[i].name << "', start "
              << verdict.starts << ":\n  " << verdict.violation << "\n";
    return 0;
  }
  std::cout << "NOT FOUND: the simulation does not notice the broken rule (seed " << seed << ")\n";
  return 1;
}

}  // namespace

int main() {
  const char* seed = std::getenv("STREAMWORK_TEST_SEED");
  try {
    return find_the_broken_rule(seed == nullptr ? 1 : std::strtoull(seed, nullptr, 10));
  } catch (const std::exception& error) {
    // The jobs must be good ones as long as nothing goes wrong: otherwise this would prove nothing.
    std::cout << "a job fails undisturbed: " << error.what() << "\n";
    return 2;
  }
}
