// One state of a vertex as a column of its rows: how its place in a row comes and goes, is saved, and expires.
// Thread rule: one task.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <new>
#include <optional>
#include <streamwork/typed/row_containers.hpp>
#include <streamwork/typed/row_cursor.hpp>
#include <streamwork/typed/state_age.hpp>
#include <streamwork/typed/value_codec.hpp>
#include <utility>

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
  /// nullptr if values of this type cannot be stored.
  virtual const ValueCodec* codec() const = 0;
  virtual const Migrations& migrations() const = 0;

  /// nullptr if it lives for ever.
  virtual const StateAge* age() const { return nullptr; }
  /// Takes away what has expired at `now`. Takes what it looks at from `looks`, and leaves the rest for the next call, with the
  /// same place, when none are left. REQUIRES: it has an age.
  virtual Remainder expire(std::byte*, std::int64_t, std::uint32_t&) { return Remainder::some; }
};

template <class T>
class StateColumnOf : public StateColumn {
 public:
  using Content = T;

  explicit StateColumnOf(T initial, Migrations migrations = {})
      : initial_(std::move(initial)), migrations_(std::move(migrations)) {}
  void construct(std::byte* place) const override { ::new (place) T(initial_); }
  void copy(std::byte* place, const std::byte* original) const override {
    ::new (place) T(*reinterpret_cast<const T*>(original));
  }
  void destroy(std::byte* place) const override { reinterpret_cast<T*>(place)->~T(); }
  const ValueCodec* codec() const override { return codec_of<T>(); }
  const Migrations& migrations() const override { return migrations_; }

  const T& initial() const { return initial_; }

 private:
  T initial_;
  Migrations migrations_;
};

// How each kind of content expires, a little at a time.

template <class Content>
class Expiry;

template <class T>
class Expiry<Aged<T>> {
 public:
  static Remainder expire(Aged<T>& aged, const Aged<T>& initial, const StateAge& age, std::int64_t now,
                          std::uint32_t&) {
    if (!age.expired(aged.written, now)) return Remainder::some;
    if (aged.written != never_written) aged = initial;
    return Remainder::nothing;
  }
};

/// Elements stand in the order in which they were written.
template <class T>
class Expiry<RowList<Aged<T>>> {
 public:
  /// A list of which a part has expired is made shorter when it is used.
  static Remainder expire(RowList<Aged<T>>& list, const RowList<Aged<T>>&, const StateAge& age, std::int64_t now,
                          std::uint32_t& looks) {
    if (list.empty()) return Remainder::nothing;
    if (!age.expired((*list).back().written, now)) return Remainder::some;
    std::vector<Aged<T>>& elements = list.change();
    const std::size_t dropped = std::min<std::size_t>(elements.size(), looks);
    looks -= static_cast<std::uint32_t>(dropped);
    elements.erase(elements.end() - static_cast<std::ptrdiff_t>(dropped), elements.end());
    if (!elements.empty()) return Remainder::unknown;
    list.clear();
    return Remainder::nothing;
  }
};

template <class K, class V>
class Expiry<RowMap<K, Aged<V>>> {
 public:
  Remainder expire(RowMap<K, Aged<V>>& map, const RowMap<K, Aged<V>>&, const StateAge& age, std::int64_t now,
                   std::uint32_t& looks) {
    if (map.empty()) return Remainder::nothing;
    auto& entries = map.change();
    auto next = resume_ ? entries.lower_bound(*resume_) : entries.begin();
    resume_.reset();
    while (next != entries.end()) {
      if (looks == 0) {
        resume_ = next->first;
        return Remainder::unknown;
      }
      --looks;
      next = age.expired(next->second.written, now) ? entries.erase(next) : std::next(next);
    }
    if (!entries.empty()) return Remainder::some;
    map.clear();
    return Remainder::nothing;
  }

 private:
  std::optional<K> resume_;  ///< the first key that was not looked at yet
};

/// A state with a time-to-live.
template <class T>
class AgingColumn final : public StateColumnOf<T> {
 public:
  AgingColumn(T initial, const StateAge& age, Migrations migrations)
      : StateColumnOf<T>(std::move(initial), std::move(migrations)), age_(age) {}

  const StateAge* age() const override { return &age_; }
  Remainder expire(std::byte* place, std::int64_t now, std::uint32_t& looks) override {
    return expiry_.expire(*reinterpret_cast<T*>(place), this->initial(), age_, now, looks);
  }

 private:
  StateAge age_;
  Expiry<T> expiry_;
};

/// Where a handle finds its state: in the row at hand.
template <class Column>
class StatePlace {
 public:
  using Content = typename Column::Content;

  StatePlace() = default;
  StatePlace(const RowCursor& cursor, std::uint32_t offset, const Column& column)
      : cursor_(&cursor), column_(&column), offset_(offset) {}

  Content& content() const { return *reinterpret_cast<Content*>(cursor_->row + offset_); }
  const Content& initial() const { return column_->initial(); }
  std::uint32_t offset() const { return offset_; }
  /// REQUIRES: it has one.
  const StateAge& age() const { return *column_->age(); }

 private:
  const RowCursor* cursor_ = nullptr;
  const Column* column_ = nullptr;
  std::uint32_t offset_ = 0;
};

}  // namespace streamwork::typed
