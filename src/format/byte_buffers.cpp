#include <algorithm>
#include <stdexcept>
#include <streamwork/typed/byte_reader.hpp>
#include <streamwork/typed/byte_writer.hpp>
#include <string>

namespace streamwork::typed {

StoredDataError::StoredDataError(const std::string& reason, std::size_t offset)
    : std::runtime_error("stored data makes no sense at offset " + std::to_string(offset) + ": " + reason),
      offset_(offset) {}

ByteWriter& ByteWriter::operator=(ByteWriter&& other) noexcept {
  memory_ = std::move(other.memory_);
  at_ = std::exchange(other.at_, nullptr);
  end_ = std::exchange(other.end_, nullptr);
  depth_ = std::exchange(other.depth_, 0);
  return *this;
}

void ByteWriter::grow(std::size_t count) {
  constexpr std::size_t least = 256;
  const std::size_t used = size();
  if (count > SIZE_MAX / 2 - used) throw std::length_error("a value has more bytes than there can be");
  const std::size_t capacity = std::max({least, 2 * used, used + count});
  std::unique_ptr<std::byte[]> larger = std::make_unique_for_overwrite<std::byte[]>(capacity);
  if (used != 0) std::memcpy(larger.get(), memory_.get(), used);
  memory_ = std::move(larger);
  at_ = memory_.get() + used;
  end_ = memory_.get() + capacity;
}

void ByteWriter::put_long_length(std::uint64_t length) {
  for (; length >= 0x80; length >>= 7U) *extend(1) = static_cast<std::byte>(length | 0x80U);
  *extend(1) = static_cast<std::byte>(length);
}

void ByteWriter::refuse_depth() {
  throw std::length_error("a value is nested more than " + std::to_string(deepest_nesting) +
                          " deep, which cannot be stored");
}

std::uint64_t ByteReader::get_long_length() {
  std::uint64_t length = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const auto byte = static_cast<std::uint64_t>(*take(1));
    if (shift == 63 && byte > 1) break;
    length |= (byte & 0x7FU) << shift;
    if (byte < 0x80) return length;
  }
  refuse("a length has more than 64 bits");
}

void ByteReader::refuse(std::string_view reason) const { throw StoredDataError(std::string(reason), offset()); }

void ByteReader::refuse_end(std::size_t count) const {
  refuse(std::to_string(count) + " bytes are wanted and " + std::to_string(remaining()) + " are left");
}

void ByteReader::refuse_count(std::uint64_t count) const {
  refuse("there cannot be " + std::to_string(count) + " elements in the " + std::to_string(remaining()) +
         " bytes that are left");
}

}  // namespace streamwork::typed
