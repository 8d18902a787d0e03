// The strings of a JSON text: copied in pieces, escapes undone, UTF-8 checked.
#include <streamwork/typed/json_reader.hpp>

#include "format/bytes8.hpp"
#include "format/utf8.hpp"

namespace streamwork::typed {

namespace {

/// The value of a hexadecimal digit, or 16.
unsigned hex_value(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return 16;
}

/// The character that a letter behind a backslash stands for, or 0.
char unescaped(char letter) {
  switch (letter) {
    case '"':
    case '\\':
    case '/':
      return letter;
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return 0;
  }
}

}  // namespace

bool JsonReader::read_string(std::string& value) {
  value_ = at_;
  if (peek() != '"') return fail_type("a string");
  const char* piece = ++at_;
  if (!skip_plain()) return false;
  value.assign(piece, static_cast<std::size_t>(at_ - piece));
  return read_rest_of_string(value);
}

/// A string whose characters are needed only for a moment: `raw` is valid until the next call.
bool JsonReader::read_raw_string(std::string_view& raw) {
  value_ = at_;
  if (peek() != '"') return fail_type("a string");
  const char* piece = ++at_;
  if (!skip_plain()) return false;
  raw = {piece, static_cast<std::size_t>(at_ - piece)};
  if (*at_ == '"') {
    ++at_;
    return true;
  }
  unescaped_ = raw;
  if (!read_rest_of_string(unescaped_)) return false;
  raw = unescaped_;
  return true;
}

bool JsonReader::read_character(char& value) {
  std::string_view text;
  if (!read_raw_string(text)) return false;
  if (text.size() != 1 || static_cast<unsigned char>(text[0]) >= 0x80) {
    return fail("must be a string of one ASCII character, not " + quoted_for_message(text));
  }
  value = text[0];
  return true;
}

/// Goes on at the first quote or backslash, and takes the closing quote.
bool JsonReader::read_rest_of_string(std::string& out) {
  while (*at_ == '\\') {
    if (!read_escape(out)) return false;
    const char* piece = at_;
    if (!skip_plain()) return false;
    out.append(piece, static_cast<std::size_t>(at_ - piece));
  }
  ++at_;
  return true;
}

/// Moves over characters that stand for themselves. True: at a quote or a backslash.
bool JsonReader::skip_plain() {
  for (;;) {
    if (end_ - at_ >= 8) {
      const unsigned plain = format::first_json_special(format::load_bytes8(at_));
      at_ += plain;
      if (plain == 8) continue;
    } else if (at_ == end_) {
      return fail_at(at_, "has a string that is not closed");
    }
    const auto c = static_cast<unsigned char>(*at_);
    if (c == '"' || c == '\\') return true;
    if (c < 0x20) return fail_at(at_, "has a string with a control character that is not escaped");
    const std::size_t length = format::utf8_character_length({at_, static_cast<std::size_t>(end_ - at_)});
    if (length == 0) return fail_at(at_, "has a string that is not valid UTF-8");
    at_ += length;
  }
}

bool JsonReader::read_escape(std::string& out) {
  const char* backslash = at_++;
  const char letter = peek();
  if (letter == 'u') {
    at_ = backslash;
    return read_unicode_escape(out);
  }
  const char c = unescaped(letter);
  if (c == 0) return fail_at(backslash, "has a string with an unknown escape");
  out += c;
  ++at_;
  return true;
}

/// Reads `\u` and four digits.
bool JsonReader::read_code_unit(std::uint32_t& unit) {
  unit = 0;
  if (end_ - at_ < 6 || at_[0] != '\\' || at_[1] != 'u') return false;
  for (int i = 2; i < 6; ++i) {
    const unsigned digit = hex_value(at_[i]);
    if (digit == 16) return false;
    unit = unit * 16 + digit;
  }
  at_ += 6;
  return true;
}

/// Characters beyond U+FFFF come as two escapes, the halves of a surrogate pair; half a pair is refused.
bool JsonReader::read_unicode_escape(std::string& out) {
  const char* escape = at_;
  std::uint32_t high = 0;
  if (!read_code_unit(high)) return fail_at(escape, "has a string with a malformed \\u escape");
  if (high < 0xD800 || high > 0xDFFF) {
    format::append_utf8(out, high);
    return true;
  }
  std::uint32_t low = 0;
  if (high > 0xDBFF || !read_code_unit(low) || low < 0xDC00 || low > 0xDFFF) {
    return fail_at(escape, "has a string with half a surrogate pair");
  }
  format::append_utf8(out, 0x10000 + ((high - 0xD800) << 10U) + (low - 0xDC00));
  return true;
}

}  // namespace streamwork::typed
