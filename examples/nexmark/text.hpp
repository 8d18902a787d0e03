// A short text that lies in the event itself. Bids are most of the stream and have three texts each, whose greatest lengths
// are known: so making, copying and keeping a bid asks for no memory.
#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace nexmark {

/// At most `Capacity` characters. A plain struct: it can be stored in checkpoints as it is.
template <std::size_t Capacity>
struct Text {
  static_assert(Capacity < 256);

  std::array<char, Capacity> characters{};
  std::uint8_t length = 0;

  /// REQUIRES: `text` is no longer than the capacity.
  void operator=(std::string_view text) {
    assert(text.size() <= Capacity);
    std::ranges::copy(text, characters.begin());
    length = static_cast<std::uint8_t>(text.size());
  }
  std::string_view view() const { return {characters.data(), length}; }
  friend bool operator==(const Text& a, const Text& b) { return a.view() == b.view(); }
};

}  // namespace nexmark
