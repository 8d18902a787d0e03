// A block of rows: which of its places are taken, which rows a snapshot still has to save, and what a cache knows of them.
//
// The bits stand at the beginning of the block, found from a row's address by cutting off its lower bits: a row itself has
// no field for them, and outside of snapshots nobody looks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace streamwork::typed {

/// What is said of each row of a block, in a bit.
enum class RowBit : std::uint8_t {
  taken,    ///< the place is a row
  unsaved,  ///< the snapshot under way has not saved it
  // Of rows that are also in a store (row_cache.hpp):
  changed,  ///< it is not, or otherwise, in the store
  stored,   ///< the store has rows for its key's hash
  used,     ///< since it was last looked at for whether it may go
};

/// Where rows of one size lie in a block.
class RowBlockShape {
 public:
  /// The size of a huge page: a table of millions of keys then needs few entries of the processor's address cache. Blocks
  /// are aligned to it; one that holds a single larger row is longer.
  static constexpr std::size_t block_bytes = std::size_t{2} << 20U;

  /// `cached`: with all bits; otherwise with the first two.
  explicit RowBlockShape(std::size_t row_size, bool cached = false) : row_size_(row_size), bits_(cached ? 5 : 2) {
    rows_ = block_bytes / row_size;
    while (rows_ > 1 && header_bytes() + rows_ * row_size > block_bytes) --rows_;
    if (rows_ == 0) rows_ = 1;
    // Exact for all places in a block (Granlund and Montgomery 1994): a division would cost more than the look-up.
    reciprocal_ = ((std::uint64_t{1} << reciprocal_shift) + row_size - 1) / row_size;
  }

  std::uint64_t rows() const { return rows_; }
  std::size_t bytes() const { return header_bytes() + rows_ * row_size_; }
  std::byte* row(std::byte* block, std::uint64_t place) const { return block + header_bytes() + place * row_size_; }
  std::uint64_t words() const { return (rows_ + 63) / 64; }

  static std::byte* block_of(std::byte* row) {
    return reinterpret_cast<std::byte*>(reinterpret_cast<std::uintptr_t>(row) & ~(block_bytes - 1));
  }
  std::uint64_t place_of(const std::byte* block, const std::byte* row) const {
    return (static_cast<std::uint64_t>(row - block) - header_bytes()) * reciprocal_ >> reciprocal_shift;
  }

  /// One bit per place.
  std::uint64_t* bits(std::byte* block, RowBit bit) const {
    return reinterpret_cast<std::uint64_t*>(block) + static_cast<std::size_t>(bit) * words();
  }
  std::uint64_t* taken(std::byte* block) const { return bits(block, RowBit::taken); }
  std::uint64_t* unsaved(std::byte* block) const { return bits(block, RowBit::unsaved); }
  /// Words that all bits of a block take, from its beginning.
  std::uint64_t all_words() const { return bits_ * words(); }

 private:
  static constexpr std::uint32_t reciprocal_shift = 42;

  std::size_t header_bytes() const { return (bits_ * words() * sizeof(std::uint64_t) + 63) / 64 * 64; }

  std::size_t row_size_;
  std::size_t bits_;
  std::uint64_t rows_;
  std::uint64_t reciprocal_;
};

}  // namespace streamwork::typed
