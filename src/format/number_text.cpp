#include "format/number_text.hpp"

#include <fast_float/fast_float.h>

#include <charconv>
#include <cmath>
#include <cstddef>
#include <limits>
#include <system_error>

namespace streamwork::format {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

template <class Integer>
NumberStatus parse_whole(std::string_view text, Integer& value) {
  const char* begin = text.data();
  const char* end = begin + text.size();
  const auto [stop, error] = std::from_chars(begin, end, value);
  if (error == std::errc::invalid_argument) return NumberStatus::malformed;
  if (stop != end) {
    double number = 0;
    return parse_floating(text, number) == NumberStatus::malformed ? NumberStatus::malformed : NumberStatus::fraction;
  }
  return error == std::errc{} ? NumberStatus::ok : NumberStatus::out_of_range;
}

template <class Floating>
NumberStatus parse_any_floating(std::string_view text, Floating& value) {
  const char* begin = text.data();
  const char* end = begin + text.size();
  Floating number = 0;
  const auto [stop, error] = fast_float::from_chars(begin, end, number);
  if (stop != end || error == std::errc::invalid_argument || text.empty()) return NumberStatus::malformed;
  // Versions of fast_float differ in the error for numbers out of range, not in the value: zero or infinity.
  const char last = text.back();
  if (std::isinf(number) && (is_digit(last) || last == '.')) return NumberStatus::out_of_range;
  value = number;
  return NumberStatus::ok;
}

/// A decimal number taken apart: the digits of `text` between `begin` and `end` (with at most one point among them),
/// of which `whole` are in front of the point once the exponent is applied.
struct Decimal {
  bool negative = false;
  std::string_view digits;
  std::int64_t whole = 0;
};

bool parse_exponent(std::string_view text, std::int64_t& exponent) {
  const bool negative = !text.empty() && text[0] == '-';
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  if (text.empty()) return false;
  for (const char c : text) {
    if (!is_digit(c)) return false;
    if (exponent < 1'000'000'000) exponent = exponent * 10 + (c - '0');
  }
  if (negative) exponent = -exponent;
  return true;
}

bool take_apart(std::string_view text, Decimal& decimal) {
  if (!text.empty() && text[0] == '-') {
    decimal.negative = true;
    text.remove_prefix(1);
  }
  std::int64_t exponent = 0;
  const std::size_t e = text.find_first_of("eE");
  if (e != std::string_view::npos && !parse_exponent(text.substr(e + 1), exponent)) return false;
  decimal.digits = text.substr(0, e);
  const std::size_t point = decimal.digits.find('.');
  const std::size_t whole = point == std::string_view::npos ? decimal.digits.size() : point;
  for (std::size_t i = 0; i < decimal.digits.size(); ++i) {
    if (i != point && !is_digit(decimal.digits[i])) return false;
  }
  decimal.whole = static_cast<std::int64_t>(whole) + exponent;
  return whole > 0 && point + 1 != decimal.digits.size();
}

/// The sign applied, in 64 bits.
NumberStatus to_signed(bool negative, std::uint64_t magnitude, std::int64_t& value) {
  constexpr auto greatest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (magnitude > greatest + (negative ? 1 : 0)) return NumberStatus::out_of_range;
  value = static_cast<std::int64_t>(negative ? 0 - magnitude : magnitude);
  return NumberStatus::ok;
}

NumberStatus scale_decimal(const Decimal& decimal, int decimals, std::int64_t& units) {
  const std::int64_t kept = decimal.whole + decimals;  // digits that count; zeros are thought behind the last
  std::uint64_t magnitude = 0;
  std::int64_t digit_index = 0;
  bool finer = false;
  for (const char c : decimal.digits) {
    if (c == '.') continue;
    if (digit_index++ >= kept) {
      finer = finer || c != '0';
    } else if (__builtin_mul_overflow(magnitude, 10U, &magnitude) ||
               __builtin_add_overflow(magnitude, static_cast<unsigned>(c - '0'), &magnitude)) {
      return NumberStatus::out_of_range;
    }
  }
  for (; digit_index < kept && magnitude != 0; ++digit_index) {
    if (__builtin_mul_overflow(magnitude, 10U, &magnitude)) return NumberStatus::out_of_range;
  }
  if (decimal.negative && finer && __builtin_add_overflow(magnitude, 1U, &magnitude)) return NumberStatus::out_of_range;
  return to_signed(decimal.negative, magnitude, units);
}

constexpr std::int64_t power_of_ten(int exponent) {
  std::int64_t result = 1;
  for (; exponent > 0; --exponent) result *= 10;
  return result;
}

}  // namespace

NumberStatus parse_integer(std::string_view text, std::int64_t& value) { return parse_whole(text, value); }

NumberStatus parse_integer(std::string_view text, std::uint64_t& value) {
  if (text.starts_with('-')) {
    std::int64_t negative = 0;
    const NumberStatus status = parse_whole(text, negative);
    if (status == NumberStatus::ok && negative == 0) value = 0;
    return status == NumberStatus::ok && negative != 0 ? NumberStatus::out_of_range : status;
  }
  return parse_whole(text, value);
}

NumberStatus parse_floating(std::string_view text, double& value) { return parse_any_floating(text, value); }
NumberStatus parse_floating(std::string_view text, float& value) { return parse_any_floating(text, value); }

NumberStatus parse_units(std::string_view text, int decimals, std::int64_t& units) {
  std::int64_t whole = 0;
  const char* begin = text.data();
  const char* end = begin + text.size();
  const auto [stop, error] = std::from_chars(begin, end, whole);
  if (error == std::errc{} && stop == end) {  // nearly every time is a whole number
    return __builtin_mul_overflow(whole, power_of_ten(decimals), &units) ? NumberStatus::out_of_range
                                                                         : NumberStatus::ok;
  }
  Decimal decimal;
  if (!take_apart(text, decimal)) return NumberStatus::malformed;
  return scale_decimal(decimal, decimals, units);
}

}  // namespace streamwork::format
