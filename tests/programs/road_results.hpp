// What the jobs of the road print, read back, and what it should add up to.
// Thread rule: plain functions.
#pragma once

#include <cstdint>
#include <map>
#include <streamwork/json.hpp>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "kit/process.hpp"
#include "kit/seeded_random.hpp"

namespace streamwork::testkit {

/// How many vehicles of each type.
using Totals = std::map<std::string, std::int64_t>;

/// One result line. `vehicle_count` has no booth.
struct RoadResult {
  std::optional<std::string> booth;
  std::int64_t instance = 0;
  std::string type;
  std::int64_t count = 0;
};

inline std::vector<RoadResult> results_of(const ProcessResult& ended) {
  std::vector<RoadResult> results;
  for (const std::string& line : ended.output_lines()) results.push_back(from_json<RoadResult>(line));
  return results;
}

/// The last count of each instance, added up by type: for every grouping the number of vehicles there were. Counts must
/// go up one by one, or the test fails with an exception.
inline Totals summed_last_counts(const std::vector<RoadResult>& results, const std::string& booth = {}) {
  std::map<std::pair<std::int64_t, std::string>, std::int64_t> last;
  for (const RoadResult& result : results) {
    if (result.booth.value_or("") != booth) continue;
    std::int64_t& count = last[{result.instance, result.type}];
    if (result.count != count + 1) throw std::runtime_error("a count of " + result.type + " does not go up by one");
    count = result.count;
  }
  Totals totals;
  for (const auto& [where, count] : last) totals[where.second] += count;
  return totals;
}

/// True if no type was counted by two instances.
inline bool each_type_has_one_instance(const std::vector<RoadResult>& results, const std::string& booth = {}) {
  std::map<std::string, std::int64_t> home;
  for (const RoadResult& result : results) {
    if (result.booth.value_or("") != booth) continue;
    if (home.emplace(result.type, result.instance).first->second != result.instance) return false;
  }
  return true;
}

/// The number of lines of each kind; `suffix` is added to the types (" clone").
inline Totals totals_of(const std::vector<std::string>& vehicles, const std::string& suffix = {}) {
  Totals totals;
  for (const std::string& type : vehicles) ++totals[type + suffix];
  return totals;
}

inline std::string as_lines(const std::vector<std::string>& vehicles) {
  std::string text;
  for (const std::string& type : vehicles) text += type + "\n";
  return text;
}

/// Some types come often, some hardly ever.
inline std::vector<std::string> random_vehicles(SeededRandom& random, std::size_t count) {
  const std::uint64_t kinds = 1 + random.below(200);
  std::vector<std::string> vehicles;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t kind = random.below(1 + random.below(kinds));
    vehicles.push_back(kind == 0 ? "car" : "type " + std::to_string(kind));
  }
  return vehicles;
}

}  // namespace streamwork::testkit
