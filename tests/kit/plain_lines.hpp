// What lines a text has, found in the plainest way: the answer that sources of lines are compared with.
#pragma once

#include <cstdint>
#include <ostream>
#include <streamwork/line.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace streamwork {

inline bool operator==(const Line& one, const Line& other) {
  return one.text == other.text && one.position == other.position;
}
inline std::ostream& operator<<(std::ostream& out, const Line& line) {
  return out << line.position << ": '" << line.text.substr(0, 100) << "' (" << line.text.size() << " bytes)";
}

namespace testkit {

inline std::vector<Line> plain_lines(std::string_view text) {
  std::vector<Line> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t end = text.find('\n', begin);
    if (end == std::string_view::npos) end = text.size();
    std::string line(text.substr(begin, end - begin));
    if (line.ends_with('\r')) line.pop_back();
    lines.push_back({line, begin});
    begin = end + 1;
  }
  return lines;
}

inline std::vector<std::string> texts(const std::vector<Line>& lines) {
  std::vector<std::string> texts;
  texts.reserve(lines.size());
  for (const Line& line : lines) texts.push_back(line.text);
  return texts;
}

}  // namespace testkit
}  // namespace streamwork
