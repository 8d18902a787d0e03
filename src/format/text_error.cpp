#include <streamwork/typed/text_error.hpp>

#include "format/utf8.hpp"

namespace streamwork::typed {

namespace {

/// Longest part of hostile text that a message repeats, and longest path: a message stays one line on a screen.
constexpr std::size_t longest_quote = 40;
constexpr std::size_t longest_path = 200;

}  // namespace

std::string quoted_for_message(std::string_view text) {
  std::string result = "\"";
  result += format::printable(text, longest_quote);
  result += '"';
  return result;
}

bool TextError::fail(std::size_t offset, std::string_view reason) {
  if (!ok()) return false;
  offset_ = offset;
  reason_ = reason;
  return false;
}

bool TextError::failed_in(std::string_view field) {
  std::string path = format::printable(field, longest_quote);
  if (!path_.empty() && path_[0] != '[') path += '.';
  path += path_;
  path_ = path;
  return false;
}

bool TextError::failed_in(std::size_t element) {
  std::string path = "[";
  path += std::to_string(element);
  path += ']';
  if (!path_.empty() && path_[0] != '[') path += '.';
  path += path_;
  path_ = path;
  return false;
}

BadEvent TextError::bad_event(std::string_view format, std::string_view subject) const {
  std::string sentence(format);
  sentence += ' ';
  if (path_.empty()) {
    sentence += subject;
  } else {
    sentence += "field \"";
    sentence += format::printable(path_, longest_path);
    sentence += '"';
  }
  sentence += ' ';
  sentence += reason_;
  sentence += " (byte ";
  sentence += std::to_string(offset_);
  sentence += ')';
  return BadEvent(sentence, offset_);
}

}  // namespace streamwork::typed
