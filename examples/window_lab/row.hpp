// A line of the lab's output: {"key":"a","start":…,"end":…,"count":3,"sum":4.5,"update":false}
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "labs/reading.hpp"

namespace window_lab {

namespace sw = lab::sw;

/// All that the lab can tell of a window, in one pass.
struct Statistics {
  struct State {
    std::int64_t count = 0;
    sw::aggregates::Total<double> sum;
    double least = 0;
    double greatest = 0;
  };
  static void add(State& state, const lab::LinedReading& reading) {
    const double value = reading.value();
    state.least = state.count == 0 ? value : std::min(state.least, value);
    state.greatest = state.count == 0 ? value : std::max(state.greatest, value);
    state.sum.add(value);
    ++state.count;
  }
  static void combine(State& state, const State& later) {
    if (later.count == 0) return;
    state.least = state.count == 0 ? later.least : std::min(state.least, later.least);
    state.greatest = state.count == 0 ? later.greatest : std::max(state.greatest, later.greatest);
    state.sum.add(later.sum);
    state.count += later.count;
  }
  static const State& result(const State& state) { return state; }
};

inline const std::vector<std::string> aggregate_names = {"count", "sum", "min", "max", "avg"};

/// The names in "count,sum"; nothing if one is not known or stands twice.
std::optional<std::vector<std::string>> columns_of(const std::string& text);

/// Writes rows with the given columns, in this order.
class RowText {
 public:
  explicit RowText(std::vector<std::string> columns) : columns_(std::move(columns)) {}
  std::string operator()(const sw::WindowResult<std::string, Statistics::State>& row) const;

 private:
  std::vector<std::string> columns_;
};

}  // namespace window_lab
