// The random numbers of one event: a stream that begins at a hash of the seed and the event's number, so that every event
// is a pure function of both, whoever makes it and when (SplitMix64: Steele, Lea and Flood 2014).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace nexmark {

class Draws {
 public:
  Draws(std::uint64_t seed, std::uint64_t number) : state_(mixed(seed * step + mixed(number + step))) {}

  std::uint64_t bits() { return mixed(state_ += step); }
  /// Evenly from 0 to `limit` - 1.
  std::uint64_t below(std::uint64_t limit) { return upper(Wide{bits()} * limit); }
  std::int64_t below_signed(std::int64_t limit) {
    return static_cast<std::int64_t>(below(static_cast<std::uint64_t>(limit)));
  }

  /// Writes letters from a to z, one more than asked for if `length` is odd.
  void letters(char* to, std::size_t length) {
    std::uint64_t left = 0;  // a fraction whose digits are the pairs
    for (std::size_t i = 0; i < length; i += 2) {
      if (i % letters_per_draw == 0) left = bits();
      const Wide product = Wide{left} * letter_pairs.size();
      std::memcpy(to + i, letter_pairs[upper(product)].data(), 2);
      left = static_cast<std::uint64_t>(product);
    }
  }

  /// The benchmark's short texts: `shortest` or more characters, less than `limit`, each from a to z or, one in thirteen,
  /// `special`; spaces at both ends are taken away.
  std::string text(std::size_t limit, char special = ' ') {
    std::string made(shortest + below(limit - shortest), special);
    for (char& c : made) {
      if (below(13) != 0) c = static_cast<char>('a' + below(26));
    }
    const std::size_t first = made.find_first_not_of(' ');
    if (first == std::string::npos) return {};
    return made.substr(first, made.find_last_not_of(' ') - first + 1);
  }

  /// How many letters an event of `size` bytes needs so that events are of `average` bytes in the middle.
  std::size_t padding(std::size_t size, std::size_t average) {
    if (size > average) return 0;
    const std::size_t missing = average - size;
    const std::size_t spread = (2 * missing + 5) / 10;  // a fifth, rounded
    return spread == 0 ? missing : missing - spread + below(2 * spread);
  }
  std::string padding_text(std::size_t size, std::size_t average) {
    const std::size_t length = padding(size, average);
    std::string made(length + 1, ' ');
    letters(made.data(), length);
    made.resize(length);
    return made;
  }

 private:
  __extension__ using Wide = unsigned __int128;
  static constexpr std::uint64_t step = 0x9E3779B97F4A7C15U;
  static constexpr std::size_t shortest = 3;
  /// 26^10 of 2^64: no letter is more likely than another by more than one in 100,000.
  static constexpr std::size_t letters_per_draw = 10;
  static constexpr auto letter_pairs = [] {
    std::array<std::array<char, 2>, std::size_t{26} * 26> pairs{};
    for (std::size_t i = 0; i < pairs.size(); ++i)
      pairs[i] = {static_cast<char>('a' + i / 26), static_cast<char>('a' + i % 26)};
    return pairs;
  }();

  static std::uint64_t upper(Wide product) { return static_cast<std::uint64_t>(product >> 64U); }
  static constexpr std::uint64_t mixed(std::uint64_t x) {
    x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9U;
    x = (x ^ (x >> 27U)) * 0x94D049BB133111EBU;
    return x ^ (x >> 31U);
  }

  std::uint64_t state_;
};

}  // namespace nexmark
