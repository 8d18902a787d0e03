#include "events.hpp"

#include <charconv>
#include <string_view>
#include <vector>

namespace emission {

namespace {

std::vector<std::string_view> cells_of(std::string_view line) {
  std::vector<std::string_view> cells;
  while (true) {
    const std::size_t comma = line.find(',');
    std::string_view cell = line.substr(0, comma);
    while (cell.starts_with(' ')) cell.remove_prefix(1);
    while (cell.ends_with(' ')) cell.remove_suffix(1);
    cells.push_back(cell);
    if (comma == std::string_view::npos) return cells;
    line.remove_prefix(comma + 1);
  }
}

template <class Number>
Number number_of(std::string_view text, const char* what) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size())
    throw sw::BadEvent("'" + std::string(text) + "' is no " + what);
  return number;
}

/// The time in the last cell, or now.
sw::EventTime time_of(const std::vector<std::string_view>& cells, std::size_t place) {
  using std::chrono::milliseconds;
  if (cells.size() <= place) return sw::EventTime(sw::SystemClock::instance().now().time_since_epoch());
  const auto time = number_of<std::int64_t>(cells[place], "time in milliseconds");
  if (time > sw::most_distant_event_time / milliseconds(1) || time < -sw::most_distant_event_time / milliseconds(1))
    throw sw::BadEvent("the time is out of range");
  return sw::EventTime(milliseconds(time));
}

bool blank(const sw::Line& line) { return line.text.find_first_not_of(" \t") == std::string::npos; }

}  // namespace

std::optional<Vehicle> vehicle_of(const sw::Line& line) {
  if (blank(line)) return std::nullopt;
  const std::vector<std::string_view> cells = cells_of(line.text);
  if (cells.size() != 4 && cells.size() != 5)
    throw sw::BadEvent("a vehicle has the form {make},{model},{year},{zone}, for example XXX,AA,2020,3");
  return Vehicle{std::string(cells[0]), std::string(cells[1]), number_of<std::int64_t>(cells[2], "year"),
                 number_of<std::int64_t>(cells[3], "zone"), time_of(cells, 4)};
}

std::optional<Temperature> temperature_of(const sw::Line& line) {
  if (blank(line)) return std::nullopt;
  const std::vector<std::string_view> cells = cells_of(line.text);
  if (cells.size() != 2 && cells.size() != 3)
    throw sw::BadEvent("a temperature has the form {temperature},{zone}, for example 90,3");
  return Temperature{number_of<double>(cells[0], "temperature"), number_of<std::int64_t>(cells[1], "zone"),
                     time_of(cells, 2)};
}

}  // namespace emission
