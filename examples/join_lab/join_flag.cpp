#include "join_flag.hpp"

#include <stdexcept>
#include <streamwork/duration_text.hpp>

namespace join_lab {

namespace {

sw::Duration duration_of(const std::string& text) {
  if (const auto duration = sw::read_duration(text)) return *duration;
  throw std::invalid_argument("'" + text + "' is no time; write for instance 5s or 250ms");
}

}  // namespace

Join join_of(const std::string& text) {
  if (text == "table") return Table{};
  if (text == "as_of") return AsOf{};
  const std::size_t colon = text.find(':');
  const std::string kind = text.substr(0, colon);
  const std::string rest = colon == std::string::npos ? "" : text.substr(colon + 1);
  if (kind == "windowed") return Windowed{sw::tumbling(duration_of(rest))};
  if (kind == "regular") {
    const sw::Duration distance = duration_of(rest);
    if (distance < sw::Duration::zero()) throw std::invalid_argument("a distance is not negative");
    return Interval{-distance, distance};
  }
  if (kind == "interval") {
    const std::size_t second = rest.find(':');
    if (second == std::string::npos) throw std::invalid_argument("an interval has two ends");
    const Interval interval{duration_of(rest.substr(0, second)), duration_of(rest.substr(second + 1))};
    if (interval.lower > interval.upper) throw std::invalid_argument("the interval ends before it begins");
    return interval;
  }
  throw std::invalid_argument("not one of the joins there are");
}

}  // namespace join_lab
