#include "transaction.hpp"

#include <charconv>
#include <cmath>
#include <string_view>

namespace system_usage {

namespace {

/// All of `text` as a number.
template <class Number>
bool read_number(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

std::optional<Transaction> transaction_of(const sw::Line& line) {
  const std::string_view text = line.text;
  if (text.find_first_not_of(" \t") == std::string_view::npos) return std::nullopt;
  const std::size_t comma = text.find(',');
  Transaction transaction{line.position, 0, 0};
  if (comma == std::string_view::npos || !read_number(text.substr(0, comma), transaction.amount) ||
      !std::isfinite(transaction.amount) || !read_number(text.substr(comma + 1), transaction.merchandise)) {
    throw sw::BadEvent("a transaction has the form {amount},{merchandiseId}, for example 42.00,3");
  }
  return transaction;
}

Transaction made_up_transaction(std::uint64_t number) {
  const std::uint64_t dice =
      number * 0x9E37'79B9'7F4A'7C15ULL >> 32U;  // Fibonacci hashing: spreads, and is the same anywhere
  return {number, static_cast<double>(dice % 100'000) / 100, static_cast<std::int64_t>(dice / 100'000 % 50)};
}

}  // namespace system_usage
