// Moments in ISO 8601, without any calendar library: the day count is Howard Hinnant's `days_from_civil`
// (https://howardhinnant.github.io/date_algorithms.html).
#include <cstddef>

#include "format/number_text.hpp"

namespace streamwork::format {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Takes numbers of fixed width and single characters off the front of a text.
class DateScanner {
 public:
  explicit DateScanner(std::string_view text) : text_(text) {}

  int number(std::size_t width) {
    int value = 0;
    for (std::size_t i = 0; i < width; ++i) {
      if (text_.size() <= i || !is_digit(text_[i])) {
        failed_ = true;
        return 0;
      }
      value = value * 10 + (text_[i] - '0');
    }
    text_.remove_prefix(width);
    return value;
  }
  bool take(char c) {
    if (text_.empty() || text_[0] != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  void expect(char c) { failed_ = failed_ || !take(c); }
  /// The digits that follow, as a number with exactly `width` digits: cut off or filled with zeros.
  std::int64_t fraction(int width) {
    fail_unless(!text_.empty() && is_digit(text_[0]));
    std::int64_t value = 0;
    for (; !text_.empty() && is_digit(text_[0]); text_.remove_prefix(1), --width) {
      if (width > 0) value = value * 10 + (text_[0] - '0');
    }
    for (; width > 0; --width) value *= 10;
    return value;
  }
  void fail_unless(bool condition) { failed_ = failed_ || !condition; }
  bool ok() const { return !failed_; }
  bool at_end() const { return text_.empty(); }

 private:
  std::string_view text_;
  bool failed_ = false;
};

std::int64_t days_from_civil(std::int64_t year, int month, int day) {
  year -= month <= 2 ? 1 : 0;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

int days_in_month(int year, int month) {
  const bool leap_year = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  if (month == 2) return leap_year ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

std::int64_t scan_day(DateScanner& scanner) {
  const int year = scanner.number(4);
  scanner.expect('-');
  const int month = scanner.number(2);
  scanner.expect('-');
  const int day = scanner.number(2);
  scanner.fail_unless(month >= 1 && month <= 12 && day >= 1 && day <= days_in_month(year, month));
  return days_from_civil(year, month, day);
}

std::int64_t scan_offset_seconds(DateScanner& scanner) {
  if (scanner.take('Z')) return 0;
  const bool west = scanner.take('-');
  if (!west) scanner.expect('+');
  const int hours = scanner.number(2);
  scanner.expect(':');
  const int minutes = scanner.number(2);
  scanner.fail_unless(hours < 24 && minutes < 60);
  const std::int64_t seconds = std::int64_t{hours} * 3600 + std::int64_t{minutes} * 60;
  return west ? -seconds : seconds;
}

}  // namespace

NumberStatus parse_date(std::string_view text, int decimals, std::int64_t& units) {
  DateScanner scanner(text);
  std::int64_t seconds = scan_day(scanner) * 86400;
  scanner.expect('T');
  const int hour = scanner.number(2);
  scanner.expect(':');
  const int minute = scanner.number(2);
  scanner.expect(':');
  const int second = scanner.number(2);
  scanner.fail_unless(hour < 24 && minute < 60 && second < 60);
  const int fraction_digits = decimals + 3;
  const std::int64_t fraction = scanner.take('.') ? scanner.fraction(fraction_digits) : 0;
  seconds += std::int64_t{hour} * 3600 + std::int64_t{minute} * 60 + second - scan_offset_seconds(scanner);
  if (!scanner.ok() || !scanner.at_end()) return NumberStatus::malformed;
  std::int64_t units_per_second = 1;
  for (int i = 0; i < fraction_digits; ++i) units_per_second *= 10;
  std::int64_t result = 0;
  if (__builtin_mul_overflow(seconds, units_per_second, &result) || __builtin_add_overflow(result, fraction, &result)) {
    return NumberStatus::out_of_range;
  }
  units = result;
  return NumberStatus::ok;
}

}  // namespace streamwork::format
