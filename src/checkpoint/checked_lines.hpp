// Text whose lines carry a checksum of themselves and all lines before them, so that damage is found and its line is
// named, and no line can come from elsewhere: "5b2c4d1907aa33e1 {…}".
// Thread rule: a reader or writer belongs to one call.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace streamwork::checkpoint {

class CheckedLinesWriter {
 public:
  /// REQUIRES: no line break in `line`.
  void add(std::string_view line);
  const std::string& text() const { return text_; }
  std::uint64_t lines() const { return lines_; }

 private:
  std::string text_;
  std::uint64_t checksum_ = 0;
  std::uint64_t lines_ = 0;
};

class CheckedLinesReader {
 public:
  /// `path` is for messages. REQUIRES: `text` stays as it is.
  CheckedLinesReader(std::string_view text, std::string path) : text_(text), path_(std::move(path)) {}

  bool at_end() const { return next_ == text_.size(); }
  /// The next line without its checksum. Throws `DamagedFile`. REQUIRES: not `at_end()`.
  std::string_view next();
  /// Lines read so far.
  std::uint64_t lines() const { return lines_; }
  /// Throws `DamagedFile` for the line that was read last.
  [[noreturn]] void fail(const std::string& reason) const;

 private:
  std::string_view text_;
  std::string path_;
  std::size_t line_ = 0;  // where the line that was read last begins
  std::size_t next_ = 0;
  std::uint64_t checksum_ = 0;
  std::uint64_t lines_ = 0;
};

}  // namespace streamwork::checkpoint
