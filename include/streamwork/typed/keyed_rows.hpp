// The state an operator segment works on: none, or the row of each event's key.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <streamwork/typed/batch.hpp>
#include <streamwork/typed/row_cache.hpp>
#include <streamwork/typed/row_saver.hpp>
#include <streamwork/typed/state_sweep.hpp>
#include <streamwork/typed/state_table.hpp>
#include <string_view>
#include <tuple>
#include <utility>

namespace streamwork::typed {

/// Events whose look-ups overlap: enough to cover a miss, few enough that what was fetched is still in the cache.
inline constexpr std::uint32_t operator_block = 128;

template <class K>
concept StorableKey = Storable<K> && std::default_initializable<K>;

/// State of an operator whose input is not grouped by key: none.
class NoKey {
 public:
  static StateLayout* layout() { return nullptr; }
  static void open(const std::shared_ptr<RowStores>&) {}
  static void require_storable() {}
  /// Throws `StateMismatch` if there were keys, whose state would be lost.
  static void check(const RestoredState& restored, const VertexInstance& vertex);
  static void restore(const RestoredState&, const VertexInstance&) {}
  static void begin_saving(SnapshotTarget&, const VertexInstance&) {}
  static bool save_some() { return true; }
  static void expire_some(std::uint32_t) {}
  static std::optional<std::int64_t> next_expiry() { return std::nullopt; }
  static void tell_size(VertexCounters&) {}

  /// Calls `run(select)` once, where `select(i)` makes the state of the `i`-th event from `begin` on the current one.
  /// `side` is 0, or 1 for the right input of two.
  template <std::size_t side, class T, class Run>
  static void with_rows(const Batch<T>&, std::uint32_t, std::uint32_t, Run&& run) {
    run([](std::size_t) {});
  }
  static std::optional<TimerQueue::Due> take_timer(StateLayout::TimerKind, std::int64_t) { return std::nullopt; }
  static void end_timer() {}
};

/// Throws `std::logic_error`: the key cannot be stored.
[[noreturn]] void refuse_key();
/// Throws `std::runtime_error` if a key of this hash does not belong into the frame.
void check_key_group(std::uint32_t hash, const StoredFrame& frame);

/// State of an operator whose inputs are grouped by `KeyFunctions`, one for each.
template <class K, class... KeyFunctions>
class KeyedRows {
 public:
  explicit KeyedRows(KeyFunctions... keys) : keys_(std::move(keys)...) { layout_.set_key_type(typeid(StoredKey<K>)); }
  KeyedRows(const KeyedRows&) = delete;
  KeyedRows& operator=(const KeyedRows&) = delete;

  StateLayout* layout() { return &layout_; }
  /// `stores`: where rows are that are not in memory; nullptr: all are. Throws `std::logic_error` if rows cannot be there.
  void open(const std::shared_ptr<RowStores>& stores) {
    if (stores != nullptr) require_storable();
    table_ = std::make_unique<StateTable<K>>(layout_, stores != nullptr);
    if constexpr (StorableKey<StoredKey<K>>) {
      if (stores != nullptr) {
        cache_ = std::make_unique<RowCache>(stores, layout_, table_->index(), row_key());
        layout_.queue_by_hash(&StateTable<K>::hash_of);
      }
    }
    sweep_ = StateSweep::make(layout_, table_->index());
  }
  /// Number of keys in memory.
  std::uint64_t size() const { return table_->size(); }
  void tell_size(VertexCounters& counters) const {
    counters.state_rows.set(table_->size());
    counters.state_bytes.set(table_->index().bytes());
  }
  /// Copies the state of every key. REQUIRES: `target` is empty and opened the same states.
  void copy_to(KeyedRows& target) const { table_->copy_to(*target.table_); }

  // Checkpoints.

  /// Throws `std::logic_error` if the key or a state cannot be stored.
  void require_storable() const {
    if constexpr (!StorableKey<StoredKey<K>>) {
      refuse_key();
    }
    layout_.require_storable();
  }
  /// Throws `StateMismatch` if the rows are not such as these. REQUIRES: opened.
  void check(const RestoredState& restored, const VertexInstance& vertex) {
    if constexpr (StorableKey<StoredKey<K>>) {
      RowLoader::check(layout_, *codec_of<StoredKey<K>>(), restored, vertex.name);
    }
  }
  /// Takes up the rows of the key groups that belong to this instance. REQUIRES: opened, and empty.
  void restore(const RestoredState& restored, const VertexInstance& vertex) {
    if constexpr (StorableKey<StoredKey<K>>) {
      if (cache_ && cache_->try_go_on_from(restored, vertex)) return;
      RowLoader::for_each_frame(restored, vertex,
                                [&](const StoredFrame& frame) { load(frame, restored.drops_state()); });
    }
  }
  /// From now on, until `save_some` returns true, the rows as they are now are being saved, whatever becomes of them.
  void begin_saving(SnapshotTarget& target, const VertexInstance& vertex) {
    if (cache_) return cache_->begin_saving(target, vertex);
    if constexpr (StorableKey<StoredKey<K>>) {
      if (!saver_) saver_ = std::make_unique<RowSaver>(layout_, *codec_of<StoredKey<K>>());
      saver_->begin(target, vertex);
      table_->index().begin_saving();
    }
  }
  bool save_some() {
    if (cache_) return cache_->save_some();
    if constexpr (StorableKey<StoredKey<K>>) {
      if (!saver_) return true;
      if (!table_->index().save_some(rows_per_step,
                                     [this](std::byte* row) { saver_->save(row, table_->hash_of(row)); }))
        return false;
      saver_->end();
      saver_.reset();
    }
    return true;
  }

