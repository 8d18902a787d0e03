// The structure of a JSON text: objects, arrays, literals, what is skipped, and what is said when it is wrong.
#include <cstring>
#include <streamwork/typed/json_reader.hpp>

#include "format/bytes8.hpp"

namespace streamwork::typed {

namespace {

/// Deeper nesting is refused: a hostile line must not exhaust the stack.
constexpr int greatest_depth = 256;

}  // namespace

bool JsonReader::take_null() noexcept {
  if (peek() != 'n' || end_ - at_ < 4 || std::memcmp(at_, "null", 4) != 0) return false;
  value_ = at_;
  at_ += 4;
  return true;
}

bool JsonReader::read_boolean(bool& value) {
  value_ = at_;
  const char c = peek();
  if (c != 't' && c != 'f') return fail_type("true or false");
  value = c == 't';
  return take_literal(value ? "true" : "false");
}

bool JsonReader::open_object() {
  value_ = at_;
  return peek() == '{' ? enter() : fail_type("an object");
}

bool JsonReader::open_array() {
  value_ = at_;
  return peek() == '[' ? enter() : fail_type("an array");
}

bool JsonReader::enter() {
  ++at_;
  return ++depth_ <= greatest_depth || fail("is nested too deep");
}

/// True if another field or element follows. False: the object or array has ended, or the text is bad.
bool JsonReader::next_item(char closing, bool& first) {
  skip_white();
  const char c = peek();
  if (c == closing) {
    ++at_;
    --depth_;
    return false;
  }
  if (!first) {
    if (c != ',') return fail_expected(closing == '}' ? "',' or '}'" : "',' or ']'");
    ++at_;
    skip_white();
  }
  first = false;
  return true;
}

bool JsonReader::next_element(bool& first) { return next_item(']', first); }

bool JsonReader::next_entry(std::string& key, bool& first) {
  if (!next_item('}', first)) return false;
  if (peek() != '"') return fail_expected("a field's name in quotes");
  return read_string(key) && take_colon();
}

bool JsonReader::next_field(JsonObjectWalk& walk) { return take_expected_field(walk) || next_other_field(walk); }

bool JsonReader::next_other_field(JsonObjectWalk& walk) {
  while (next_item('}', walk.first)) {
    bool known = false;
    if (!find_field(walk, known) || !take_colon()) return false;
    if (known) return note_field(walk);
    if (!skip_value()) return false;
  }
  return ok() && close_object(walk);
}

/// The quick way: fields mostly come in the order of declaration, without escapes and with little white space. False,
/// and nothing is taken, if it is not so.
bool JsonReader::take_expected_field(JsonObjectWalk& walk) noexcept {
  if (walk.expected == walk.size) return false;
  const std::string_view name = walk.names[walk.expected];
  const std::uint64_t bit = std::uint64_t{1} << walk.expected;
  const char* at = at_;
  // Six bytes more than the name: comma, space, quotes, colon, and one of the value.
  if (static_cast<std::size_t>(end_ - at) < name.size() + 6 || (walk.seen & bit) != 0) return false;
  if (!walk.first) {
    if (*at != ',') return false;
    at += at[1] == ' ' ? 2 : 1;
  }
  if (at[0] != '"' || at[name.size() + 1] != '"' || at[name.size() + 2] != ':') return false;
  if (!format::equal_bytes(at + 1, name.data(), name.size())) return false;
  at += name.size() + 3;
  at_ = at + (*at == ' ' ? 1 : 0);
  skip_white();
  walk.seen |= bit;
  walk.first = false;
  walk.current = walk.expected++;
  return true;
}

bool JsonReader::take_colon() {
  skip_white();
  if (peek() != ':') return fail_expected("':'");
  ++at_;
  skip_white();
  return true;
}

/// Takes the name of a field; if the struct has it, it becomes the current one.
bool JsonReader::find_field(JsonObjectWalk& walk, bool& known) {
  if (peek() != '"') return fail_expected("a field's name in quotes");
  std::string_view name;
  if (!read_raw_string(name)) return false;
  for (std::size_t i = 0; i < walk.size; ++i) {
    known = walk.names[i] == name;
    if (!known) continue;
    walk.current = i;
    break;
  }
  return true;
}

bool JsonReader::note_field(JsonObjectWalk& walk) {
  const std::uint64_t bit = std::uint64_t{1} << walk.current;
  if ((walk.seen & bit) != 0) {
    fail_at(at_, "occurs twice");
    return failed_in(walk.names[walk.current]);
  }
  walk.seen |= bit;
  walk.expected = walk.current + 1;
  return true;
}

/// Always false: there are no more fields. Fails if one is missing.
bool JsonReader::close_object(const JsonObjectWalk& walk) {
  const std::uint64_t missing = walk.required & ~walk.seen;
  for (std::size_t i = 0; missing != 0 && i < walk.size; ++i) {
    if ((missing >> i & 1U) == 0) continue;
    fail_at(at_ - 1, "is missing");
    return failed_in(walk.names[i]);
  }
  return false;
}

bool JsonReader::skip_value() {
  switch (peek()) {
    case '{':
      return skip_object();
    case '[':
      return skip_array();
    case 't':
      return take_literal("true");
    case 'f':
      return take_literal("false");
    case 'n':
      return take_literal("null");
    default:
      break;
  }
  std::string_view ignored;
  if (peek() == '"') return read_raw_string(ignored);
  const bool number = peek() == '-' || (peek() >= '0' && peek() <= '9');
  return number ? scan_number(ignored) : fail_expected("a value");
}

bool JsonReader::skip_object() {
  if (!enter()) return false;
  bool first = true;
  std::string_view ignored;
  while (next_item('}', first)) {
    if (peek() != '"') return fail_expected("a field's name in quotes");
    if (!read_raw_string(ignored) || !take_colon() || !skip_value()) return false;
  }
  return ok();
}

bool JsonReader::skip_array() {
  if (!enter()) return false;
  bool first = true;
  while (next_item(']', first)) {
    if (!skip_value()) return false;
  }
  return ok();
}

bool JsonReader::take_literal(std::string_view literal) {
  if (!std::string_view(at_, static_cast<std::size_t>(end_ - at_)).starts_with(literal)) {
    return fail_expected(literal);
  }
  at_ += literal.size();
  return true;
}

bool JsonReader::finish() {
  skip_white();
  return at_ == end_ || fail_at(at_, "is followed by more text");
}

bool JsonReader::fail(std::string_view reason) { return fail_at(value_, reason); }

bool JsonReader::fail_at(const char* where, std::string_view reason) {
  return error_.fail(static_cast<std::size_t>(where - begin_), reason);
}

bool JsonReader::fail_expected(std::string_view wanted) {
  std::string reason = at_ == end_ ? "ends where " : "has " + quoted_for_message({at_, 1}) + " where ";
  reason += wanted;
  reason += " must stand";
  return fail_at(at_, reason);
}

bool JsonReader::fail_type(std::string_view wanted) {
  std::string reason = "must be ";
  reason += wanted;
  reason += ", not " + found();
  return fail_at(at_, reason);
}

/// What stands where another type was wanted.
std::string JsonReader::found() const {
  if (at_ == end_) return "the end of the text";
  const std::string_view rest(at_, static_cast<std::size_t>(end_ - at_));
  if (rest[0] == '"') return "a string";
  if (rest[0] == '{') return "an object";
  if (rest[0] == '[') return "an array";
  for (const std::string_view literal : {"true", "false", "null"}) {
    if (rest.starts_with(literal)) return std::string(literal);
  }
  if (rest.starts_with("\xEF\xBB\xBF")) return "a byte order mark";
  const std::size_t size = rest.find_first_not_of("+-.0123456789eE");
  return quoted_for_message(size == 0 ? rest.substr(0, 1) : rest.substr(0, size));
}

}  // namespace streamwork::typed
