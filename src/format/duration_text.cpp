#include <array>
#include <streamwork/duration_text.hpp>
#include <streamwork/event_time.hpp>

namespace streamwork {

namespace {

struct Unit {
  std::string_view name;
  std::int64_t microseconds;
};
constexpr std::array units = {Unit{"d", 86'400'000'000}, Unit{"h", 3'600'000'000}, Unit{"min", 60'000'000},
                              Unit{"s", 1'000'000},      Unit{"ms", 1000},         Unit{"us", 1}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::optional<Duration> read_duration(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  std::int64_t number = 0;
  std::int64_t fraction_of = 1;  // the number is in units of one over this
  bool point = false;
  bool digits = false;
  while (!text.empty() && (is_digit(text.front()) || (text.front() == '.' && digits && !point))) {
    if (text.front() == '.') {
      point = true;
      digits = false;
    } else {
      if (number > longest_duration.count() / 10 || fraction_of > 1'000'000'000'000) return std::nullopt;
      number = number * 10 + (text.front() - '0');
      if (point) fraction_of *= 10;
      digits = true;
    }
    text.remove_prefix(1);
  }
  if (!digits) return std::nullopt;
  for (const Unit& unit : units) {
    if (text != unit.name) continue;
    std::int64_t ticks = 0;
    if (__builtin_mul_overflow(number, unit.microseconds, &ticks) || ticks % fraction_of != 0) return std::nullopt;
    ticks /= fraction_of;
    if (ticks > longest_duration.count()) return std::nullopt;
    return Duration(negative ? -ticks : ticks);
  }
  return std::nullopt;
}

std::string duration_text(Duration duration) {
  if (duration == Duration::zero()) return "0s";
  for (const Unit& unit : units) {
    if (duration.count() % unit.microseconds != 0) continue;
    return std::to_string(duration.count() / unit.microseconds) + std::string(unit.name);
  }
  return {};
}

}  // namespace streamwork
