#include "format/utf8.hpp"

#include "format/bytes8.hpp"

namespace streamwork::format {

namespace {

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

}  // namespace

std::size_t utf8_character_length(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  if (first < 0x80) return 1;
  if (first < 0xC2 || text.size() < 2 || !is_continuation(text[1])) return 0;
  if (first < 0xE0) return 2;
  const auto second = static_cast<unsigned char>(text[1]);
  if (text.size() < 3 || !is_continuation(text[2])) return 0;
  if (first < 0xF0) {
    const bool overlong = first == 0xE0 && second < 0xA0;
    const bool surrogate = first == 0xED && second >= 0xA0;
    return overlong || surrogate ? 0 : 3;
  }
  if (first > 0xF4 || text.size() < 4 || !is_continuation(text[3])) return 0;
  const bool overlong = first == 0xF0 && second < 0x90;
  const bool too_great = first == 0xF4 && second >= 0x90;
  return overlong || too_great ? 0 : 4;
}

std::size_t first_invalid_utf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (text.size() - at >= 8 && (load_bytes8(text.data() + at) & (each_byte * 0x80U)) == 0) {
      at += 8;
      continue;
    }
    const std::size_t length = utf8_character_length(text.substr(at));
    if (length == 0) return at;
    at += length;
  }
  return at;
}

void append_utf8(std::string& out, std::uint32_t code_point) {
  const auto low_six = [](std::uint32_t bits) { return static_cast<char>(0x80U | (bits & 0x3FU)); };
  if (code_point < 0x80) {
    out += static_cast<char>(code_point);
  } else if (code_point < 0x800) {
    out += static_cast<char>(0xC0U | (code_point >> 6U));
    out += low_six(code_point);
  } else if (code_point < 0x10000) {
    out += static_cast<char>(0xE0U | (code_point >> 12U));
    out += low_six(code_point >> 6U);
    out += low_six(code_point);
  } else {
    out += static_cast<char>(0xF0U | (code_point >> 18U));
    out += low_six(code_point >> 12U);
    out += low_six(code_point >> 6U);
    out += low_six(code_point);
  }
}

std::size_t utf8_cut(std::string_view text, std::size_t size) {
  if (size >= text.size()) return text.size();
  while (size > 0 && is_continuation(text[size])) --size;
  return size;
}

std::string printable(std::string_view text, std::size_t size) {
  const std::size_t kept = utf8_cut(text, size);
  std::string result;
  for (std::size_t at = 0; at < kept;) {
    const std::size_t length = utf8_character_length(text.substr(at));
    const bool control = static_cast<unsigned char>(text[at]) < 0x20 || text[at] == 0x7F;
    result += length == 0 || control ? std::string_view("?") : text.substr(at, length);
    at += length == 0 ? 1 : length;
  }
  if (kept < text.size()) result += "...";
  return result;
}

}  // namespace streamwork::format
