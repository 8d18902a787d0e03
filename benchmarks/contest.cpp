#include "contest.hpp"

#include <algorithm>
#include <cassert>
#include <chrono>

namespace benchmark {

namespace {

const Contender& named(const ThroughputRow& row, const std::string& name) {
  const auto found = std::ranges::find(row.contenders, name, &Contender::name);
  assert(found != row.contenders.end());
  return *found;
}

Ratio compare(const ThroughputRow& row, const Contest::Comparison& comparison) {
  const Contender& of = named(row, comparison.of);
  const Contender& to = named(row, comparison.to);
  std::vector<double> ratios;
  for (std::size_t run = 0; run < of.seconds.size(); ++run) ratios.push_back(to.seconds[run] / of.seconds[run]);
  const auto [least, greatest] = std::ranges::minmax(ratios);
  return {of.name, to.name, median(to.seconds) / median(of.seconds), least, greatest, comparison.target};
}

Spread extra_nanoseconds(const ThroughputRow& row) {
  const Contender& longer = row.contenders.back();
  const Contender& shorter = row.contenders[row.contenders.size() - 2];
  std::vector<double> differences;
  for (std::size_t run = 0; run < longer.seconds.size(); ++run) {
    differences.push_back((longer.seconds[run] - shorter.seconds[run]) * 1e9 / static_cast<double>(row.events));
  }
  const auto [least, greatest] = std::ranges::minmax(differences);
  return {median(differences), least, greatest};
}

}  // namespace

double median(std::vector<double> values) {
  assert(!values.empty());
  std::ranges::sort(values);
  return (values[(values.size() - 1) / 2] + values[values.size() / 2]) / 2;
}

ThroughputRow hold(const Contest& contest, std::int64_t runs) {
  ThroughputRow row{contest.name, contest.work, contest.events, {}, {}, {}};
  for (const Contest::Side& side : contest.sides) row.contenders.push_back({side.name, {}, 0});
  std::optional<std::uint64_t> agreed;
  for (std::int64_t run = 0; run < runs; ++run) {
    for (std::size_t i = 0; i < contest.sides.size(); ++i) {
      const auto begin = std::chrono::steady_clock::now();
      const std::uint64_t result = contest.sides[i].work();
      const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin;
      row.contenders[i].seconds.push_back(elapsed.count());
      if (!agreed) agreed = result;
      if (result != *agreed) {
        throw WrongResult(contest.name + ": the result of '" + contest.sides[i].name + "' is " +
                          std::to_string(result) + ", that of '" + contest.sides.front().name + "' is " +
                          std::to_string(*agreed));
      }
    }
  }
  for (Contender& contender : row.contenders) {
    contender.million_events_per_second = static_cast<double>(contest.events) / median(contender.seconds) / 1e6;
  }
  for (const Contest::Comparison& comparison : contest.comparisons) row.ratios.push_back(compare(row, comparison));
  if (contest.difference) row.extra_nanoseconds_per_event = extra_nanoseconds(row);
  return row;
}

}  // namespace benchmark
