#include "tuned_loops.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>

#include "event.hpp"

// A function of this kind may use 512-bit vectors with 64-bit multiplication; it is called only where they exist.
#if defined(__x86_64__)
#define BENCHMARK_HAS_WIDE 1
#define BENCHMARK_WIDE __attribute__((target("avx512f,avx512dq,avx512vl,prefer-vector-width=512")))
#endif

namespace benchmark {

namespace {

bool machine_has_wide_vectors() {
#if defined(BENCHMARK_HAS_WIDE)
  return __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512dq") != 0 &&
         __builtin_cpu_supports("avx512vl") != 0;
#else
  return false;
#endif
}

/// Events made ahead: enough for the slots to arrive, few enough that what was fetched stays in the first-level cache.
constexpr std::uint64_t block_events = 128;

/// The keys of a block, and whether its events pass the filter.
struct Block {
  std::array<std::uint64_t, block_events> keys;
  std::array<std::uint64_t, block_events> wanted;  ///< 1 or 0
};

// --- loops for the compiler to make vectors of, once with the build's instructions, once with wide ones
// ----------------

[[gnu::always_inline]] inline std::uint64_t sum_of_wanted(std::uint64_t events) {
  std::uint64_t sum = 0;
  for (std::uint64_t i = 0; i < events; ++i) {
    const Event event = corrected(make_event(i, 1));
    sum += is_wanted(event) ? static_cast<std::uint64_t>(event.value) : 0;
  }
  return sum;
}

[[gnu::always_inline]] inline void make_block(std::uint64_t first, std::uint64_t keys, Block& block) {
  for (std::uint64_t i = 0; i < block_events; ++i) {
    const Event event = corrected(make_event(first + i, keys));
    block.keys[i] = event.key;
    block.wanted[i] = is_wanted(event) ? 1 : 0;
  }
}

std::uint64_t sum_of_wanted_narrow(std::uint64_t events) { return sum_of_wanted(events); }
void make_block_narrow(std::uint64_t first, std::uint64_t keys, Block& block) { make_block(first, keys, block); }
#if defined(BENCHMARK_HAS_WIDE)
BENCHMARK_WIDE std::uint64_t sum_of_wanted_wide(std::uint64_t events) { return sum_of_wanted(events); }
BENCHMARK_WIDE void make_block_wide(std::uint64_t first, std::uint64_t keys, Block& block) {
  make_block(first, keys, block);
}
#else
constexpr auto sum_of_wanted_wide = sum_of_wanted_narrow;
constexpr auto make_block_wide = make_block_narrow;
#endif

// --- the table -------------------------------------------------------------------------------------------------------

/// Counts by key: linear probing in one array of a size that is a power of two and never changes.
class CountTable {
 public:
  /// For at most `keys` different keys: at most half of the slots are used.
  explicit CountTable(std::uint64_t keys)
      : shift_(64 - static_cast<int>(std::bit_width(keys * 2 - 1))),
        mask_((std::uint64_t{1} << (64 - shift_)) - 1),
        slots_(allocate(mask_ + 1)) {}

  void prefetch(std::uint64_t key) const { __builtin_prefetch(&slots_[place_of(key)], 1); }

  std::uint64_t increment(std::uint64_t key) {
    std::uint64_t place = place_of(key);
    while (slots_[place].count != 0 && slots_[place].key != key) place = (place + 1) & mask_;
    slots_[place].key = key;
    return ++slots_[place].count;
  }

  std::size_t bytes() const { return (mask_ + 1) * sizeof(Slot); }

 private:
  struct Slot {
    std::uint64_t key;
    std::uint64_t count;  ///< 0: free
  };
  struct Free {
    void operator()(Slot* slots) const { std::free(slots); }
  };

  static Slot* allocate(std::uint64_t slots) {
    constexpr std::size_t huge_page = 2U << 20U;
    const std::size_t bytes = std::max<std::size_t>(slots * sizeof(Slot), 64);
    const std::size_t alignment = bytes < huge_page ? 64 : huge_page;
    void* memory = std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
    if (memory == nullptr) throw std::bad_alloc();
    if (bytes >= huge_page) madvise(memory, bytes, MADV_HUGEPAGE);
    auto* first = static_cast<Slot*>(memory);
    std::uninitialized_value_construct_n(first, slots);
    return first;
  }

  /// Fibonacci hashing (Knuth): the upper bits of a product.
  std::uint64_t place_of(std::uint64_t key) const { return (key * 0x9E3779B97F4A7C15U) >> shift_; }

  int shift_;
  std::uint64_t mask_;
  std::unique_ptr<Slot[], Free> slots_;
};

/// A table that fits into the second-level cache is not worth fetching ahead.
constexpr std::size_t prefetch_above_bytes = 1U << 20U;

template <bool filtered, bool prefetched>
std::uint64_t count_blocks(std::uint64_t events, std::uint64_t keys, CountTable& table) {
  const auto make = machine_has_wide_vectors() ? make_block_wide : make_block_narrow;
  std::uint64_t sum = 0;
  Block block;
  for (std::uint64_t first = 0; first < events; first += block_events) {
    make(first, keys, block);
    const std::uint64_t size = std::min(block_events, events - first);
    if constexpr (filtered) {
      // Wanted keys move to the front; no branch depends on the filter.
      std::uint64_t wanted = 0;
      for (std::uint64_t i = 0; i < size; ++i) {
        block.keys[wanted] = block.keys[i];
        if constexpr (prefetched) table.prefetch(block.keys[i]);
        wanted += block.wanted[i];
      }
      for (std::uint64_t i = 0; i < wanted; ++i) sum += table.increment(block.keys[i]);
    } else {
      if constexpr (prefetched) {
        for (std::uint64_t i = 0; i < size; ++i) table.prefetch(block.keys[i]);
      }
      for (std::uint64_t i = 0; i < size; ++i) sum += table.increment(block.keys[i]);
    }
  }
  return sum;
}

template <bool filtered>
std::uint64_t count_by_key(std::uint64_t events, std::uint64_t keys) {
  CountTable table(keys);
  return table.bytes() > prefetch_above_bytes ? count_blocks<filtered, true>(events, keys, table)
                                              : count_blocks<filtered, false>(events, keys, table);
}

}  // namespace

std::uint64_t tuned_map_filter_sum(std::uint64_t events) {
  return machine_has_wide_vectors() ? sum_of_wanted_wide(events) : sum_of_wanted_narrow(events);
}

std::uint64_t tuned_keyed_count(std::uint64_t events, std::uint64_t keys) { return count_by_key<false>(events, keys); }

std::uint64_t tuned_map_filter_keyed_count(std::uint64_t events, std::uint64_t keys) {
  return count_by_key<true>(events, keys);
}

}  // namespace benchmark
