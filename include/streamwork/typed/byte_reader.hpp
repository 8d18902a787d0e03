// Reads bytes that somebody else may have written: every read is checked, nothing is believed.
// Thread rule: one thread at a time; the bytes belong to the caller and must outlive the reader.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <streamwork/typed/byte_writer.hpp>
#include <streamwork/typed/stored_data_error.hpp>
#include <string_view>
#include <type_traits>
#include <utility>

namespace streamwork::typed {

/// Everything throws `StoredDataError`, with the offset, where the bytes end or make no sense. After that the reader may be
/// asked for its offset and for nothing else.
class ByteReader {
 public:
  explicit ByteReader(std::span<const std::byte> bytes) noexcept
      : begin_(bytes.data()), at_(begin_), end_(begin_ + bytes.size()) {}

  std::size_t offset() const noexcept { return static_cast<std::size_t>(at_ - begin_); }
  std::size_t remaining() const noexcept { return static_cast<std::size_t>(end_ - at_); }
  bool at_end() const noexcept { return at_ == end_; }

  /// The next `count` bytes.
  const std::byte* take(std::size_t count) {
    if (count > remaining()) [[unlikely]]
      refuse_end(count);
    return std::exchange(at_, at_ + count);
  }
  /// A number as `ByteWriter::put` wrote it.
  template <class Number>
    requires std::is_arithmetic_v<Number>
  Number get() {
    Number number;
    std::memcpy(&number, take(sizeof number), sizeof number);
    return number;
  }
  /// A length as `ByteWriter::put_length` wrote it. It may be any number: nothing says that so much follows.
  std::uint64_t get_length() {
    if (at_ == end_ || *at_ >= std::byte{0x80}) [[unlikely]]
      return get_long_length();
    return static_cast<std::uint64_t>(*at_++);
  }
  /// How many elements follow, each of at least so many bytes: never more than the remaining bytes can hold.
  std::size_t get_count(std::size_t least_bytes_each = 1) {
    const std::uint64_t count = get_length();
    if (count > remaining() / least_bytes_each) [[unlikely]]
      refuse_count(count);
    return count;
  }
  /// A text as `ByteWriter::put_text` wrote it; it stands in the bytes.
  std::string_view get_text() {
    const std::size_t size = get_count();
    return {reinterpret_cast<const char*>(take(size)), size};
  }
  /// 0 or 1: whether there is a value.
  bool get_flag() {
    const std::byte flag = *take(1);
    if (flag > std::byte{1}) [[unlikely]]
      refuse("a byte that is 0 or 1 is neither");
    return flag == std::byte{1};
  }

  /// One value inside another begins, or ends.
  void enter() {
    if (++depth_ > deepest_nesting) [[unlikely]]
      refuse("values are nested too deep");
  }
  void leave() noexcept { --depth_; }

  /// Throws: what was read up to here makes no sense.
  [[noreturn]] void refuse(std::string_view reason) const;

 private:
  std::uint64_t get_long_length();
  [[noreturn]] void refuse_end(std::size_t count) const;
  [[noreturn]] void refuse_count(std::uint64_t count) const;

  const std::byte* begin_;
  const std::byte* at_;
  const std::byte* end_;
  std::uint32_t depth_ = 0;
};

}  // namespace streamwork::typed