  /// Looks at about so many rows for what has expired, and gives back its memory. REQUIRES: nobody refers to a row.
  void expire_some(std::uint32_t looks) {
    if (!sweep_) return;
    if (cache_) {
      sweep_->go_on(
          looks, [this](std::byte* row) { cache_->watch(row); }, [this](std::byte* row) { cache_->remove(row); },
          [this](std::uint32_t rows, auto expire) { return cache_->expire_stored(rows, expire); });
      return cache_->end_watch();
    }
    sweep_->go_on(
        looks,
        [this](std::byte* row) {
          if (table_->index().saving()) save_first(row, table_->hash_of(row));
        },
        [this](std::byte* row) { table_->remove(row); }, [](std::uint32_t, auto) { return true; });
  }
  /// When to do so again by the wall clock, if nothing else happens.
  std::optional<std::int64_t> next_expiry() const { return sweep_ ? sweep_->next_look() : std::nullopt; }

  /// As `NoKey::with_rows`, for the events from `begin` to `end`, at most `operator_block` of them. In a large table
  /// their memory accesses are started together, so that they overlap.
  template <std::size_t side, class T, class Run>
  void with_rows(Batch<T>& batch, std::uint32_t begin, std::uint32_t end, Run&& run) {
    if constexpr (side >= sizeof...(KeyFunctions)) {
      return run([](std::size_t) {});  // a broadcast, which has no key
    } else {
      std::byte* rows[operator_block];
      if (cache_) [[unlikely]] {
        find_cached_rows<side>({batch.hashes() + begin, end - begin}, std::as_const(batch).events() + begin, rows);
      } else {
        find_rows<side>(batch.hashes() + begin, std::as_const(batch).events() + begin, end - begin, rows);
      }
      RowCursor* const cursor = &layout_.cursor();  // by value, so that it ends up in a register
      run([cursor, &rows](std::size_t i) { cursor->row = rows[i]; });
    }
  }

