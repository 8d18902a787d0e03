// The rows of a table that are in memory while a store has all of them: which come in, which have changed, which may go.
//
// What is in memory comes and goes by the hash of its key: all rows of one hash (almost always one) are here, or none is, so that a
// key that is not here and whose hash is has no row at all. A row that has changed is written when it goes, and at a barrier.
// Which one goes is decided by CLOCK (Corbató 1968): the next in the order of memory that was not used since it was looked at.
//
// A checkpoint is a copy of the store as it was at the barrier. So from the barrier until the copy is made, nothing that has
// happened since is written to the store: rows that have changed stay, keys that are forgotten are noted.
// Thread rule: one task.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <span>
#include <streamwork/typed/byte_writer.hpp>
#include <streamwork/typed/row_store.hpp>
#include <streamwork/typed/snapshot.hpp>
#include <streamwork/typed/state_layout.hpp>
#include <streamwork/typed/state_table.hpp>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace streamwork::typed {

/// How the key at the beginning of a row comes, goes, and is stored.
struct RowKey {
  const ValueCodec* codec;
  void (*construct)(std::byte* place);  ///< any value
  void (*destroy)(std::byte* place);
  StateIndex::HashOf hash_of;
};

/// A copy of a store that the task that uses it, or who writes its checkpoint, makes: whoever comes first.
/// Thread rule: any thread.
class PendingCopy {
 public:
  explicit PendingCopy(std::shared_ptr<RowStore> store) : store_(std::move(store)) {}

  /// The copy, made if it is not; throws what its making threw.
  std::shared_ptr<const StoreCopy> make();
  /// True if it is made, or cannot be.
  bool made() const { return state_.load() == State::made; }

 private:
  enum class State : std::uint8_t { wanted, under_way, made };

  std::shared_ptr<RowStore> store_;
  std::atomic<State> state_{State::wanted};
  std::shared_ptr<const StoreCopy> copy_;
  std::exception_ptr failure_;
};

class RowCache {
 public:
  /// Everything outlives it but the store. REQUIRES: the table is empty, `layout` complete, and every state in it can be stored.
  RowCache(std::shared_ptr<RowStores> stores, StateLayout& layout, StateIndex& index, const RowKey& key);
  RowCache(const RowCache&) = delete;
  RowCache& operator=(const RowCache&) = delete;
  ~RowCache();

  /// Begins with what a store of an earlier run held, if one had just the rows of this instance, stored as they would be now.
  /// False: it does not.
  bool try_go_on_from(const RestoredState& restored, const VertexInstance& vertex);

  /// Sends rows away until there is room for so many more, at most `least_rows`. REQUIRES: nobody refers to a row.
  void make_room(std::uint32_t rows);
  /// Brings in the rows of these hashes. REQUIRES: there is room for them.
  void fetch(std::span<const std::uint32_t> hashes);
  /// Fetches the rows of the first one, and beside it some of those behind it, which will be asked for next.
  void fetch_with_next(std::uint32_t hash, std::span<const std::uint32_t> ahead);
  /// Calls `visit(row)` for the rows of this hash that are here.
  template <class Visit>
  void for_each_of(std::uint32_t hash, Visit&& visit) const {
    index_.find(hash, [&](std::byte* row) {
      if (key_.hash_of(row) == hash) visit(row);
      return false;
    });
  }

  /// A key with this hash is about to get a row. REQUIRES: its hash was fetched.
  void before_insert(std::uint32_t hash) {
    if (resident(hash)) [[unlikely]]
      join(hash);
  }
  /// The row is about to change; also one that is new.
  void before_change(std::byte* row, std::uint32_t hash) {
    if (!shared_.empty() && shared(hash)) [[unlikely]]
      return change_all(hash);
    if (phase_ == Phase::saving && index_.unsaved(row)) [[unlikely]]
      save(row, hash);
    index_.set(RowBit::changed, row, true);
    index_.set(RowBit::used, row, true);
  }
  /// Takes the row out of table and store.
  void remove(std::byte* row);

  // Checkpoints.

  void begin_saving(SnapshotTarget& target, const VertexInstance& vertex);
  /// True: all rows are in the store as they were at the barrier.
  bool save_some();

  // What expires.

  /// Something may be taken out of the row now, until the next call of `watch` or `end_watch`, which see whether it was.
  void watch(std::byte* row);
  void end_watch();

