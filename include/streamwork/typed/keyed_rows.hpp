// The state an operator segment works on: none, or the row of each event's key.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <streamwork/typed/batch.hpp>
#include <streamwork/typed/state_table.hpp>
#include <tuple>
#include <utility>

namespace streamwork::typed {

/// Events whose look-ups overlap: enough to cover a miss, few enough that what was fetched is still in the cache.
inline constexpr std::uint32_t operator_block = 128;

/// State of an operator whose input is not grouped by key: none.
class NoKey {
 public:
  static StateLayout* layout() { return nullptr; }
  static void open() {}

  /// Calls `run(select)` once, where `select(i, event)` makes the state of event `i` the current one. `side` is 0, or 1
  /// for the right input of two.
  template <std::size_t side, class T, class Run>
  static void with_rows(const Batch<T>&, std::uint32_t, std::uint32_t, Run&& run) {
    run([](std::uint32_t, const T&) {});
  }
  static std::optional<TimerQueue::Due> take_timer(StateLayout::TimerKind, std::int64_t) { return std::nullopt; }
  static void end_timer() {}
};

/// State of an operator whose inputs are grouped by `KeyFunctions`, one for each.
template <class K, class... KeyFunctions>
class KeyedRows {
 public:
  explicit KeyedRows(KeyFunctions... keys) : keys_(std::move(keys)...) { layout_.set_key_type(typeid(StoredKey<K>)); }
  KeyedRows(const KeyedRows&) = delete;
  KeyedRows& operator=(const KeyedRows&) = delete;

  StateLayout* layout() { return &layout_; }
  void open() { table_ = std::make_unique<StateTable<K>>(layout_); }
  /// Number of keys.
  std::uint64_t size() const { return table_->size(); }
  /// Copies the state of every key. REQUIRES: `target` is empty and opened the same states.
  void copy_to(KeyedRows& target) const { table_->copy_to(*target.table_); }

  /// As `NoKey::with_rows`, for the events from `begin` to `end`, at most `operator_block` of them. In a large table
  /// their memory accesses are started together, so that they overlap.
  template <std::size_t side, class T, class Run>
  void with_rows(Batch<T>& batch, std::uint32_t begin, std::uint32_t end, Run&& run) {
    if constexpr (side >= sizeof...(KeyFunctions)) {
      return run([](std::uint32_t, const T&) {});  // a broadcast, which has no key
    } else {
      with_rows_of<side>(batch, begin, end, run);
    }
  }

  /// The next timer that is due at `limit`, with its key as the current one.
  std::optional<TimerQueue::Due> take_timer(StateLayout::TimerKind kind, std::int64_t limit) {
    StateLayout::Timers& timers = layout_.timers(kind);
    while (std::optional<TimerQueue::Due> due = timers.queue.take(limit)) {
      RowTimers& of_row = StateLayout::timers_of(due->row, timers);
      of_row.set_queued(of_row.queued() - 1);
      if (!of_row.remove(due->time)) continue;  // it was cancelled
      layout_.cursor().row = due->row;
      return due;
    }
    return std::nullopt;
  }
  /// After the operator was called for a timer.
  void end_timer() {
    RowCursor& cursor = layout_.cursor();
    if (!std::exchange(cursor.forget, false) || layout_.has_timers(cursor.row)) return;
    if (layout_.unqueued(cursor.row)) {
      table_->remove(cursor.row);
    } else {
      layout_.reset(cursor.row);  // a queue still points to it, for a timer that was cancelled
    }
  }

 private:
  template <std::size_t side, class T, class Run>
  void with_rows_of(Batch<T>& batch, std::uint32_t begin, std::uint32_t end, Run& run) {
    // The closures hold plain pointers by value, so that they end up in registers.
    const std::uint32_t* const hashes = batch.hashes();
    StateTable<K>* const table = table_.get();
    RowCursor* const cursor = &layout_.cursor();
    std::byte* guesses[operator_block];
    if (table->size() <= prefetch_above) {
      for (std::uint32_t i = begin; i < end; ++i) guesses[i % operator_block] = table->guess(hashes[i]);
    } else {
      const SlotGroup* groups[operator_block];
      for (std::uint32_t i = begin; i < end; ++i) groups[i % operator_block] = table->prefetch_group(hashes[i]);
      for (std::uint32_t i = begin; i < end; ++i) {
        guesses[i % operator_block] = table->prefetch_row(hashes[i], groups[i % operator_block]);
      }
    }
    run([=, key = std::get<side>(keys_), &guesses](std::uint32_t i, const T& event) {
      const auto& event_key = std::invoke(key, event);
      std::byte* const guess = guesses[i % operator_block];
      cursor->row = table->is_row_of(guess, event_key) ? guess : table->correct_guess(event_key, hashes[i]);
    });
  }

  /// Up to this many keys, index and rows lie in the second-level cache (about 1 MiB).
  static constexpr std::uint64_t prefetch_above = 20'000;

  std::tuple<KeyFunctions...> keys_;
  StateLayout layout_{StateTable<K>::states_offset};
  std::unique_ptr<StateTable<K>> table_;
};

}  // namespace streamwork::typed
