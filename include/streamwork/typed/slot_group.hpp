// One cache line of the state table's index.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace streamwork::typed {

/// Eight slots of the index in one cache line.
class alignas(64) SlotGroup {
 public:
  static constexpr std::uint32_t slots = 8;

  /// The tag of a hash: odd, and so never 0, which marks a free slot.
  static std::uint16_t tag_of(std::uint32_t hash) { return static_cast<std::uint16_t>(hash | 1U); }

  /// Two bits for every slot with this tag, from the lowest slot up.
  std::uint32_t matches(std::uint16_t tag) const {
#if defined(__SSE2__)
    // By the compiler's vector types: the header of the intrinsics would cost every user's build.
    using Tags [[gnu::vector_size(16)]] = std::int16_t;
    using Bytes [[gnu::vector_size(16)]] = char;
    Tags all;
    std::memcpy(&all, __builtin_assume_aligned(tags_, 16), sizeof all);
    return static_cast<std::uint32_t>(__builtin_ia32_pmovmskb128(Bytes(all == static_cast<std::int16_t>(tag))));
#else
    std::uint32_t found = 0;
    for (std::uint32_t slot = 0; slot < slots; ++slot) found |= (tags_[slot] == tag ? 3U : 0U) << (2 * slot);
    return found;
#endif
  }
  /// True if keys that belong here may stand in the next group. A slot that was freed in a full group keeps a mark, so
  /// that they are still found.
  bool full() const { return tags_[slots - 1] != free; }  // slots are filled in order
  /// True if there is room for one more key.
  bool has_room() const { return matches(free) != 0 || matches(freed) != 0; }
  bool taken(std::uint32_t slot) const { return (tags_[slot] & 1U) != 0; }

  /// The row in a slot.
  std::byte* row(std::uint32_t slot) const { return first_row(1U << (2 * slot)); }
  /// The row in the first of the slots in `matches`, which are not none. An address takes 48 bits (user space has no
  /// more); they are read with the 16 bits before them.
  std::byte* first_row(std::uint32_t matches) const {
    static_assert(row_bytes == 6, "three bytes for each of the slot's two bits");
    std::uint64_t word;
    std::memcpy(&word, bytes() + rows_begin - 2 + 3 * static_cast<std::uint32_t>(std::countr_zero(matches)),
                sizeof word);
    return reinterpret_cast<std::byte*>(word >> 16U);
  }
  /// Fills a slot. REQUIRES: `has_room()`.
  void enter(std::uint16_t tag, std::byte* row) {
    const std::uint32_t places = full() ? matches(freed) : matches(free);
    set(static_cast<std::uint32_t>(std::countr_zero(places)) / 2, tag, row);
  }
  /// Frees a taken slot. True: it keeps a mark.
  bool remove(std::uint32_t slot) {
    if (full()) {
      tags_[slot] = freed;
      return true;
    }
    const std::uint32_t last = static_cast<std::uint32_t>(std::countr_zero(matches(free))) / 2 - 1;
    set(slot, tags_[last], row(last));
    tags_[last] = free;
    return false;
  }

 private:
  static constexpr std::size_t rows_begin = slots * sizeof(std::uint16_t);
  static constexpr std::size_t row_bytes = 6;

  // No tag of a key is even.
  static constexpr std::uint16_t free = 0;
  static constexpr std::uint16_t freed = 2;

  void set(std::uint32_t slot, std::uint16_t tag, std::byte* row) {
    const auto address = reinterpret_cast<std::uint64_t>(row);
    tags_[slot] = tag;
    std::memcpy(rows_ + row_bytes * slot, &address, row_bytes);
  }
  const std::byte* bytes() const { return reinterpret_cast<const std::byte*>(this); }

  std::uint16_t tags_[slots] = {};
  std::byte rows_[slots * row_bytes] = {};
};
static_assert(sizeof(SlotGroup) == 64 && std::endian::native == std::endian::little);

}  // namespace streamwork::typed
