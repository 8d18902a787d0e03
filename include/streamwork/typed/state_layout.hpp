// The states of one vertex: where each lies in the row of a key, and how a row comes and goes.
//
// Filled by `OperatorContext::value_state` while an operator is opened; read by the state table.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <stdexcept>
#include <streamwork/state.hpp>
#include <streamwork/typed/timer_queue.hpp>
#include <string>
#include <type_traits>
#include <typeindex>
#include <utility>
#include <vector>

namespace streamwork::typed {

/// One state without its type.
class StateColumn {
 public:
  StateColumn() = default;
  StateColumn(const StateColumn&) = delete;
  StateColumn& operator=(const StateColumn&) = delete;
  virtual ~StateColumn() = default;
  virtual void construct(std::byte* place) const = 0;  ///< the initial value
  virtual void copy(std::byte* place, const std::byte* original) const = 0;
  virtual void destroy(std::byte* place) const = 0;
};

template <class T>
class StateColumnOf final : public StateColumn {
 public:
  explicit StateColumnOf(T initial) : initial_(std::move(initial)) {}
  void construct(std::byte* place) const override { ::new (place) T(initial_); }
  void copy(std::byte* place, const std::byte* original) const override {
    ::new (place) T(*reinterpret_cast<const T*>(original));
  }
  void destroy(std::byte* place) const override { reinterpret_cast<T*>(place)->~T(); }

 private:
  T initial_;
};

class StateLayout {
 public:
  /// The states lie in a row from `begin` on; what is before it is not theirs.
  explicit StateLayout(std::uint32_t begin) : begin_(begin), end_(begin) {}

  /// Adds a state and returns its offset in the row. Throws `std::logic_error` if the name is taken.
  template <class T>
  std::uint32_t add(const std::string& name, T initial) {
    static_assert(alignof(T) <= alignof(std::max_align_t), "state of an over-aligned type is not supported");
    const std::uint32_t offset = reserve(name, sizeof(T), alignof(T));
    trivial_ = trivial_ && std::is_trivially_copyable_v<T>;
    columns_.push_back({name, offset, std::make_unique<StateColumnOf<T>>(std::move(initial))});
    return offset;
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
  /// True if a timer of the row is set.
  bool has_timers(std::byte* row) const;
  /// Gives every state its initial value again; the queues' entries for the row stay.
  void reset(std::byte* row);
  /// True if no queue points to the row.
  bool unqueued(std::byte* row) const;

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
    if (initial_row_.size() != end_) {
      initial_row_.assign(end_, std::byte{0});
      for (const Column& column : columns_) column.type->construct(initial_row_.data() + column.offset);
    }
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
  std::size_t alignment() const { return alignment_; }

 private:
  struct Column {
    std::string name;
    std::uint32_t offset;
    std::unique_ptr<StateColumn> type;
  };

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