  /// The next timer that is due at `limit`, with its key as the current one.
  std::optional<TimerQueue::Due> take_timer(StateLayout::TimerKind kind, std::int64_t limit) {
    StateLayout::Timers& timers = layout_.timers(kind);
    if (cache_) return take_cached_timer(timers, limit);
    while (std::optional<TimerQueue::Due> due = timers.queue.take(limit)) {
      RowTimers& of_row = StateLayout::timers_of(due->row, timers);
      if (table_->index().saving()) save_first(due->row, table_->hash_of(due->row));
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
    if (cache_) {
      cache_->remove(cursor.row);
    } else if (layout_.unqueued(cursor.row)) {
      table_->remove(cursor.row);
    } else {
      layout_.reset(cursor.row);  // a queue still points to it, for a timer that was cancelled
    }
  }

 private:
  /// Puts the row of each event into `rows`. Out of line, and with what is rare kept for the end: so these loops have all
  /// they work with in registers, and so has the loop that uses the rows.
  template <std::size_t side, class T>
  [[gnu::noinline]] void find_rows(const std::uint32_t* hashes, const T* events, std::uint32_t count,
                                   std::byte** rows) {
    const StateTable<K>& table = *table_;
    const auto key = std::get<side>(keys_);  // by value: it ends up in a register
    std::uint32_t wrong[operator_block];
    std::uint32_t wrong_count = 0;
    const auto check = [&](std::uint32_t i) {
      if (!table.is_row_of(rows[i], std::invoke(key, events[i]))) [[unlikely]]
        wrong[wrong_count++] = i;
    };
    if (table.size() <= prefetch_above) {
      for (std::uint32_t i = 0; i < count; ++i) {
        rows[i] = table.guess(hashes[i]);
        check(i);
      }
    } else {
      const SlotGroup* groups[operator_block];
      for (std::uint32_t i = 0; i < count; ++i) groups[i] = table.prefetch_group(hashes[i]);
      for (std::uint32_t i = 0; i < count; ++i) rows[i] = table.prefetch_row(hashes[i], groups[i]);
      for (std::uint32_t i = 0; i < count; ++i) check(i);
    }
    for (std::uint32_t i = 0; i < wrong_count; ++i)
      rows[wrong[i]] = table_->correct_guess(std::invoke(key, events[wrong[i]]), hashes[wrong[i]]);
    if (table_->index().saving()) [[unlikely]] {
      for (std::uint32_t i = 0; i < count; ++i) save_first(rows[i], hashes[i]);
    }
  }

  /// The same when rows come and go.
  template <std::size_t side, class T>
  [[gnu::noinline]] void find_cached_rows(std::span<const std::uint32_t> hashes, const T* events, std::byte** rows) {
    cache_->make_room(operator_block);
    const auto& key = std::get<side>(keys_);
    std::array<std::uint32_t, operator_block> missing;
    std::size_t missing_count = 0;
    for (std::size_t i = 0; i < hashes.size(); ++i) {
      rows[i] = table_->find(std::invoke(key, events[i]), hashes[i]);
      if (rows[i] == nullptr) missing[missing_count++] = hashes[i];
    }
    if (missing_count > 0) {
      cache_->fetch(std::span(missing).first(missing_count));
      for (std::size_t i = 0; i < hashes.size(); ++i) {
        if (rows[i] == nullptr) rows[i] = find_or_insert(std::invoke(key, events[i]), hashes[i]);
      }
    }
    for (std::size_t i = 0; i < hashes.size(); ++i) cache_->before_change(rows[i], hashes[i]);
  }
  /// REQUIRES: the hash was fetched.
  std::byte* find_or_insert(const K& key, std::uint32_t hash) {
    if (std::byte* const row = table_->find(key, hash)) return row;
    cache_->before_insert(hash);
    return table_->find_or_insert(key, hash);
  }

  /// As `take_timer`: the queue tells hashes, and which of their keys is meant is for the rows to say.
  std::optional<TimerQueue::Due> take_cached_timer(StateLayout::Timers& timers, std::int64_t limit) {
    std::byte* found = nullptr;
    std::int64_t at = 0;
    const auto take = [&](std::int64_t time, std::uint32_t hash, std::span<const std::uint32_t> ahead) {
      cache_->make_room(operator_block);
      cache_->fetch_with_next(hash, ahead);
      cache_->for_each_of(hash, [&](std::byte* row) {
        if (StateLayout::timers_of(row, timers).contains(time)) found = row;
      });
      if (found != nullptr) cache_->before_change(found, hash);
      at = time;
    };
    while (found == nullptr) {
      if (!timers.queue.take_hash(limit, take)) return std::nullopt;
    }
    StateLayout::timers_of(found, timers).remove(at);
    layout_.cursor().row = found;
    return TimerQueue::Due{at, found};
  }

  static RowKey row_key() {
    using Stored = StoredKey<K>;
    return {codec_of<Stored>(), [](std::byte* place) { ::new (place) Stored(); },
            [](std::byte* place) { reinterpret_cast<Stored*>(place)->~Stored(); }, &StateTable<K>::hash_of};
  }

  /// A row that is about to change is saved as it was at the barrier.
  void save_first(std::byte* row, std::uint32_t hash) {
    StateIndex& index = table_->index();
    if (!index.unsaved(row)) return;
    saver_->save(row, hash);
    index.note_saved(row);
  }

  void load(const StoredFrame& frame, bool drop_states) {
    RowLoader loader(layout_, *codec_of<StoredKey<K>>(), frame, drop_states);
    StoredKey<K> key{};
    for (std::uint64_t i = 0; i < frame.entries; ++i) {
      loader.read_key(reinterpret_cast<std::byte*>(&key));
      const std::uint32_t hash = stable_hash(key);
      check_key_group(hash, frame);
      std::byte* const row = cache_ ? row_to_load(key, hash) : table_->find_or_insert(key, hash);
      loader.read_states(row);
      layout_.queue_timers(row);
    }
    if (!loader.at_end()) throw std::runtime_error("the checkpoint has more in a frame of rows than it says");
  }

  std::byte* row_to_load(const K& key, std::uint32_t hash) {
    cache_->make_room(1);
    cache_->fetch({&hash, 1});
    std::byte* const row = find_or_insert(key, hash);
    cache_->before_change(row, hash);
    return row;
  }

  /// Rows that are saved between two batches, some 100 µs: enough that the scan is over before events have touched most rows
  /// in an order that memory does not like, few enough that nobody waits for it.
  static constexpr std::uint32_t rows_per_step = 4096;
  /// Up to this many keys, index and rows lie in the second-level cache (about 1 MiB).
  static constexpr std::uint64_t prefetch_above = 20'000;

  std::tuple<KeyFunctions...> keys_;
  StateLayout layout_{StateTable<K>::states_offset};
  std::unique_ptr<StateTable<K>> table_;
  std::unique_ptr<RowCache> cache_;    ///< if rows are also in a store
  std::unique_ptr<StateSweep> sweep_;  ///< if a state expires
  std::unique_ptr<RowSaver> saver_;    ///< while a snapshot is being saved
};

}  // namespace streamwork::typed
