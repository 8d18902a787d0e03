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
#include <streamwork/typed/row_block.hpp>
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

  /// Rows of `row_size` bytes. `cached`: there is a store behind them, and bits for that.
  StateIndex(std::size_t row_size, HashOf hash_of, bool cached = false);
  StateIndex(const StateIndex&) = delete;
  StateIndex& operator=(const StateIndex&) = delete;
  ~StateIndex();

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
  /// Memory of the index and of the blocks that rows have been in. What rows point at is not counted.
  std::uint64_t bytes() const {
    const std::uint64_t groups = segments_.size() + spare_groups_.size();
    return groups * groups_per_segment * sizeof(SlotGroup) + directory_.size() * sizeof(SlotGroup*) +
           rows_made_ * row_size_;
  }
  /// Memory of a row, in bytes.
  std::size_t row_size() const { return row_size_; }

  /// Raw memory for one more row.
  std::byte* allocate_row();
  /// Enters the row just allocated. REQUIRES: its key was constructed, and is not in the table.
  void enter(std::byte* row, std::uint32_t hash);
  /// Takes a row out of the index; its memory is used again. REQUIRES: it was entered with this hash.
  void remove(std::byte* row, std::uint32_t hash);

  // Snapshots. The rows that are there at `begin_saving` are saved one after the other, in the order of memory, while the
  // table goes on being used: whoever is about to change a row that is `unsaved` saves it first.

  /// Some 50 µs for a million rows. `which`: all rows that have this bit are to be saved.
  void begin_saving(RowBit which = RowBit::taken);
  void stop_saving() { saving_ = false; }
  bool saving() const { return saving_; }
  /// REQUIRES: `saving()`.
  bool unsaved(std::byte* row) const { return has(RowBit::unsaved, row); }
  void note_saved(std::byte* row) { set(RowBit::unsaved, row, false); }
  bool has(RowBit bit, std::byte* row) const {
    std::byte* const block = RowBlockShape::block_of(row);
    const std::uint64_t place = shape_.place_of(block, row);
    return (shape_.bits(block, bit)[place / 64] >> (place % 64) & 1U) != 0;
  }
  void set(RowBit bit, std::byte* row, bool value) {
    std::byte* const block = RowBlockShape::block_of(row);
    const std::uint64_t place = shape_.place_of(block, row);
    const std::uint64_t mask = std::uint64_t{1} << place % 64;
    std::uint64_t& word = shape_.bits(block, bit)[place / 64];
    word = value ? word | mask : word & ~mask;
  }
  /// Calls `save(row)` for some unsaved rows, at most about `limit`, which are saved then. True: none is left, and saving is
  /// over.
  template <class Save>
  bool save_some(std::uint32_t limit, Save&& save) {
    while (saving_) {
      if (next_word_ == shape_.words()) {
        next_word_ = 0;
        if (++next_block_ >= blocks_.size()) break;
      }
      std::uint64_t& word = shape_.unsaved(blocks_[next_block_].get())[next_word_];
      std::byte* const first = shape_.row(blocks_[next_block_].get(), next_word_ * 64);
      for (; word != 0; word &= word - 1) {
        if (limit-- == 0) return false;
        save(first + static_cast<std::size_t>(std::countr_zero(word)) * row_size_);
      }
      ++next_word_;
    }
    saving_ = false;
    return true;
  }

  /// A place in the order of memory.
  struct Place {
    std::size_t block = 0;
    std::uint64_t number = 0;  ///< in the block
  };
  /// The first row at or behind `place`, which is moved there; nullptr: there is none.
  std::byte* row_at_or_after(Place& place) const;
  /// How often a removal has entered a segment's keys anew, which is the only costly thing about it (some 100 µs).
  std::uint64_t rebuilds() const { return rebuilds_; }

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
  RowBlockShape shape_;
  HashOf hash_of_;
  std::uint64_t rows_ = 0;
  std::uint64_t rows_made_ = 0;     ///< that many places of the blocks were in use at some time
  std::vector<std::byte*> unused_;  ///< rows that were removed
  std::uint64_t rebuilds_ = 0;
  std::uint32_t depth_ = 1;
  std::uint32_t directory_shift_ = 63;          ///< leaves `depth_` bits
  std::vector<SlotGroup*> directory_;           ///< the groups for each prefix of the mixed hash
  std::vector<std::uint32_t> segment_numbers_;  ///< the segment they belong to: looked at when a key is new
  std::vector<Segment> segments_;
  std::vector<SlotGroup*> spare_groups_;  ///< left over by splits
  std::size_t segments_left_ = 0;         ///< segments that fit into the last index block
  std::vector<Block> index_blocks_;
  std::vector<Block> blocks_;
  bool saving_ = false;
  std::size_t next_block_ = 0;   ///< where saving goes on
  std::uint64_t next_word_ = 0;  ///< of the block's bits
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
  explicit StateTable(StateLayout& layout, bool cached = false)
      : layout_(layout), index_(row_size(layout), hash_of, cached) {}
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
  StateIndex& index() { return index_; }
  static std::uint32_t hash_of(const std::byte* row) { return stable_hash(key_of(row)); }
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
    std::byte* row = find(key, hash);
    return row != nullptr ? row : insert(key, hash);
  }
  /// True if a guess from `guess` or `prefetch_row` is right.
  static bool is_row_of(const std::byte* guess, const Key& key) { return guess != nullptr && key_of(guess) == key; }
  /// `find_or_insert` out of line, for when a guess was wrong: the loop that guesses keeps its registers.
  [[gnu::noinline]] std::byte* correct_guess(const Key& key, std::uint32_t hash) { return find_or_insert(key, hash); }

  /// The row of `key`, or nullptr.
  std::byte* find(const Key& key, std::uint32_t hash) const {
    return index_.find(hash, [&](const std::byte* found) { return key_of(found) == key; });
  }
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
