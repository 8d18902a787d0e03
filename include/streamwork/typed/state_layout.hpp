// The states of one vertex: where each lies in the row of a key, and how a row comes and goes.
//
// Filled by `OperatorContext` while an operator is opened; read by the state table.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <stdexcept>
#include <streamwork/typed/row_cursor.hpp>
#include <streamwork/typed/state_column.hpp>
#include <streamwork/typed/timer_queue.hpp>
#include <string>
#include <type_traits>
#include <typeindex>
#include <utility>
#include <vector>

namespace streamwork::typed {

class StateLayout {
 public:
  /// The states lie in a row from `begin` on; what is before it is not theirs.
  explicit StateLayout(std::uint32_t begin);
  StateLayout(const StateLayout&) = delete;
  StateLayout& operator=(const StateLayout&) = delete;
  ~StateLayout();

  /// Adds a state and returns its offset in the row. Throws `std::logic_error` if the name is taken.
  template <class T>
  std::uint32_t add(const std::string& name, T initial, Migrations migrations = {}) {
    return add_place(name, std::make_unique<StateColumnOf<T>>(std::move(initial), std::move(migrations))).offset();
  }
  /// The same, and returns where a handle finds it.
  template <class Column>
  StatePlace<Column> add_place(const std::string& name, std::unique_ptr<Column> column) {
    using T = typename Column::Content;
    static_assert(alignof(T) <= alignof(std::max_align_t), "state of an over-aligned type is not supported");
    const Column& type = *column;
    return {cursor_, add_column(name, std::move(column), sizeof(T), alignof(T), std::is_trivially_copyable_v<T>), type};
  }

  /// The timers of one kind, and where each row keeps its own.
  struct Timers {
    std::uint32_t offset = 0;
    bool used = false;
    TimerQueue queue{};
  };
  enum class TimerKind : std::uint8_t { event, right_event, processing };
  static constexpr std::size_t timer_kinds = 3;

  /// The timers of a kind; from the first call on every row has some.
  Timers& use_timers(TimerKind kind);
  /// As above, without making any; not `used` if there are none.
  Timers& timers(TimerKind kind) { return timers_[static_cast<std::size_t>(kind)]; }
  static RowTimers& timers_of(std::byte* row, const Timers& timers) {
    return *reinterpret_cast<RowTimers*>(row + timers.offset);
  }
  /// Enters the timers of a row that was copied from elsewhere.
  void queue_timers(std::byte* row);
  bool uses_timers() const;
  /// True if a timer of the row is set.
  bool has_timers(std::byte* row) const;
  /// Gives every state its initial value again; the queues' entries for the row stay.
  void reset(std::byte* row);
  /// True if no queue points to the row.
  bool unqueued(std::byte* row) const;
  /// From now on the queues keep hashes of keys and not rows, which may come and go: an entry whose timer is not set any more
  /// holds up nothing. REQUIRES: no timer is set.
  void queue_by_hash(TimerQueue::HashOf hash_of);

  /// The type of the key that stands at the beginning of each row.
  void set_key_type(std::type_index type) { key_type_ = type; }
  std::type_index key_type() const { return key_type_; }

  const RowCursor& cursor() const { return cursor_; }
  RowCursor& cursor() { return cursor_; }

  /// Where the last state ends.
  std::uint32_t end() const { return end_; }

  /// Gives every state of a new row its initial value.
  void construct(std::byte* row) {
    if (!trivial_) {
      for (const Column& column : columns_) column.type->construct(row + column.offset);
      return;
    }
    if (initial_row_.size() != end_) make_initial_row();
    std::memcpy(row + begin_, initial_row_.data() + begin_, end_ - begin_);
  }
  /// Copies the states of a row of an equal layout.
  void copy(std::byte* row, const std::byte* original) const {
    for (const Column& column : columns_) column.type->copy(row + column.offset, original + column.offset);
  }
  void destroy(std::byte* row) const {
    if (trivial_) return;
    for (const Column& column : columns_) column.type->destroy(row + column.offset);
  }
  /// True if rows need no destruction.
  bool trivial() const { return trivial_; }

  // Snapshots.

  /// Throws `std::logic_error`, naming the state, if there is one that cannot be stored.
  void require_storable() const;
  /// Appends the states of a row. REQUIRES: they can be stored.
  void encode(const std::byte* row, ByteWriter& writer) const {
    for (const Column& column : columns_) column.codec->encode(row + column.offset, writer);
  }
  /// Reads what `encode` has written into a row that has values. Throws `StoredDataError`.
  void decode(ByteReader& reader, std::byte* row) const {
    for (const Column& column : columns_) column.codec->decode(reader, row + column.offset);
  }
  /// Calls `visit(offset, column)` for each state with a time-to-live.
  template <class Visit>
  void for_each_aging(Visit&& visit) const {
    for (const Column& column : columns_) {
      if (column.type->age() != nullptr) visit(column.offset, *column.type);
    }
  }
  /// True if every state has a time-to-live: then a row may be nothing.
  bool all_aging() const;
  /// Calls `visit(name, offset, column)` for each state in the order of a row.
  template <class Visit>
  void for_each_state(Visit&& visit) const {
    for (const Column& column : columns_) visit(column.name, column.offset, *column.type);
  }
  std::size_t alignment() const { return alignment_; }

 private:
  struct Column {
    std::string name;
    std::uint32_t offset;
    std::unique_ptr<StateColumn> type;
    const ValueCodec* codec = type->codec();  ///< beside the virtual call, for the sake of speed
  };

  /// Adds a column whose content has this size and alignment; `trivial`: and can be copied bit by bit.
  std::uint32_t add_column(const std::string& name, std::unique_ptr<StateColumn> column, std::size_t size,
                           std::size_t alignment, bool trivial);
  void make_initial_row();
  std::uint32_t reserve(const std::string& name, std::size_t size, std::size_t alignment);

  std::vector<Column> columns_;
  std::array<Timers, timer_kinds> timers_;
  std::type_index key_type_ = typeid(void);
  std::vector<std::byte> initial_row_;
  RowCursor cursor_;
  std::uint32_t begin_;
  std::uint32_t end_;
  std::size_t alignment_ = 8;
  bool trivial_ = true;
};

}  // namespace streamwork::typed
