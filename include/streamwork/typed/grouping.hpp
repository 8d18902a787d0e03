// How an event chooses among the instances behind an exchange.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <streamwork/hash.hpp>
#include <string>
#include <type_traits>
#include <utility>

namespace streamwork::typed {

/// Units of keyed state: a key belongs to a key group for ever, a key group to one instance at a time.
inline constexpr std::uint32_t key_groups = 128;

/// Key group of a key: the top bits of its hash.
constexpr std::uint32_t key_group_of(std::uint32_t hash) { return hash >> 25U; }

/// Instance that owns a key group: neighbouring groups stay together. REQUIRES: parallelism <= key_groups.
constexpr std::size_t instance_of(std::uint32_t key_group, std::size_t parallelism) {
  return key_group * parallelism / key_groups;
}

/// By the hash of a key: equal keys meet in one instance.
template <class KeyFunction>
struct FieldsGrouping {
  static constexpr bool hashed = true;
  static constexpr bool to_all = false;
  KeyFunction key;

  /// True if the key is read through a member pointer, which needs the event in memory, and cannot throw.
  template <class T>
  static constexpr bool reads_memory =
      std::is_member_object_pointer_v<KeyFunction> && std::is_trivially_copyable_v<T> && sizeof(T) <= 64;

  template <class T>
  std::uint32_t hash(const T& event) const {
    if constexpr (reads_memory<T>) {
      // A copy in memory will do: then the event itself stays in registers. (Written in words and read back in vectors,
      // it would wait 12 cycles for the store each time.)
      const T copy = event;
      return stable_hash(copy.*key);
    } else {
      return stable_hash(std::invoke(key, event));
    }
  }
  /// The same of an event that was just written to memory.
  template <class T>
  std::uint32_t hash_of_written(const T& event) const {
    return stable_hash(event.*key);
  }
  static std::size_t lane(std::uint32_t hash, std::size_t lanes) { return instance_of(key_group_of(hash), lanes); }
};

/// Round robin.
struct ShuffleGrouping {
  static constexpr bool hashed = false;
  static constexpr bool to_all = false;
  std::size_t next = 0;

  template <class T>
  std::size_t lane(const T&, std::size_t lanes) {
    if (next >= lanes) next = 0;
    return next++;
  }
};

/// Every instance gets every event.
struct AllGrouping {
  static constexpr bool hashed = false;
  static constexpr bool to_all = true;
};

/// One instance gets all events: the only one (global), or the one that belongs to the producer (forward).
struct SingleLaneGrouping {
  static constexpr bool hashed = false;
  static constexpr bool to_all = false;

  template <class T>
  static std::size_t lane(const T&, std::size_t) {
    return 0;
  }
};

/// As `SingleLaneGrouping`, for events that were grouped by a key already and keep its hash.
template <class KeyFunction>
struct CarriedGrouping : FieldsGrouping<KeyFunction> {
  static std::size_t lane(std::uint32_t, std::size_t) { return 0; }
};

/// The user's function chooses.
template <class Function>
struct CustomGrouping {
  static constexpr bool hashed = false;
  static constexpr bool to_all = false;
  Function choose;

  template <class T>
  std::size_t lane(const T& event, std::size_t lanes) {
    const auto chosen = std::invoke(choose, event, static_cast<int>(lanes));
    if (std::cmp_less(chosen, 0) || std::cmp_greater_equal(chosen, lanes)) {
      throw std::out_of_range("the custom grouping chose instance " + std::to_string(chosen) +
                              ", but there are instances 0 to " + std::to_string(lanes - 1));
    }
    return static_cast<std::size_t>(chosen);
  }
};

}  // namespace streamwork::typed
