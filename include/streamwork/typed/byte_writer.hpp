// Collects bytes in memory that grows. The format of values is in docs/internals/state-encoding.md.
// Thread rule: one thread at a time.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

namespace streamwork::typed {

/// Values may be nested this deep: a tree deeper than that would need too much stack to be read back.
inline constexpr std::uint32_t deepest_nesting = 1000;

class ByteWriter {
 public:
  ByteWriter() = default;
  ByteWriter(ByteWriter&& other) noexcept { *this = std::move(other); }
  ByteWriter& operator=(ByteWriter&& other) noexcept;
  ~ByteWriter() = default;

  /// Appends `count` bytes and returns where they stand; the caller fills them before anything else is appended.
  std::byte* extend(std::size_t count) {
    if (count > static_cast<std::size_t>(end_ - at_)) [[unlikely]]
      grow(count);
    return std::exchange(at_, at_ + count);
  }

  /// Appends what `write(place)` writes, at most `count` bytes; it returns where they end.
  template <class Write>
  void put_up_to(std::size_t count, Write&& write) {
    if (count > static_cast<std::size_t>(end_ - at_)) [[unlikely]]
      grow(count);
    at_ = write(at_);
  }

  /// A number as it lies in memory, least significant byte first.
  template <class Number>
    requires std::is_arithmetic_v<Number>
  void put(Number number) {
    std::memcpy(extend(sizeof number), &number, sizeof number);
  }
  /// Seven bits a byte, least significant first, the top bit set in all but the last: small ones take one byte.
  void put_length(std::uint64_t length) {
    if (length >= 0x80) [[unlikely]]
      return put_long_length(length);
    *extend(1) = static_cast<std::byte>(length);
  }
  void put_bytes(const void* bytes, std::size_t count) {
    std::byte* place = extend(count);
    if (count != 0) std::memcpy(place, bytes, count);
  }
  /// The length, then the characters.
  void put_text(std::string_view text) {
    put_length(text.size());
    put_bytes(text.data(), text.size());
  }

  std::span<const std::byte> bytes() const noexcept { return {memory_.get(), size()}; }
  std::size_t size() const noexcept { return static_cast<std::size_t>(at_ - memory_.get()); }
  bool empty() const noexcept { return at_ == memory_.get(); }
  /// Nothing is in it any more; the memory is kept for what comes next.
  void clear() noexcept {
    at_ = memory_.get();
    depth_ = 0;
  }
  /// Takes back what was appended behind the first `size` bytes. REQUIRES: at most `size()`.
  void truncate(std::size_t size) noexcept {
    at_ = memory_.get() + size;
    depth_ = 0;
  }

  /// One value inside another begins, or ends. Throws `std::length_error` beyond `deepest_nesting`.
  void enter() {
    if (++depth_ > deepest_nesting) [[unlikely]]
      refuse_depth();
  }
  void leave() noexcept { --depth_; }

 private:
  void grow(std::size_t count);
  void put_long_length(std::uint64_t length);
  [[noreturn]] static void refuse_depth();

  std::unique_ptr<std::byte[]> memory_;
  std::byte* at_ = nullptr;
  std::byte* end_ = nullptr;
  std::uint32_t depth_ = 0;
};

}  // namespace streamwork::typed
