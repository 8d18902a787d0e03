// Changes of a table: rows that come, become others, and go, as events of a stream.
//
//   users.table("users")                                                   // Stream<sw::Change<User>>, one row per key (table.hpp)
//       .flat_map("adults", [](const sw::Change<User>& change) { return change.filter(is_adult); })
//       .flat_map("by city", sw::split_by(&User::city))                    // who moves leaves one city and comes to another
//       .key_by(sw::of_value(&User::city))
//       .aggregate("adults per city", sw::count())                         // what was counted is taken back
//
// A table is the sum of its changes: an update or removal names the row that was there. Thread rule: plain values.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

namespace streamwork {

enum class ChangeKind : std::uint8_t { insert, update, remove };

template <class T>
struct Change {
  ChangeKind kind;
  T value;               ///< the row as it is now; of a removal the one that has gone
  std::optional<T> old;  ///< of an update, the row that was there

  static Change insert(T row) { return {ChangeKind::insert, std::move(row), std::nullopt}; }
  static Change update(T old_row, T row) { return {ChangeKind::update, std::move(row), std::move(old_row)}; }
  static Change remove(T row) { return {ChangeKind::remove, std::move(row), std::nullopt}; }

  /// The same change of a table whose rows are `function(row)`.
  template <class Function>
  auto map(Function&& function) const {
    using Row = std::remove_cvref_t<std::invoke_result_t<Function&, const T&>>;
    return Change<Row>{kind, std::invoke(function, value),
                       old ? std::optional<Row>(std::invoke(function, *old)) : std::nullopt};
  }
  /// The change of the table of those rows for which `keeps(row)` holds; nothing if it has none.
  template <class Predicate>
  std::optional<Change> filter(Predicate&& keeps) const {
    const bool kept = std::invoke(keeps, value);
    if (kind != ChangeKind::update) return kept ? std::optional(*this) : std::nullopt;
    const bool was_kept = std::invoke(keeps, *old);
    if (was_kept) return kept ? *this : remove(*old);
    return kept ? std::optional(insert(value)) : std::nullopt;
  }

  friend bool operator==(const Change&, const Change&) = default;
};

namespace typed {

template <class T>
inline constexpr bool is_change = false;
template <class T>
inline constexpr bool is_change<Change<T>> = true;

/// The row that an event of a stream stands for: what has changed, or the event itself.
template <class T>
struct RowOf {
  using Type = T;
};
template <class T>
struct RowOf<Change<T>> {
  using Type = T;
};

template <class Key>
struct SplitBy {
  Key key;
  template <class T>
  std::vector<Change<T>> operator()(const Change<T>& change) const {
    if (change.kind != ChangeKind::update || std::invoke(key, *change.old) == std::invoke(key, change.value))
      return {change};
    return {Change<T>::remove(*change.old), Change<T>::insert(change.value)};
  }
};

template <class Field>
struct OfValue {
  Field field;
  template <class T>
  decltype(auto) operator()(const Change<T>& change) const {
    return std::invoke(field, change.value);
  }
};

}  // namespace typed

/// For `flat_map`: makes of an update that changes `key(row)` a removal and an insertion, each of which finds its way to the
/// instance that has rows of its key.
template <class Key>
auto split_by(Key key) {
  return typed::SplitBy<Key>{std::move(key)};
}

/// For `key_by`: the field, or the function, of the row that a change speaks of. REQUIRES: updates do not change it, see `split_by`.
template <class Field>
auto of_value(Field field) {
  return typed::OfValue<Field>{std::move(field)};
}

}  // namespace streamwork
