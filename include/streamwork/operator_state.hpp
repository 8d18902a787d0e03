// State of an operator instance that belongs to no key.
//
//   void open(sw::OperatorContext& context) {
//     seen_ = context.operator_state<std::int64_t>("seen", 0, std::plus<>());       // of this instance
//     waiting_ = context.operator_list_state<Order>("waiting");                     // dealt out anew
//     rules_ = context.broadcast_state<std::string, Rule>("rules");                 // the same in all instances
//   }
//
// An operator has it with a key or without one, in any call. It is part of checkpoints, found again by vertex and name, and holds
// what was restored as soon as it is opened. What becomes of it when the parallelism has changed:
//
// | opened by | what an instance gets |
// |---|---|
// | `operator_state` | what the instance of its number had; where there were more instances than there are now, `merge` puts together what several had |
// | `operator_list_state` | its share of the elements of all, dealt out in turn |
// | `operator_union_state` | all elements of all instances, also when nothing has changed: it keeps what it needs |
// | `broadcast_state` | what instance 0 had |
//
// A broadcast map is saved a little at a time. The others are encoded in one go when a barrier passes: keep them small (some
// 10,000 elements take a millisecond), and what is large in state by key.
// Thread rule: used only inside the calls of the operator instance it was opened for.
#pragma once

#include <cstddef>
#include <map>
#include <streamwork/typed/sliced_map.hpp>
#include <utility>
#include <vector>

namespace streamwork {

/// One value per instance. REQUIRES of all uses: the handle was opened.
template <class T>
class OperatorState {
 public:
  /// A handle that must be assigned from the context before it is used.
  OperatorState() = default;

  T& operator*() const { return *value_; }
  T* operator->() const { return value_; }
  /// The initial value again.
  void clear() const { *value_ = *initial_; }

  // For the engine.
  OperatorState(T& value, const T& initial) : value_(&value), initial_(&initial) {}

 private:
  T* value_ = nullptr;
  const T* initial_ = nullptr;
};

/// A list per instance.
template <class T>
using OperatorListState = OperatorState<std::vector<T>>;

/// A map that is the same in all instances, made of the events of a broadcast that each of them gets whole.
/// REQUIRES: it is changed by those events alone (in `apply_right`, of an operator that is connected to the broadcast), in
/// the same way in every instance, whatever the instance's number or the clock. What instance 0 has is what is saved.
template <class K, class V>
class BroadcastState {
 public:
  /// A handle that must be assigned from `OperatorContext::broadcast_state` before it is used.
  BroadcastState() = default;

  /// The value of `key`, or nullptr.
  const V* get(const K& key) const {
    const auto found = entries().find(key);
    return found == entries().end() ? nullptr : &found->second;
  }
  bool contains(const K& key) const { return entries().contains(key); }
  void put(const K& key, V value) const { map_->put(key, std::move(value)); }
  /// False if it was not there.
  bool remove(const K& key) const { return map_->remove(key); }
  void clear() const { map_->clear(); }

  /// Pairs of key and value, in the order of keys.
  const std::map<K, V>& entries() const { return map_->entries(); }
  std::size_t size() const { return entries().size(); }
  bool empty() const { return entries().empty(); }

  // For the engine.
  explicit BroadcastState(typed::SlicedMap<K, V>& map) : map_(&map) {}

 private:
  typed::SlicedMap<K, V>* map_ = nullptr;
};

}  // namespace streamwork
