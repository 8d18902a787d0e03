// The memory backend: one table per task that finds the row of a key (DESIGN 6).
//
// Extendible hashing (Fagin et al. 1979): a directory of pointers to index segments of 512 groups; a segment that is
// five eighths full splits in two, which is all the work that growing ever does at once (some 50 µs). A group is one
// cache line: 16 bits of the hash of each of eight keys, compared at once (as in F14 and Swiss tables), and the
// addresses of their rows; rows lie in blocks that never move. A look-up comes in steps (`prefetch_group`,
// `prefetch_row`, `is_row_of`), so that a batch of keys waits for memory once and not once per key.
#pragma once

#include <algorithm>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <streamwork/hash.hpp>
#include <streamwork/typed/slot_group.hpp>
#include <streamwork/typed/state_layout.hpp>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace streamwork::typed {

/// The part of the table that does not know the type of the key.
class StateIndex {
 public:
  static constexpr std::uint32_t groups_per_segment = 512;

  /// Tells the hash of the key in a row.
  using HashOf = std::uint32_t (*)(const std::byte* row);

  /// Rows of `row_size` bytes.
  StateIndex(std::size_t row_size, HashOf hash_of);

  /// The group where a key with this hash is looked for first.
  const SlotGroup* first_group(std::uint32_t hash) const {
    const std::uint64_t mixed = mix(hash);
    return &groups_for(mixed)[group_of(mixed)];
  }
  /// The first row whose key may have this hash, or nullptr: most often the right one. `group` is its first group.
  std::byte* candidate(std::uint32_t hash, const SlotGroup* group) const {
    if (const std::uint32_t matches = group->matches(SlotGroup::tag_of(hash)); matches != 0) [[likely]]
      return group->first_row(matches);
    return group->full() ? later_candidate(hash) : nullptr;
  }
  /// The row for which `is_key(row)` is true among those that may have this hash, or nullptr.
  template <class IsKey>
  std::byte* find(std::uint32_t hash, IsKey&& is_key) const {
    const std::uint64_t mixed = mix(hash);
    const SlotGroup* groups = groups_for(mixed);
    const std::uint16_t tag = SlotGroup::tag_of(hash);
    for (std::uint32_t number = group_of(mixed);; number = (number + 1) % groups_per_segment) {
      const SlotGroup& group = groups[number];
      for (std::uint32_t matches = group.matches(tag); matches != 0; matches &= matches - 1, matches &= matches - 1) {
        std::byte* row = group.first_row(matches);
        if (is_key(row)) [[likely]]
          return row;
      }
      if (!group.full()) [[likely]]
        return nullptr;
    }
  }

  /// Number of rows.
  std::uint64_t size() const { return rows_; }

  /// Raw memory for one more row.
  std::byte* allocate_row();
  /// Enters the row just allocated. REQUIRES: its key was constructed, and is not in the table.
  void enter(std::byte* row, std::uint32_t hash);
  /// Takes a row out of the index; its memory is used again. REQUIRES: it was entered with this hash.
  void remove(std::byte* row, std::uint32_t hash);

  /// Calls `visit(row)` for every row, in no order of meaning (the same for the same history).
  template <class Visit>
  void for_each(Visit&& visit) const {
    for (const Segment& segment : segments_) {
      for (std::uint32_t number = 0; number < groups_per_segment; ++number) {
        const SlotGroup& group = segment.groups[number];
        for (std::uint32_t slot = 0; slot < SlotGroup::slots; ++slot) {
          if (group.taken(slot)) visit(group.row(slot));
        }
      }
    }
  }

 private:
  struct Segment {
    SlotGroup* groups;
    std::uint32_t depth;  ///< how many leading bits of the mixed hash all its keys share
    std::uint32_t used;
    std::uint32_t freed = 0;  ///< slots of full groups that were freed, and still lengthen look-ups
  };
  struct Free {
    void operator()(std::byte* block) const;
  };
  using Block = std::unique_ptr<std::byte[], Free>;

