// Numbers and times out of text; the JSON and CSV readers share it. Nothing here throws or allocates.
// Thread rule: pure functions.
#pragma once

#include <cstdint>
#include <string_view>

namespace streamwork::format {

enum class NumberStatus : std::uint8_t {
  ok,
  malformed,     ///< no number, or something stands behind it
  fraction,      ///< a number, but not a whole one as wanted
  out_of_range,  ///< too large for the type
};

/// Reads a whole text as a decimal integer: digits with an optional '-', leading zeros allowed.
NumberStatus parse_integer(std::string_view text, std::int64_t& value);
NumberStatus parse_integer(std::string_view text, std::uint64_t& value);

/// Reads a whole text as a floating number, also "nan", "inf" and "-inf"; correctly rounded (fast_float). Too small a
/// number becomes zero, too large a one is out of range.
NumberStatus parse_floating(std::string_view text, double& value);
NumberStatus parse_floating(std::string_view text, float& value);

/// Reads a whole text as a decimal number with optional fraction and exponent, in units of 10^-decimals, exactly; what
/// is finer than a unit is rounded down. "-1.5" with 3 decimals is -1500.
NumberStatus parse_units(std::string_view text, int decimals, std::int64_t& units);

/// Reads a whole text as a moment in ISO 8601: "2023-11-14T22:13:20.123Z", years 0000 to 9999, with 'Z' or an offset
/// such as "+01:00"; a fraction of a second may follow. The result is milliseconds since 1970-01-01T00:00:00Z, in units
/// of 10^-decimals ms; what is finer is rounded down.
NumberStatus parse_date(std::string_view text, int decimals, std::int64_t& units);

}  // namespace streamwork::format