  /// Calls `expire(row)` for some of them, which may change the row; `Remainder::nothing`: it goes. True: there are no more.
  template <class Expire>
  bool expire_stored(std::uint32_t looks, Expire&& expire) {
    if (!may_write()) return false;
    const std::vector<StoredValue> values = next_stored(looks);
    for (const StoredValue& value : values) rewrite(value, expire);
    return values.empty();
  }

 private:
  struct StoredValue {
    std::uint32_t hash;
    std::vector<std::byte> bytes;
  };
  /// A row that is in no table.
  class Scratch {
   public:
    Scratch(RowCache& cache, ByteReader& reader);
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    ~Scratch();
    std::byte* get() const { return row_; }

   private:
    RowCache& cache_;
    std::byte* row_;
  };

  /// How far a checkpoint has come.
  enum class Phase : std::uint8_t {
    none,
    saving,   ///< rows that had changed at the barrier are being written; no others may be
    copying,  ///< all is written that the copy is to hold; nothing may be
  };

  std::string schema() const;
  void queue_stored_timers();
  bool resident(std::uint32_t hash) const;
  bool shared(std::uint32_t hash) const;
  bool may_write();
  void look_at_copy();
  void note_all_saved();
  void end_copy();
  void copy_now();
  std::uint64_t row_limit() const;
  bool evict(std::uint64_t rows, std::uint64_t looks);
  bool try_evict(std::byte* row);
  void load(std::uint32_t hash, std::span<const std::byte> bytes);
  void decode_row(std::byte* row, ByteReader& reader);
  void join(std::uint32_t hash);
  void change_all(std::uint32_t hash);
  void save(std::byte* row, std::uint32_t hash);
  void write(std::byte* row, std::uint32_t hash);
  void encode_row(const std::byte* row, ByteWriter& writer) const {
    key_.codec->encode(row, writer);
    layout_.encode(row, writer);
  }
  void note_encoded(std::uint64_t bytes) { encoded_row_bytes_ = (encoded_row_bytes_ * 15 + bytes) / 16; }
  void drop(std::byte* row, std::uint32_t hash);
  std::vector<std::byte*> rows_of(std::uint32_t hash) const;
  std::vector<StoredValue> next_stored(std::uint32_t count);
  template <class Expire>
  void rewrite(const StoredValue& value, Expire&& expire) {
    if (resident(value.hash)) return;  // what is here is looked at by others
    ByteReader reader(std::span<const std::byte>(value.bytes));
    rewritten_.clear();
    std::uint64_t left_rows = 0;
    for (std::uint64_t left = reader.get_length(); left > 0; --left) {
      const Scratch row(*this, reader);
      if (expire(row.get()) == Remainder::nothing) continue;
      encode_row(row.get(), rewritten_);
      ++left_rows;
    }
    put_rewritten(value, left_rows);
  }
  void put_rewritten(const StoredValue& value, std::uint64_t rows);

  StateLayout& layout_;
  StateIndex& index_;
  const RowKey key_;
  const std::shared_ptr<RowStores> stores_;
  std::shared_ptr<RowStore> store_;
  const std::uint64_t fixed_row_bytes_;
  std::uint64_t encoded_row_bytes_ = 0;  ///< a running mean
  bool anything_stored_ = false;
  StateIndex::Place hand_;                     ///< of the clock
  std::unordered_set<std::uint32_t> shared_;   ///< hashes here that several keys have
  std::unordered_set<std::uint32_t> removed_;  ///< hashes that are to be removed from the store when the copy is made
  std::vector<std::uint32_t> missing_;
  ByteWriter value_;
  ByteWriter rewritten_;
  std::uint32_t next_stored_ = 0;  ///< where looking for what expires goes on
  bool all_looked_at_ = false;

  std::unique_ptr<std::byte[]> scratch_;
  std::byte* watched_ = nullptr;
  ByteWriter before_;  ///< what is watched as it was

  Phase phase_ = Phase::none;
  SnapshotTarget* target_ = nullptr;  ///< until it was given the copy
  std::uint32_t section_ = 0;
  std::int64_t parallelism_ = 1;
  std::shared_ptr<PendingCopy> copy_;
  std::shared_ptr<KnownFiles> known_files_ = std::make_shared<KnownFiles>();
};

}  // namespace streamwork::typed
