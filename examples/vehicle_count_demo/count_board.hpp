// A sink that shows the counts once in a while: a million results would be too many to look at.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>
#include <streamwork/streamwork.hpp>
#include <string>
#include <utility>
#include <vector>
#include <vehicle_count/vehicle_counter.hpp>

/// Shows the counts of its instance on standard error every few seconds, and when the job ends.
class CountBoard {
 public:
  void open(sw::SinkContext& context) {
    clock_ = &context.clock();
    instance_ = context.instance();
    show_at_ = clock_->steady_now() + period;
  }

  void write(const VehicleCount& result) { counts_[result.type] = result.count; }

  /// Called whenever there is nothing more to write at the moment.
  void flush() {
    if (clock_->steady_now() < show_at_) return;
    show();
    show_at_ += period;
  }

  void close() {
    if (clock_ != nullptr) show();
  }

 private:
  static constexpr std::chrono::seconds period{5};

  void show() const {
    std::vector<std::pair<std::int64_t, std::string>> greatest_first;
    for (const auto& [type, count] : counts_) greatest_first.emplace_back(count, type);
    std::ranges::sort(greatest_first, std::greater());
    std::string text = "        counter " + std::to_string(instance_) + ":";
    for (const auto& [count, type] : greatest_first) text += "  " + type + " " + std::to_string(count);
    std::fputs((text + "\n").c_str(), stderr);
  }

  const sw::Clock* clock_ = nullptr;
  std::int64_t instance_ = 0;
  sw::SteadyTime show_at_{};
  std::map<std::string, std::int64_t> counts_;
};
