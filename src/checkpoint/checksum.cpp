#include "checkpoint/checksum.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace streamwork::checkpoint {

namespace {

constexpr std::string_view digits = "0123456789abcdef";

}  // namespace

std::uint64_t checksum(std::string_view bytes, std::uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

std::string checksum_text(std::uint64_t value) {
  std::string text(16, '0');
  for (std::size_t i = 0; i < text.size(); ++i) text[i] = digits[(value >> (60 - 4 * i)) & 0xFU];
  return text;
}

std::optional<std::uint64_t> read_checksum(std::string_view text) {
  if (text.size() != 16) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : text) {
    const std::size_t digit = digits.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    value = value << 4U | digit;
  }
  return value;
}

}  // namespace streamwork::checkpoint
