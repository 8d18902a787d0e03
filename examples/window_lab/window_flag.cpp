#include "window_flag.hpp"

#include <charconv>
#include <stdexcept>
#include <streamwork/duration_text.hpp>
#include <string_view>
#include <vector>

namespace window_lab {

namespace {

std::vector<std::string> parts_of(const std::string& text) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == ':') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

sw::Duration duration_of(const std::string& text) {
  if (const auto duration = sw::read_duration(text)) return *duration;
  throw std::invalid_argument("'" + text + "' is no time; write for instance 5s or 250ms");
}

std::int64_t number_of(const std::string& text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size())
    throw std::invalid_argument("'" + text + "' is no number of events");
  return number;
}

}  // namespace

Windows windows_of(const std::string& text) {
  const std::vector<std::string> parts = parts_of(text);
  const std::string& kind = parts.front();
  const std::size_t values = parts.size() - 1;
  if (kind == "tumbling" && values == 1) return sw::tumbling(duration_of(parts[1]));
  if (kind == "sliding" && values == 2) return sw::sliding(duration_of(parts[1]), duration_of(parts[2]));
  if (kind == "session" && values == 1) return sw::session(duration_of(parts[1]));
  if (kind == "count" && values == 1) return sw::count_windows(number_of(parts[1]));
  if (kind == "count" && values == 2) return sw::count_windows(number_of(parts[1]), number_of(parts[2]));
  if (kind == "cumulative" && values == 2) return sw::cumulative(duration_of(parts[1]), duration_of(parts[2]));
  throw std::invalid_argument("not one of the windows there are");
}

}  // namespace window_lab
