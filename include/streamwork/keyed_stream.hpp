// Streams grouped by a key: what `key_by` returns.
// Thread rule: a job is written by one thread.
#pragma once

#include <functional>
#include <streamwork/stream.hpp>
#include <string>
#include <type_traits>
#include <utility>

namespace streamwork {

/// A stream grouped by a key. Stateful operators behind it see the state of each event's key.
template <class T, class KeyFunction>
class KeyedBy : public typed::StreamMethods<KeyedBy<T, KeyFunction>, T> {
 public:
  using Key = std::remove_cvref_t<std::invoke_result_t<KeyFunction&, const T&>>;

  /// Runs an operator object over the events; its state handles show the state of the key of the event at hand.
  template <class Operator>
  auto apply(std::string name, Operator user_operator, VertexOptions options = {}) const {
    return typed::apply_operator<T>(
        stream_.graph(), stream_.ports(), std::move(name), std::move(user_operator),
        [key = key_] { return typed::KeyedRows<Key, KeyFunction>(key); }, options);
  }

  /// Cuts the stream of each key into windows (windows.hpp).
  template <class Windows>
  auto window(Windows windows) const;

  /// What has been made so far of all events of each key, as a stream of changes (table.hpp, to be included): by one aggregate,
  /// or a tuple by several. A stream of changes is aggregated as the table it stands for: what has gone is taken back.
  template <class... Aggregates>
  auto aggregate(std::string name, Aggregates... aggregates) const;
  /// The last event of each key, as a stream of changes (table.hpp, to be included).
  auto table(std::string name) const;

  /// As a `KeyedStream<Key, T>`, whose type does not name the key function: for variables, parameters and results.
  operator KeyedBy<T, std::function<Key(const T&)>>() const {  // NOLINT: it is a keyed stream
    return {stream_, [key = key_](const T& event) -> Key { return std::invoke(key, event); }};
  }

  operator Stream<T>() const { return stream_; }  // NOLINT: it is a stream

  // For the engine.

  KeyedBy(Stream<T> stream, KeyFunction key) : stream_(std::move(stream)), key_(std::move(key)) {}
  auto chain() const { return stream_.chain(); }
  const std::shared_ptr<typed::JobGraph>& graph() const { return stream_.graph(); }
  const KeyFunction& key_function() const { return key_; }
  const Stream<T>& stream() const { return stream_; }
  bool timed() const { return stream_.timed(); }

 private:
  Stream<T> stream_;
  KeyFunction key_;
};

/// A stream of events `T` grouped by keys `K`, for variables, parameters and results.
template <class K, class T>
using KeyedStream = KeyedBy<T, std::function<K(const T&)>>;

namespace typed {

template <class Self, class T>
template <std::regular_invocable<const T&> KeyFunction>
auto StreamMethods<Self, T>::key_by(KeyFunction key, GroupingOptions options) && {
  Stream<T> grouped =
      regroup(std::move(self()).chain(), GroupingKind::fields, FieldsGrouping<KeyFunction>{key}, options);
  return KeyedBy<T, KeyFunction>(std::move(grouped), std::move(key));
}

template <class Self, class T>
template <std::regular_invocable<const T&> KeyFunction>
auto StreamMethods<Self, T>::key_by(KeyFunction key, GroupingOptions options) const& {
  Stream<T> grouped = regroup(self().chain(), GroupingKind::fields, FieldsGrouping<KeyFunction>{key}, options);
  return KeyedBy<T, KeyFunction>(std::move(grouped), std::move(key));
}

}  // namespace typed

}  // namespace streamwork
