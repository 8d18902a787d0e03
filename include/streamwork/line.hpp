// One line of text as line sources (file, TCP, standard input) deliver it: the bytes and where they stood.
// Thread rule: a plain value.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace streamwork {

/// A line without its line end ("\n" or "\r\n"). The bytes are whatever the input held: NUL bytes and invalid UTF-8
/// included.
struct Line {
  std::string text;
  /// Offset in bytes of the line's first byte in its file or, for sockets, in its connection.
  std::uint64_t position = 0;

  operator std::string_view() const noexcept { return text; }  // NOLINT: a line is text wherever text is wanted
};

}  // namespace streamwork
