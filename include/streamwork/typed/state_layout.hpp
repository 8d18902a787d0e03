// The states of one vertex: where each lies in the row of a key, and how a row comes and goes.
//
// Filled by `OperatorContext::value_state` while an operator is opened; read by the state table.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <stdexcept>
#include <streamwork/state.hpp>
#include <string>
#include <type_traits>
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
  std::vector<std::byte> initial_row_;
  RowCursor cursor_;
  std::uint32_t begin_;
  std::uint32_t end_;
  std::size_t alignment_ = 8;
  bool trivial_ = true;
};

}  // namespace streamwork::typed
