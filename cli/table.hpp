// Numbers, times and tables as text for a terminal.
// Thread rule: pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace streamwork::cli {

using Row = std::vector<std::string>;

/// The first column to the left, the others to the right.
std::string aligned(const std::vector<Row>& rows);

std::string number_text(const char* format, double number);
/// "950/s", "12.5 k/s", "3.21 M/s"; "-" if it is not known.
std::string rate_text(std::optional<double> rate);
/// "42 %"
std::string percent_text(double share);
std::string bytes_text(const std::optional<std::uint64_t>& bytes);
/// "420 ms", "3.5 min", "26.1 h", "3 y 13 d": a span.
std::string span_text(const std::optional<double>& milliseconds);
std::string microseconds_text(double microseconds);
/// "-" for none.
std::string count_text(std::uint64_t count);
/// A moment, in the time zone of this machine: "2024-05-01 12:30:05".
std::string moment_text(std::int64_t milliseconds);

/// What fits on a screen of so many lines and columns, the beginning of it; lines that are too long end in "…".
std::string cropped(const std::string& text, std::size_t lines, std::size_t columns);

}  // namespace streamwork::cli
