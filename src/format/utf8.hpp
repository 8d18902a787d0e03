// UTF-8, one character at a time.
// Thread rule: pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace streamwork::format {

/// The length in bytes of the character at the start of `text`: 1 to 4, or 0 if it is not valid UTF-8 (stray or missing
/// continuation bytes, overlong forms, surrogates, beyond U+10FFFF). REQUIRES: not empty.
std::size_t utf8_character_length(std::string_view text);

/// The offset of the first byte that is not valid UTF-8; `text.size()` if all is valid.
std::size_t first_invalid_utf8(std::string_view text);

/// Appends the character with this number. REQUIRES: below U+110000 and no surrogate.
void append_utf8(std::string& out, std::uint32_t code_point);

/// The length of the first `size` bytes or less that do not end inside a character.
std::size_t utf8_cut(std::string_view text, std::size_t size);

/// `text`, shortened to `size` bytes ("..." behind it then), without control characters and invalid UTF-8.
std::string printable(std::string_view text, std::size_t size);

}  // namespace streamwork::format
