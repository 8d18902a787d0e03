#include "job/option_values.hpp"

#include <algorithm>
#include <limits>
#include <streamwork/duration_text.hpp>
#include <string_view>
#include <utility>

namespace streamwork::job::option_values {

std::string joined(const std::vector<std::string>& words, const std::string& separator,
                   const std::string& last_separator) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? last_separator : separator;
    text += words[i];
  }
  return text;
}

Take take_time(std::chrono::nanoseconds& value) {
  return [&value](const std::string& text) -> std::string {
    const std::optional<Duration> duration = read_duration(text);
    if (!duration || *duration <= Duration::zero() || *duration > std::chrono::hours(24 * 365))
      return "a time such as 1s or 200ms (us, ms, s, min, h, d), above 0";
    value = *duration;
    return {};
  };
}

Take take_whole_number(std::int64_t& value, std::int64_t least, std::int64_t greatest) {
  return [&value, least, greatest](const std::string& text) -> std::string {
    std::int64_t number = 0;
    if (!read_number(text, number) || number < least || number > greatest) {
      return "a whole number from " + std::to_string(least) + " to " + std::to_string(greatest);
    }
    value = number;
    return {};
  };
}

Take take_size(std::optional<std::uint64_t>& value, std::uint64_t least_mebibytes) {
  return [&value, least_mebibytes](const std::string& text) -> std::string {
    static constexpr std::pair<std::string_view, unsigned> units[] = {{"KiB", 10}, {"MiB", 20}, {"GiB", 30}};
    for (const auto& [unit, shift] : units) {
      std::uint64_t number = 0;
      if (!text.ends_with(unit) || !read_number(text.substr(0, text.size() - unit.size()), number)) continue;
      if (number > std::numeric_limits<std::uint64_t>::max() >> shift || number << shift < least_mebibytes << 20U)
        break;
      value = number << shift;
      return {};
    }
    return "a size such as 512MiB (KiB, MiB, GiB), at least " + std::to_string(least_mebibytes) + "MiB";
  };
}

Take take_word(std::string& value, const std::vector<std::string>& words) {
  return [&value, words](const std::string& text) -> std::string {
    if (std::ranges::find(words, text) == words.end()) return joined(words, ", ", " or ");
    value = text;
    return {};
  };
}

}  // namespace streamwork::job::option_values
