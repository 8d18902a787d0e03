// Eight bytes of text looked at together, with plain 64-bit arithmetic: as fast as needed for short texts on any
// machine. Thread rule: pure functions.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace streamwork::format {

inline constexpr std::uint64_t each_byte = 0x0101010101010101U;

/// The eight bytes at `text`, the first one in the lowest byte. REQUIRES: eight bytes can be read there.
inline std::uint64_t load_bytes8(const char* text) {
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, text, sizeof bytes);
  if constexpr (std::endian::native == std::endian::big) bytes = __builtin_bswap64(bytes);
  return bytes;
}

/// A set top bit for the first byte that is below `limit` (at most 0x80), and for none before it. Bytes from 0x80 on
/// may be marked, too.
constexpr std::uint64_t mark_below(std::uint64_t bytes, unsigned char limit) { return bytes - each_byte * limit; }

/// A set top bit for the first byte that equals `wanted`, and for none before it but bytes from 0x80 on.
constexpr std::uint64_t mark_equal(std::uint64_t bytes, char wanted) {
  return mark_below(bytes ^ (each_byte * static_cast<unsigned char>(wanted)), 1);
}

/// The index of the first byte that cannot be copied as it is into or out of a JSON string: quote, backslash, control
/// character, or not ASCII. 8 if there is none.
inline unsigned first_json_special(std::uint64_t bytes) {
  const std::uint64_t marks =
      (bytes | mark_below(bytes, 0x20) | mark_equal(bytes, '"') | mark_equal(bytes, '\\')) & (each_byte * 0x80U);
  return static_cast<unsigned>(std::countr_zero(marks)) / 8;
}

/// True if all eight bytes are decimal digits.
constexpr bool are_digits8(std::uint64_t bytes) {
  return ((bytes & 0xF0F0F0F0F0F0F0F0U) | (((bytes + 0x0606060606060606U) & 0xF0F0F0F0F0F0F0F0U) >> 4U)) ==
         0x3333333333333333U;
}

/// The number that eight digits spell. REQUIRES: `are_digits8(bytes)`.
constexpr std::uint32_t digits8_value(std::uint64_t bytes) {
  bytes -= each_byte * '0';
  bytes = bytes * 10 + (bytes >> 8U);  // pairs, in every second byte
  const std::uint64_t mask = 0x000000FF000000FFU;
  const std::uint64_t quads = (bytes & mask) * (100 + (1'000'000ULL << 32U));
  return static_cast<std::uint32_t>((quads + ((bytes >> 16U) & mask) * (1 + (10'000ULL << 32U))) >> 32U);
}

/// True if the same `size` bytes stand at both places. For short texts of unforeseeable length it beats `memcmp`.
inline bool equal_bytes(const char* left, const char* right, std::size_t size) {
  const auto differ = [&]<class Word>(Word, std::size_t at) {
    Word left_word = 0;
    Word right_word = 0;
    std::memcpy(&left_word, left + at, sizeof(Word));
    std::memcpy(&right_word, right + at, sizeof(Word));
    return left_word != right_word;
  };
  // The last word may overlap the one before it.
  if (size >= 8) {
    for (std::size_t at = 0; at + 8 < size; at += 8) {
      if (differ(std::uint64_t{}, at)) return false;
    }
    return !differ(std::uint64_t{}, size - 8);
  }
  if (size >= 4) return !differ(std::uint32_t{}, 0) && !differ(std::uint32_t{}, size - 4);
  if (size >= 2) return !differ(std::uint16_t{}, 0) && !differ(std::uint16_t{}, size - 2);
  return size == 0 || *left == *right;
}

}  // namespace streamwork::format
