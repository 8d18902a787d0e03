// What the values of options may be. What was found and the option's name are added by who asks.
// Thread rule: pure functions; what they return writes to the value it was made for.
#pragma once

#include <charconv>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

namespace streamwork::job::option_values {

/// Takes the value of an option. Returns what was expected instead, or an empty string.
using Take = std::function<std::string(const std::string&)>;

std::string joined(const std::vector<std::string>& words, const std::string& separator,
                   const std::string& last_separator);

/// All of `text` as a number: no spaces, no plus sign, no other base.
template <class Number>
bool read_number(const std::string& text, Number& number) {
  Number read{};
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, read);
  if (error != std::errc{} || stopped != end) return false;
  number = read;
  return true;
}

/// A length of time above zero.
Take take_time(std::chrono::nanoseconds& value);
Take take_whole_number(std::int64_t& value, std::int64_t least, std::int64_t greatest);
/// A number of bytes.
Take take_size(std::optional<std::uint64_t>& value, std::uint64_t least_mebibytes);
Take take_word(std::string& value, const std::vector<std::string>& words);

}  // namespace streamwork::job::option_values