  /// The 32-bit hash spread over 64 bits: the top chooses the segment, bits below it the group.
  static std::uint64_t mix(std::uint32_t hash) { return hash * 0x9E37'79B9'7F4A'7C15ULL; }
  std::size_t place_of(std::uint64_t mixed) const { return mixed >> directory_shift_; }
  SlotGroup* groups_for(std::uint64_t mixed) const { return directory_[place_of(mixed)]; }
  static std::uint32_t group_of(std::uint64_t mixed) {
    return static_cast<std::uint32_t>(mixed >> 20U) & (groups_per_segment - 1);
  }
  /// Out of line, as it is rare: the loop around `candidate` keeps its registers.
  [[gnu::noinline]] std::byte* later_candidate(std::uint32_t hash) const {
    return find(hash, [](const std::byte*) { return true; });
  }
  static void enter_into(SlotGroup* groups, std::byte* row, std::uint32_t hash);
  Segment& segment_for(std::uint64_t mixed) { return segments_[segment_numbers_[place_of(mixed)]]; }
  void make_room_for(std::uint64_t mixed);
  void split(std::uint64_t mixed);
  void rebuild(Segment& segment);
  void double_directory();
  SlotGroup* new_groups();

  std::size_t row_size_;
  std::uint64_t rows_per_block_;
  HashOf hash_of_;
  std::uint64_t rows_ = 0;
  std::uint64_t rows_made_ = 0;     ///< that many places of the blocks were in use at some time
  std::vector<std::byte*> unused_;  ///< rows that were removed
  std::uint32_t depth_ = 1;
  std::uint32_t directory_shift_ = 63;          ///< leaves `depth_` bits
  std::vector<SlotGroup*> directory_;           ///< the groups for each prefix of the mixed hash
  std::vector<std::uint32_t> segment_numbers_;  ///< the segment they belong to: looked at when a key is new
  std::vector<Segment> segments_;
  std::vector<SlotGroup*> spare_groups_;  ///< left over by splits
  std::size_t segments_left_ = 0;         ///< segments that fit into the last index block
  std::vector<Block> index_blocks_;
  std::vector<Block> blocks_;
};

/// What a row keeps of a key: a key that only refers to characters is kept as a string of its own.
template <class Key>
using StoredKey =
    std::conditional_t<std::is_convertible_v<const Key&, std::string_view> && !std::same_as<Key, std::string>,
                       std::string, Key>;

template <class Key>
class StateTable {
  using K = StoredKey<Key>;

 public:
  /// Where the states begin in a row: behind the key.
  static constexpr std::uint32_t states_offset = sizeof(K);

  /// A table for rows of `layout`, which begins at `states_offset`, must outlive the table and may no longer change.
  explicit StateTable(StateLayout& layout)
      : layout_(layout), index_(row_size(layout), [](const std::byte* row) { return stable_hash(key_of(row)); }) {}
  StateTable(const StateTable&) = delete;
  StateTable& operator=(const StateTable&) = delete;
  ~StateTable() {
    if (layout_.trivial() && std::is_trivially_destructible_v<K>) return;
    index_.for_each([&](std::byte* row) {
      layout_.destroy(row);
      key_of(row).~K();
    });
  }

  /// Number of keys.
  std::uint64_t size() const { return index_.size(); }
  /// Guesses at the row of a key with this hash; nullptr if there is none.
  std::byte* guess(std::uint32_t hash) const { return index_.candidate(hash, index_.first_group(hash)); }
  /// The same in two steps, each of which sets memory on the way.
  const SlotGroup* prefetch_group(std::uint32_t hash) const {
    const SlotGroup* group = index_.first_group(hash);
    __builtin_prefetch(group);
    return group;
  }
  std::byte* prefetch_row(std::uint32_t hash, const SlotGroup* group) const {
    std::byte* row = index_.candidate(hash, group);
    __builtin_prefetch(row, 1);
    return row;
  }

  /// The row of `key`, made with initial values if there is none.
  std::byte* find_or_insert(const Key& key, std::uint32_t hash) {
    std::byte* row = index_.find(hash, [&](const std::byte* found) { return key_of(found) == key; });
    return row != nullptr ? row : insert(key, hash);
  }
  /// True if a guess from `guess` or `prefetch_row` is right.
  static bool is_row_of(const std::byte* guess, const Key& key) { return guess != nullptr && key_of(guess) == key; }
  /// `find_or_insert` out of line, for when a guess was wrong: the loop that guesses keeps its registers.
  [[gnu::noinline]] std::byte* correct_guess(const Key& key, std::uint32_t hash) { return find_or_insert(key, hash); }

  /// Forgets a key. REQUIRES: `row` is one of its rows, and nobody refers to it.
  void remove(std::byte* row) {
    index_.remove(row, stable_hash(key_of(row)));
    layout_.destroy(row);
    key_of(row).~K();
  }

  /// Copies all rows into an empty table of an equal layout.
  void copy_to(StateTable& target) const {
    index_.for_each([&](const std::byte* original) {
      std::byte* row = target.index_.allocate_row();
      target.layout_.copy(row, original);
      target.layout_.queue_timers(row);
      ::new (row) K(key_of(original));
      target.index_.enter(row, stable_hash(key_of(original)));
    });
  }

 private:
  static std::size_t row_size(const StateLayout& layout) {
    static_assert(alignof(K) <= alignof(std::max_align_t), "a key of an over-aligned type is not supported");
    const std::size_t alignment = std::max(layout.alignment(), alignof(K));
    return (std::max(layout.end(), states_offset) + alignment - 1) / alignment * alignment;
  }
  static K& key_of(std::byte* row) { return *reinterpret_cast<K*>(row); }
  static const K& key_of(const std::byte* row) { return *reinterpret_cast<const K*>(row); }

  [[gnu::noinline]] std::byte* insert(const Key& key, std::uint32_t hash) {
    std::byte* row = index_.allocate_row();
    layout_.construct(row);
    ::new (row) K(key);
    index_.enter(row, hash);
    return row;
  }

  StateLayout& layout_;
  StateIndex index_;
};

}  // namespace streamwork::typed
