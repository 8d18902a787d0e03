#include "table.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>

namespace streamwork::cli {

namespace {

bool begins_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }

/// Characters as people count them, nearly: bytes that begin a UTF-8 sequence.
std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, begins_character));
}

std::string cropped_line(const std::string& line, std::size_t columns) {
  if (width(line) <= columns) return line;
  std::string kept;
  std::size_t characters = 0;
  for (const char byte : line) {
    if (begins_character(byte) && ++characters == columns) break;
    kept += byte;
  }
  return kept + "…";
}

}  // namespace

std::string aligned(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths;
  for (const Row& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
  }
  std::string text;
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string space(widths[i] - width(row[i]), ' ');
      line += i == 0 ? row[i] + space : "  " + space + row[i];
    }
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

std::string number_text(const char* format, double number) {
  char text[40];
  std::snprintf(text, sizeof text, format, number);
  return text;
}

std::string rate_text(std::optional<double> rate) {
  if (!rate) return "-";
  if (*rate >= 1e6) return number_text("%.2f M/s", *rate / 1e6);
  if (*rate >= 1e4) return number_text("%.1f k/s", *rate / 1e3);
  return number_text("%.0f/s", *rate);
}

std::string percent_text(double share) { return number_text("%.0f %%", share * 100); }

std::string bytes_text(const std::optional<std::uint64_t>& bytes) {
  if (!bytes) return "-";
  const auto number = static_cast<double>(*bytes);
  if (number >= 1e9) return number_text("%.2f GB", number / 1e9);
  if (number >= 1e6) return number_text("%.1f MB", number / 1e6);
  return number_text("%.0f kB", number / 1e3);
}

std::string span_text(const std::optional<double>& milliseconds) {
  if (!milliseconds) return "-";
  const double span = std::abs(*milliseconds);
  if (span < 1000) return number_text("%.0f ms", *milliseconds);
  if (span < 120'000) return number_text("%.1f s", *milliseconds / 1e3);
  if (span < 7'200'000) return number_text("%.1f min", *milliseconds / 6e4);
  constexpr double day = 86'400'000;
  if (span < 2 * day) return number_text("%.1f h", *milliseconds / 3.6e6);
  const auto days = static_cast<std::int64_t>(*milliseconds / day);
  if (span < 365 * day) return std::to_string(days) + " d";
  return std::to_string(days / 365) + " y " + std::to_string(std::abs(days % 365)) + " d";
}

std::string microseconds_text(double microseconds) {
  return microseconds < 1000 ? number_text("%.0f us", microseconds) : span_text(microseconds / 1e3);
}

std::string count_text(std::uint64_t count) { return count == 0 ? "-" : std::to_string(count); }

std::string moment_text(std::int64_t milliseconds) {
  const std::time_t seconds = milliseconds / 1000;
  std::tm local{};
  char text[40] = "?";
  if (localtime_r(&seconds, &local) != nullptr) std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &local);
  return text;
}

std::string cropped(const std::string& text, std::size_t lines, std::size_t columns) {
  std::string kept;
  std::size_t begin = 0;
  for (std::size_t line = 0; line < lines && begin < text.size(); ++line) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    kept += (line == 0 ? "" : "\n") + cropped_line(text.substr(begin, end - begin), columns);
    begin = end + 1;
  }
  return kept;
}

}  // namespace streamwork::cli
