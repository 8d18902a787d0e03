// Numbers and texts as bytes, lowest byte first, whatever the machine; and back, from bytes that may be anything.
// Thread rule: a reader belongs to one call; the functions are pure.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace streamwork::checkpoint {

template <std::unsigned_integral Number>
void put_number(std::string& out, Number value) {
  for (std::size_t i = 0; i < sizeof(Number); ++i) out.push_back(static_cast<char>((value >> (8 * i)) & 0xFFU));
}

/// The length in four bytes, then the text. REQUIRES: shorter than 4 GiB.
inline void put_text(std::string& out, std::string_view text) {
  put_number(out, static_cast<std::uint32_t>(text.size()));
  out += text;
}

/// REQUIRES: `bytes` holds a whole number from `at` on.
template <std::unsigned_integral Number>
Number number_at(std::string_view bytes, std::size_t at) {
  Number value = 0;
  for (std::size_t i = 0; i < sizeof(Number); ++i) {
    value =
        static_cast<Number>(value | static_cast<Number>(Number{static_cast<unsigned char>(bytes[at + i])} << (8 * i)));
  }
  return value;
}

/// Walks through bytes; nothing is given out that does not lie within them.
class ByteReader {
 public:
  /// REQUIRES: `bytes` stays as it is while it is read.
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}

  std::size_t offset() const { return offset_; }
  std::size_t left() const { return bytes_.size() - offset_; }

  /// The next number, or nothing if there are too few bytes.
  template <std::unsigned_integral Number>
  std::optional<Number> number() {
    if (left() < sizeof(Number)) return std::nullopt;
    offset_ += sizeof(Number);
    return number_at<Number>(bytes_, offset_ - sizeof(Number));
  }
  /// What `put_text` wrote, or nothing.
  std::optional<std::string> text() {
    const auto size = number<std::uint32_t>();
    if (!size || left() < *size) return std::nullopt;
    offset_ += *size;
    return std::string(bytes_.substr(offset_ - *size, *size));
  }

 private:
  std::string_view bytes_;
  std::size_t offset_ = 0;
};

}  // namespace streamwork::checkpoint
