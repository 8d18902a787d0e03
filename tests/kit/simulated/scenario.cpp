#include "kit/simulated/scenario.hpp"

#include <algorithm>
#include <iterator>

namespace streamwork::testkit {

void Ledgers::before_each_call(const std::function<void()>& action) const {
  for (const auto& [name, ledger] : ledgers_) ledger.before_each_call(action);
}

std::vector<std::string> Ledgers::published() const {
  std::vector<std::string> lines;
  for (const auto& [name, ledger] : ledgers_) {
    for (const std::string& event : ledger.published()) lines.push_back(name + ": " + event);
  }
  std::ranges::sort(lines);
  return lines;
}

std::string Ledgers::complaint() const {
  for (const auto& [name, ledger] : ledgers_) {
    if (ledger.taken_back() > 0) return name + ": results that had been published were taken back";
    if (ledger.reused_numbers() > 0) return name + ": the number of a checkpoint was used twice";
    if (ledger.prepared() > 0) return name + ": a transaction was prepared and never committed nor aborted";
  }
  return "";
}

std::vector<Scenario> scenarios() {
  std::vector<Scenario> all;
  for (const auto& theme : {window_scenarios, join_scenarios, timer_scenarios, graph_scenarios, source_scenarios})
    std::ranges::move(theme(), std::back_inserter(all));
  return all;
}

}  // namespace streamwork::testkit
