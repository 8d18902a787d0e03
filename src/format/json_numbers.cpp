// The numbers, times and enums of a JSON text.
#include <limits>
#include <streamwork/typed/json_reader.hpp>

#include "format/bytes8.hpp"
#include "format/number_text.hpp"
#include "format/value_text.hpp"

namespace streamwork::typed {

using format::NumberStatus;

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// A whole number as JSON writes it.
struct Whole {
  const char* stop = nullptr;  ///< behind the digits; nullptr if it is none
  std::uint64_t magnitude = 0;
  bool negative = false;
  bool overflow = false;  ///< the magnitude does not fit
};

Whole scan_whole(const char* at, const char* end) {
  Whole whole;
  whole.negative = at != end && *at == '-';
  if (whole.negative) ++at;
  const char* first = at;
  std::uint64_t magnitude = 0;
  if (end - at >= 8) {
    const std::uint64_t bytes = format::load_bytes8(at);
    if (format::are_digits8(bytes)) {
      magnitude = format::digits8_value(bytes);
      at += 8;
    }
  }
  for (; at != end && is_digit(*at); ++at) magnitude = magnitude * 10 + static_cast<unsigned>(*at - '0');
  const auto size = at - first;
  const bool leading_zero = size > 1 && *first == '0';
  const bool goes_on = at != end && (*at == '.' || *at == 'e' || *at == 'E');
  if (size == 0 || leading_zero || goes_on) return whole;
  // 19 digits always fit; of 20, those from 2 * 10^19 on do not, and those below that do not have wrapped around.
  constexpr std::uint64_t least_20_digits = 10'000'000'000'000'000'000U;
  whole.overflow = size > 20 || (size == 20 && (*first > '1' || magnitude < least_20_digits));
  whole.magnitude = magnitude;
  whole.stop = at;
  return whole;
}

}  // namespace

// What follows a number is looked at by whoever comes next: a separator, a closing bracket or the end must stand there.
bool JsonReader::read_integer(std::int64_t& value, std::int64_t least, std::int64_t greatest) {
  value_ = at_;
  const Whole whole = scan_whole(at_, end_);
  if (whole.stop == nullptr) return fail_type("a whole number");
  at_ = whole.stop;
  const auto limit = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) + (whole.negative ? 1 : 0);
  value = static_cast<std::int64_t>(whole.negative ? 0 - whole.magnitude : whole.magnitude);
  const bool fits = !whole.overflow && whole.magnitude <= limit && value >= least && value <= greatest;
  return fits || fail_range(std::to_string(least), std::to_string(greatest));
}

bool JsonReader::read_integer(std::uint64_t& value, std::uint64_t greatest) {
  value_ = at_;
  const Whole whole = scan_whole(at_, end_);
  if (whole.stop == nullptr) return fail_type("a whole number");
  at_ = whole.stop;
  value = whole.magnitude;
  const bool fits = !whole.overflow && value <= (whole.negative ? 0 : greatest);
  return fits || fail_range("0", std::to_string(greatest));
}

/// Kept apart from the quick way on purpose: making sentences needs much of the stack.
bool JsonReader::fail_range(const std::string& least, const std::string& greatest) {
  const std::string_view number(value_, static_cast<std::size_t>(at_ - value_));
  return fail("is out of range: " + quoted_for_message(number) + " is not in " + least + " to " + greatest);
}

/// Takes a number by the grammar of JSON, which is stricter than that of the number parsers.
bool JsonReader::scan_number(std::string_view& number) {
  value_ = at_;
  const auto skip_digits = [this] {
    const char* first = at_;
    while (at_ != end_ && is_digit(*at_)) ++at_;
    return at_ != first;
  };
  if (peek() == '-') ++at_;
  const char* first = at_;
  if (!skip_digits()) {
    at_ = value_;
    return fail_type("a number");
  }
  bool good = *first != '0' || at_ == first + 1;
  if (peek() == '.') {
    ++at_;
    good = skip_digits() && good;
  }
  if (peek() == 'e' || peek() == 'E') {
    ++at_;
    if (peek() == '+' || peek() == '-') ++at_;
    good = skip_digits() && good;
  }
  number = {value_, static_cast<std::size_t>(at_ - value_)};
  return good || fail("must be a well-formed number, not " + quoted_for_message(number));
}

template <class Floating>
bool JsonReader::read_any_floating(Floating& value) {
  if (take_null()) {
    value = std::numeric_limits<Floating>::quiet_NaN();
    return true;
  }
  std::string_view number;
  if (!scan_number(number)) return false;
  if (format::parse_floating(number, value) == NumberStatus::ok) return true;
  return fail("is out of range: " + quoted_for_message(number) + " is too large for a floating-point number");
}

bool JsonReader::read_floating(double& value) { return read_any_floating(value); }
bool JsonReader::read_floating(float& value) { return read_any_floating(value); }

bool JsonReader::read_ticks(std::int64_t& ticks, TickRange range) {
  std::string_view text;
  const bool date = range.dates && peek() == '"';
  if (date ? !read_raw_string(text) : !scan_number(text)) return false;
  const NumberStatus status = format::parse_ticks(text, range, date, ticks);
  return status == NumberStatus::ok || fail(format::ticks_reason(status, range, text));
}

bool JsonReader::read_enum(std::int64_t& value, EnumTable table) {
  std::string_view name;
  if (peek() == '"') {
    return read_raw_string(name) &&
           (format::find_enum_name(table, name, value) || fail(format::enum_reason(table, name)));
  }
  using Limits = std::numeric_limits<std::int64_t>;
  if (!read_integer(value, Limits::min(), Limits::max())) return false;
  name = {value_, static_cast<std::size_t>(at_ - value_)};
  return format::has_enum_value(table, value) || fail(format::enum_reason(table, name));
}

}  // namespace streamwork::typed
