// A map per key: values by a key of their own.
//
//   last_ = context.map_state<std::string, double>("last by sensor");
//   ...
//   if (const double* before = last_.get(reading.sensor)) ...
//   last_.put(reading.sensor, reading.value);
//
// The entries stand in the order of their keys, so that what an operator makes of them does not depend on where it was restored;
// `K` needs `<`. A key with an empty map takes a pointer. A map is saved as a whole with its key.
// Thread rule: used only inside the calls of the operator instance it was opened for.
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <ranges>
#include <streamwork/state_lifetime.hpp>
#include <streamwork/typed/state_column.hpp>
#include <utility>

namespace streamwork {

/// REQUIRES of all uses: the handle was opened, and an event is at hand.
template <class K, class V, class Lifetime = Forever>
class MapState {
 public:
  /// A handle that must be assigned from `OperatorContext::map_state` before it is used.
  MapState() = default;

  /// The value of `key`, or nullptr; valid until it is removed or the call of the operator ends.
  const V* get(const K& key) const { return find(key); }
  /// The same, to change it.
  V* get_to_change(const K& key) const { return find(key); }
  /// The value of `key`, a new one if there is none, to change it.
  V& operator[](const K& key) const { return map().change()[key]; }
  bool contains(const K& key) const { return find(key) != nullptr; }
  void put(const K& key, V value) const { map().change().insert_or_assign(key, std::move(value)); }
  /// False if it was not there.
  bool remove(const K& key) const {
    if (map().empty() || map().change().erase(key) == 0) return false;
    if (map().empty()) map().clear();
    return true;
  }
  void clear() const { map().clear(); }

  /// Pairs of key and value, in the order of keys; valid until the map is changed or the call of the operator ends.
  const std::map<K, V>& entries() const { return *map(); }
  std::size_t size() const { return map().size(); }
  bool empty() const { return map().empty(); }

  // For the engine.
  using Column = typed::StateColumnOf<typed::RowMap<K, V>>;
  explicit MapState(const typed::StatePlace<Column>& place) : place_(place) {}

 private:
  typed::RowMap<K, V>& map() const { return place_.content(); }
  V* find(const K& key) const {
    if (map().empty()) return nullptr;
    const auto found = map().change().find(key);
    return found == map().change().end() ? nullptr : &found->second;
  }

  typed::StatePlace<Column> place_;
};

/// A map whose entries expire one by one: each so long after it was last written.
template <class K, class V>
class MapState<K, V, Expiring> {
 public:
  MapState() = default;

  /// As above; an entry that has expired is not there.
  const V* get(const K& key) const {
    typed::Aged<V>* const found = find(key, place_.age().reads_renew());
    return found == nullptr ? nullptr : &found->value;
  }
  /// Counts as writing.
  V* get_to_change(const K& key) const {
    typed::Aged<V>* const found = find(key, true);
    return found == nullptr ? nullptr : &found->value;
  }
  /// Counts as writing.
  V& operator[](const K& key) const {
    if (V* const found = get_to_change(key)) return *found;
    typed::Aged<V>& added = map().change()[key];
    added.written = place_.age().now();
    return added.value;
  }
  bool contains(const K& key) const { return get(key) != nullptr; }
  void put(const K& key, V value) const { (*this)[key] = std::move(value); }
  bool remove(const K& key) const {
    if (find(key, false) == nullptr) return false;
    map().change().erase(key);
    if (map().empty()) map().clear();
    return true;
  }
  void clear() const { map().clear(); }

  /// A range of pairs of references to key and value, in the order of keys; valid until the map is changed or the call of the operator
  /// ends. Looks at each entry.
  auto entries() const {
    drop_expired();
    return std::views::transform(
        *map(), [](const auto& entry) { return std::pair<const K&, const V&>(entry.first, entry.second.value); });
  }
  /// Looks at each entry.
  std::size_t size() const {
    drop_expired();
    return map().size();
  }
  bool empty() const { return size() == 0; }

  // For the engine.
  using Column = typed::AgingColumn<typed::RowMap<K, typed::Aged<V>>>;
  explicit MapState(const typed::StatePlace<Column>& place) : place_(place) {}

 private:
  typed::RowMap<K, typed::Aged<V>>& map() const { return place_.content(); }

  typed::Aged<V>* find(const K& key, bool renew) const {
    if (map().empty()) return nullptr;
    const std::int64_t now = place_.age().now();
    auto& entries = map().change();
    const auto found = entries.find(key);
    if (found == entries.end()) return nullptr;
    if (place_.age().expired(found->second.written, now)) {
      entries.erase(found);
      if (entries.empty()) map().clear();
      return nullptr;
    }
    if (renew) found->second.written = std::max(found->second.written, now);
    return &found->second;
  }
  void drop_expired() const {
    if (map().empty()) return;
    const std::int64_t now = place_.age().now();
    const bool renew = place_.age().reads_renew();
    auto& entries = map().change();
    for (auto next = entries.begin(); next != entries.end();) {
      if (place_.age().expired(next->second.written, now)) {
        next = entries.erase(next);
        continue;
      }
      if (renew) next->second.written = std::max(next->second.written, now);
      ++next;
    }
    if (map().empty()) map().clear();
  }

  typed::StatePlace<Column> place_;
};

}  // namespace streamwork
