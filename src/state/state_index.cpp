#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <new>
#include <stdexcept>
#include <streamwork/typed/state_table.hpp>

namespace streamwork::typed {

namespace {

constexpr std::size_t block_bytes = RowBlockShape::block_bytes;

/// A segment may be this many bits deeper than an even spread of keys explains, before its keys are taken for ones
/// whose hashes collide (by a bad hash function or on purpose) and splitting, which would not part them, is given up.
constexpr std::uint32_t excess_depth = 8;

constexpr std::uint32_t slots_per_segment = StateIndex::groups_per_segment * SlotGroup::slots;

std::uint32_t floor_log2(std::size_t value) { return static_cast<std::uint32_t>(std::bit_width(value)) - 1; }

/// Memory for a table. The first block of a kind is small change and takes memory page by page as it is used; from the second
/// on huge pages are asked for.
void* allocate_block(std::size_t bytes, bool first) {
  const std::size_t whole_bytes = (bytes + block_bytes - 1) / block_bytes * block_bytes;
  void* block = std::aligned_alloc(block_bytes, whole_bytes);
  if (block == nullptr) throw std::bad_alloc();
  madvise(block, whole_bytes, first ? MADV_NOHUGEPAGE : MADV_HUGEPAGE);
  return block;
}

}  // namespace

StateIndex::StateIndex(std::size_t row_size, HashOf hash_of, bool cached)
    : row_size_(row_size), shape_(row_size, cached), hash_of_(hash_of) {
  directory_.assign(2, new_groups());
  segment_numbers_.assign(2, 0);
  segments_.push_back({directory_.front(), 0, 0});
}

StateIndex::~StateIndex() = default;

void StateIndex::Free::operator()(std::byte* block) const { std::free(block); }

std::byte* StateIndex::allocate_row() {
  if (!unused_.empty()) return unused_.back();
  if (rows_made_ == shape_.rows() * blocks_.size()) {
    std::byte* block = static_cast<std::byte*>(allocate_block(shape_.bytes(), blocks_.empty()));
    blocks_.emplace_back(block);
    std::fill_n(shape_.taken(block), shape_.all_words(), std::uint64_t{0});
  }
  return shape_.row(blocks_.back().get(), rows_made_ % shape_.rows());
}

void StateIndex::enter(std::byte* row, std::uint32_t hash) {
  const std::uint64_t mixed = mix(hash);
  make_room_for(mixed);
  Segment& segment = segment_for(mixed);
  enter_into(segment.groups, row, hash);
  set(RowBit::taken, row, true);
  ++segment.used;
  ++rows_;
  if (!unused_.empty() && unused_.back() == row) {
    unused_.pop_back();
  } else {
    ++rows_made_;
  }
}

void StateIndex::begin_saving(RowBit which) {
  for (const Block& block : blocks_)
    std::copy_n(shape_.bits(block.get(), which), shape_.words(), shape_.unsaved(block.get()));
  saving_ = !blocks_.empty();
  next_block_ = 0;
  next_word_ = 0;
}

std::byte* StateIndex::row_at_or_after(Place& place) const {
  for (; place.block < blocks_.size(); ++place.block, place.number = 0) {
    std::byte* const block = blocks_[place.block].get();
    for (std::uint64_t word = place.number / 64; word < shape_.words(); ++word) {
      const std::uint64_t before = word == place.number / 64 ? (std::uint64_t{1} << place.number % 64) - 1 : 0;
      const std::uint64_t taken = shape_.taken(block)[word] & ~before;
      if (taken == 0) continue;
      place.number = word * 64 + static_cast<std::uint64_t>(std::countr_zero(taken));
      return shape_.row(block, place.number);
    }
  }
  return nullptr;
}

void StateIndex::remove(std::byte* row, std::uint32_t hash) {
  const std::uint64_t mixed = mix(hash);
  Segment& segment = segment_for(mixed);
  for (std::uint32_t number = group_of(mixed);; number = (number + 1) % groups_per_segment) {
    SlotGroup& group = segment.groups[number];
    for (std::uint32_t slot = 0; slot < SlotGroup::slots; ++slot) {
      if (!group.taken(slot) || group.row(slot) != row) continue;
      if (group.remove(slot)) ++segment.freed;
      --segment.used;
      --rows_;
      set(RowBit::taken, row, false);
      unused_.push_back(row);
      // Some group of a segment must never have been full, or a look-up for a key that is not there would not end.
      if (segment.freed > slots_per_segment / 16) rebuild(segment);
      return;
    }
  }
}

/// Enters the keys of a segment anew, which frees what is marked.
void StateIndex::rebuild(Segment& segment) {
  ++rebuilds_;
  std::vector<std::byte*> rows;
  for (std::uint32_t number = 0; number < groups_per_segment; ++number) {
    for (std::uint32_t slot = 0; slot < SlotGroup::slots; ++slot) {
      if (segment.groups[number].taken(slot)) rows.push_back(segment.groups[number].row(slot));
    }
    segment.groups[number] = {};
  }
  for (std::byte* row : rows) enter_into(segment.groups, row, hash_of_(row));
  segment.freed = 0;
}

void StateIndex::make_room_for(std::uint64_t mixed) {
  constexpr std::uint32_t slots = slots_per_segment;
  while (segment_for(mixed).used >= slots / 8 * 7) {
    const Segment& full = segment_for(mixed);
    if (full.depth > floor_log2(rows_ / slots + 1) + excess_depth) {
      if (full.used + slots / 16 < slots - SlotGroup::slots) return;
      throw std::length_error(
          "thousands of different keys have nearly the same hash: check the key's stable_hash_value");
    }
    split(mixed);
  }
}

void StateIndex::enter_into(SlotGroup* groups, std::byte* row, std::uint32_t hash) {
  std::uint32_t number = group_of(mix(hash));
  while (!groups[number].has_room()) number = (number + 1) % groups_per_segment;
  groups[number].enter(SlotGroup::tag_of(hash), row);
}

void StateIndex::split(std::uint64_t mixed) {
  if (segment_for(mixed).depth == depth_) double_directory();
  const std::uint32_t lower_number = segment_numbers_[place_of(mixed)];
  const auto upper_number = static_cast<std::uint32_t>(segments_.size());
  const Segment old = segments_[lower_number];
  Segment lower{new_groups(), old.depth + 1, 0};
  Segment upper{new_groups(), old.depth + 1, 0};
  const auto for_each_row = [&](std::uint32_t number, auto&& visit) {
    for (std::uint32_t slot = 0; slot < SlotGroup::slots; ++slot) {
      if (old.groups[number].taken(slot)) visit(old.groups[number].row(slot));
    }
  };
  constexpr std::uint32_t ahead = 4;  // the keys are in the rows, which are not in the cache: fetch them in time
  for (std::uint32_t number = 0; number < groups_per_segment; ++number) {
    if (number + ahead < groups_per_segment) {
      for_each_row(number + ahead, [](const std::byte* row) { __builtin_prefetch(row); });
    }
    for_each_row(number, [&](std::byte* row) {
      const std::uint32_t hash = hash_of_(row);
      Segment& target = (mix(hash) >> (63 - old.depth)) & 1U ? upper : lower;
      enter_into(target.groups, row, hash);
      ++target.used;
    });
  }
  // The places of `old` in the directory: the lower half goes to `lower`, the upper half to `upper`.
  const std::size_t width = std::size_t{1} << (depth_ - old.depth);
  const std::size_t first = place_of(mixed) / width * width;
  for (std::size_t i = first + width / 2; i < first + width; ++i) segment_numbers_[i] = upper_number;
  for (std::size_t i = first; i < first + width; ++i) {
    directory_[i] = segment_numbers_[i] == upper_number ? upper.groups : lower.groups;
  }
  segments_[lower_number] = lower;
  segments_.push_back(upper);
  spare_groups_.push_back(old.groups);
}

void StateIndex::double_directory() {
  std::vector<SlotGroup*> directory(directory_.size() * 2);
  std::vector<std::uint32_t> numbers(directory.size());
  for (std::size_t i = 0; i < directory.size(); ++i) {
    directory[i] = directory_[i / 2];
    numbers[i] = segment_numbers_[i / 2];
  }
  directory_ = std::move(directory);
  segment_numbers_ = std::move(numbers);
  ++depth_;
  --directory_shift_;
}

SlotGroup* StateIndex::new_groups() {
  constexpr std::size_t segment_bytes = groups_per_segment * sizeof(SlotGroup);
  SlotGroup* groups = nullptr;
  if (!spare_groups_.empty()) {
    groups = spare_groups_.back();
    spare_groups_.pop_back();
  } else {
    if (segments_left_ == 0) {
      index_blocks_.emplace_back(static_cast<std::byte*>(allocate_block(block_bytes, index_blocks_.empty())));
      segments_left_ = block_bytes / segment_bytes;
    }
    groups = reinterpret_cast<SlotGroup*>(index_blocks_.back().get() + --segments_left_ * segment_bytes);
  }
  std::uninitialized_value_construct_n(groups, groups_per_segment);
  return groups;
}

}  // namespace streamwork::typed
