#include <bit>
#include <charconv>
#include <cmath>
#include <limits>
#include <streamwork/typed/text_writer.hpp>

#include "format/bytes8.hpp"
#include "format/utf8.hpp"

namespace streamwork::typed {

using format::first_json_special;
using format::load_bytes8;

namespace {

/// Room for any number: a sign, 20 digits in front of the point, or "0.000001" and 16 more digits.
constexpr std::size_t number_size = 48;

constexpr std::uint64_t power_of_ten(int exponent) { return exponent == 0 ? 1 : 10 * power_of_ten(exponent - 1); }

/// Writes `fraction` of `scale` as the digits behind a point, without zeros at the end.
char* write_fraction(char* at, std::uint32_t fraction, std::uint32_t scale) {
  while (fraction != 0) {
    scale /= 10;
    *at++ = static_cast<char>('0' + fraction / scale);
    fraction %= scale;
  }
  return at;
}

/// Writes a number with up to six decimals, as most measured ones are, several times as fast as the general way.
/// Returns nullptr for others. A decimal with at most `digits10` digits is the only one of its length that reads back
/// the same, and it is found by division, which is correctly rounded: so the result is that of the general way.
template <class Floating>
char* write_short_decimal(char* at, char* end, Floating magnitude) {
  using Limits = std::numeric_limits<Floating>;
  constexpr int most_digits = Limits::digits10;
  for (const std::uint32_t scale : {1'000U, 1'000'000U}) {
    const Floating scaled = magnitude * static_cast<Floating>(scale) + static_cast<Floating>(0.5);
    if (!(scaled < static_cast<Floating>(power_of_ten(most_digits)))) return nullptr;
    const auto digits = static_cast<std::uint64_t>(scaled);
    if (static_cast<Floating>(digits) / static_cast<Floating>(scale) != magnitude) continue;
    at = std::to_chars(at, end, digits / scale).ptr;
    *at++ = '.';
    return write_fraction(at, static_cast<std::uint32_t>(digits % scale), scale);
  }
  return nullptr;
}

/// Writes with the digits of the shortest number that reads back the same. Without exponent from 0.000001 up to where
/// digits alone would be taken for an integer of more than 64 bits.
template <class Floating>
char* write_floating(char* at, char* end, Floating value) {
  // Up to here every whole number of the type is exact, so that its digits are those of the integer.
  constexpr auto exact = static_cast<Floating>(std::uint64_t{1} << std::numeric_limits<Floating>::digits);
  if (std::signbit(value)) *at++ = '-';
  const Floating magnitude = std::abs(value);
  if (magnitude < exact && magnitude == std::trunc(magnitude)) {
    return std::to_chars(at, end, static_cast<std::uint64_t>(magnitude)).ptr;
  }
  if (char* stop = write_short_decimal(at, end, magnitude)) return stop;
  constexpr auto least_plain = static_cast<Floating>(1e-6);
  constexpr auto greatest_plain = static_cast<Floating>(1e18);
  const bool plain = magnitude >= least_plain && magnitude < greatest_plain;
  return std::to_chars(at, end, magnitude, plain ? std::chars_format::fixed : std::chars_format::scientific).ptr;
}

/// U+FFFD: stands for each byte that is not UTF-8.
constexpr std::string_view replacement_character = "\xEF\xBF\xBD";

constexpr char hex_digits[] = "0123456789abcdef";

/// The letter behind the backslash for the control characters that have one, else 0.
char short_escape(char c) {
  switch (c) {
    case '"':
      return '"';
    case '\\':
      return '\\';
    case '\b':
      return 'b';
    case '\f':
      return 'f';
    case '\n':
      return 'n';
    case '\r':
      return 'r';
    case '\t':
      return 't';
    default:
      return 0;
  }
}

}  // namespace

void TextWriter::append_long(std::string_view piece) {
  flush();
  if (piece.size() > room()) {
    out_.append(piece);
  } else {
    append(piece);
  }
}

void TextWriter::append_integer(std::int64_t value) {
  if (room() < number_size) flush();
  at_ = std::to_chars(at_, buffer_ + buffer_size, value).ptr;
}

void TextWriter::append_integer(std::uint64_t value) {
  if (room() < number_size) flush();
  at_ = std::to_chars(at_, buffer_ + buffer_size, value).ptr;
}

bool TextWriter::append_floating(double value) {
  if (!std::isfinite(value)) return false;
  if (room() < number_size) flush();
  at_ = write_floating(at_, buffer_ + buffer_size, value);
  return true;
}

bool TextWriter::append_floating(float value) {
  if (!std::isfinite(value)) return false;
  if (room() < number_size) flush();
  at_ = write_floating(at_, buffer_ + buffer_size, value);
  return true;
}

void TextWriter::append_ticks(std::int64_t ticks, TickFormat format) {
  using Limits = std::numeric_limits<std::int64_t>;
  std::int64_t units = 0;
  if (__builtin_mul_overflow(ticks, format.units_per_tick, &units)) units = ticks < 0 ? Limits::min() : Limits::max();
  const std::uint64_t magnitude = units < 0 ? 0 - static_cast<std::uint64_t>(units) : static_cast<std::uint64_t>(units);
  const std::uint32_t scale = format.decimals == 3 ? 1'000 : 1'000'000;
  if (units < 0) append('-');
  append_integer(magnitude / scale);
  const auto fraction = static_cast<std::uint32_t>(magnitude % scale);
  if (fraction == 0) return;
  if (room() < number_size) flush();
  *at_++ = '.';
  at_ = write_fraction(at_, fraction, scale);
}

void TextWriter::append_json_string(std::string_view text) {
  append('"');
  std::size_t at = 0;
  while (at < text.size()) {
    if (room() < 8) flush();
    if (text.size() - at >= 8) {
      const std::uint64_t bytes = load_bytes8(text.data() + at);
      const unsigned plain = first_json_special(bytes);
      std::memcpy(at_, text.data() + at, 8);  // what is behind the plain ones is written over
      at_ += plain;
      at += plain;
      if (plain < 8) append_json_character(text, at);
    } else {
      const char c = text[at];
      if (static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\' || static_cast<unsigned char>(c) >= 0x80) {
        append_json_character(text, at);
      } else {
        *at_++ = c;
        ++at;
      }
    }
  }
  append('"');
}

/// Appends the character at `at`, escaped if need be, and moves `at` behind it.
void TextWriter::append_json_character(std::string_view text, std::size_t& at) {
  const char c = text[at];
  if (static_cast<unsigned char>(c) >= 0x80) {
    const std::size_t length = format::utf8_character_length(text.substr(at));
    append(length == 0 ? replacement_character : text.substr(at, length));
    at += length == 0 ? 1 : length;
    return;
  }
  ++at;
  const char letter = short_escape(c);
  append('\\');
  if (letter != 0) return append(letter);
  append("u00");
  append(hex_digits[static_cast<unsigned char>(c) >> 4U]);
  append(hex_digits[static_cast<unsigned char>(c) & 0xFU]);
}

bool TextWriter::append_csv_cell(std::string_view text, char separator) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  bool quoted = !text.empty() && (is_blank(text.front()) || is_blank(text.back()));
  bool ascii = true;
  for (const char c : text) {
    if (c == '\n' || c == '\0') return false;
    quoted = quoted || c == separator || c == '"' || c == '\r';
    ascii = ascii && static_cast<unsigned char>(c) < 0x80;
  }
  if (!quoted && ascii) {
    append(text);
    return true;
  }
  if (quoted) append('"');
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = format::utf8_character_length(text.substr(at));
    if (text[at] == '"') append('"');
    append(length == 0 ? replacement_character : text.substr(at, length));
    at += length == 0 ? 1 : length;
  }
  if (quoted) append('"');
  return true;
}

}  // namespace streamwork::typed
