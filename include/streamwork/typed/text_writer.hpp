// Collects a line of text in a small buffer and hands it on to a string in few pieces; the JSON and CSV writers share
// it. Appending piece by piece to the string itself would check and terminate it for every piece.
// Thread rule: belongs to one call.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <streamwork/typed/tick_text.hpp>
#include <string>
#include <string_view>

namespace streamwork::typed {

class TextWriter {
 public:
  /// Appends to `out`, which must outlive the writer and must not be touched by others meanwhile.
  explicit TextWriter(std::string& out) noexcept : out_(out), former_size_(out.size()) {}
  TextWriter(const TextWriter&) = delete;
  TextWriter& operator=(const TextWriter&) = delete;
  /// Without `finish` the string gets back its former length: a line is appended whole or not at all.
  ~TextWriter() {
    if (!finished_) out_.resize(former_size_);
  }

  /// Hands on what is still in the buffer. REQUIRES: nothing is appended afterwards.
  void finish() {
    flush();
    finished_ = true;
  }

  void append(std::string_view piece) {
    if (piece.size() > room()) return append_long(piece);
    std::memcpy(at_, piece.data(), piece.size());
    at_ += piece.size();
  }
  void append(char c) {
    if (room() == 0) flush();
    *at_++ = c;
  }
  void append_integer(std::int64_t value);
  void append_integer(std::uint64_t value);
  /// The shortest digits that read back the same; whole numbers without ".0", an exponent only below 0.000001 and from
  /// 1e+18. False, and nothing is appended, for NaN and infinities.
  bool append_floating(double value);
  bool append_floating(float value);
  /// Milliseconds with the decimals that are needed. What exceeds 64 bits of units is written as the limit.
  void append_ticks(std::int64_t ticks, TickFormat format);
  /// A JSON string in quotes. Invalid UTF-8 is replaced by U+FFFD, so that the output is always valid.
  void append_json_string(std::string_view text);
  /// A CSV cell, in quotes only if it needs them. False if the text cannot stand in a line: line break or NUL byte.
  bool append_csv_cell(std::string_view text, char separator);
  /// The number of bytes appended since the beginning.
  std::size_t size() const noexcept { return out_.size() - former_size_ + static_cast<std::size_t>(at_ - buffer_); }

 private:
  static constexpr std::size_t buffer_size = 1024;  // a few small events; on the stack

  std::size_t room() const noexcept { return static_cast<std::size_t>(buffer_ + buffer_size - at_); }
  void flush() {
    out_.append(buffer_, static_cast<std::size_t>(at_ - buffer_));
    at_ = buffer_;
  }
  void append_long(std::string_view piece);
  void append_json_character(std::string_view text, std::size_t& at);

  std::string& out_;
  std::size_t former_size_;
  bool finished_ = false;
  char* at_ = buffer_;
  char buffer_[buffer_size];
};

}  // namespace streamwork::typed
