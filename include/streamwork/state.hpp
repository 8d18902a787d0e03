// State of the current key.
//
// A stateful operator asks for its state handles in `open` and uses them in `apply` and `on_timer`, where they always show
// the state of the key of the event (or timer) at hand. Behind all handles of a vertex is one row per key
// (typed/state_table.hpp).
//
// | kind | what a key has | header |
// |---|---|---|
// | `ValueState<T>` | one value | this one |
// | `ListState<T>` | values in the order in which they were added | list_state.hpp |
// | `MapState<K, V>` | values by a key of their own | map_state.hpp |
// | `ReducingState<T>` | all that was added, folded into one value of the same type | reducing_state.hpp |
// | `AggregatingState<T, R>` | all that was added, in an aggregate as of a window | reducing_state.hpp |
//
// Each of them also comes with a time-to-live: see state_lifetime.hpp. State that belongs to no key: operator_state.hpp.
// All of it is part of checkpoints, found again by vertex and name, and may have changed its fields since (migrations.hpp).
// Thread rule: used only inside the calls of the operator instance it was opened for.
#pragma once

#include <algorithm>
#include <cstdint>
#include <streamwork/state_lifetime.hpp>
#include <streamwork/typed/state_column.hpp>

namespace streamwork {

/// One value per key. A key that was never written holds the initial value given to `OperatorContext::value_state`.
/// REQUIRES of all uses: the handle was opened, and an event is at hand.
template <class T, class Lifetime = Forever>
class ValueState {
 public:
  /// A handle that must be assigned from `OperatorContext::value_state` before it is used.
  ValueState() = default;

  T& operator*() const { return place_.content(); }
  T* operator->() const { return &place_.content(); }
  /// The initial value again.
  void clear() const { place_.content() = place_.initial(); }

  // For the engine.
  using Column = typed::StateColumnOf<T>;
  explicit ValueState(const typed::StatePlace<Column>& place) : place_(place) {}

 private:
  typed::StatePlace<Column> place_;
};

/// One value per key that expires: it holds the initial value again when it was not written for long enough.
template <class T>
class ValueState<T, Expiring> {
 public:
  ValueState() = default;

  /// To read it.
  const T& get() const { return current(place_.age().reads_renew()).value; }
  /// True if it was not written yet, or too long ago.
  bool empty() const { return current(false).written == typed::never_written; }

  /// To write it, or to change what it holds: this renews it.
  T& operator*() const { return current(true).value; }
  T* operator->() const { return &current(true).value; }
  /// The initial value again, as if never written.
  void clear() const { place_.content() = place_.initial(); }

  // For the engine.
  using Column = typed::AgingColumn<typed::Aged<T>>;
  explicit ValueState(const typed::StatePlace<Column>& place) : place_(place) {}

 private:
  typed::Aged<T>& current(bool renew) const {
    typed::Aged<T>& aged = place_.content();
    const std::int64_t now = place_.age().now();
    const bool expired = place_.age().expired(aged.written, now);
    if (expired && aged.written != typed::never_written) aged = place_.initial();
    if (renew) aged.written = std::max(aged.written, now);
    return aged;
  }

  typed::StatePlace<Column> place_;
};

}  // namespace streamwork
