// Options that are given where a vertex or a grouping is written: `{.parallelism = 4}`, `{.blocking = true}`.
// Thread rule: plain values.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <streamwork/side_output.hpp>
#include <streamwork/time.hpp>
#include <string>
#include <utility>

namespace streamwork {

struct DeadLetter;

/// Options of a source.
struct SourceOptions {
  /// Number of parallel instances; 1 unless said otherwise.
  std::optional<int> parallelism = std::nullopt;
};

/// Options of a regrouping (`key_by`, `shuffle`, `broadcast`, custom): the place where parallelism is set.
struct GroupingOptions {
  /// Number of parallel instances behind the regrouping; the number of workers unless said otherwise.
  std::optional<int> parallelism = std::nullopt;
};

/// What a vertex does with an event for which its function throws `BadEvent`.
class BadEventPolicy {
 public:
  enum class Action { fail, skip, dead_letter };

  BadEventPolicy() = default;
  Action action() const { return action_; }
  /// Name of the side output that takes the dead letters. REQUIRES: `action() == Action::dead_letter`.
  const std::string& side_output() const { return side_output_; }

 private:
  friend BadEventPolicy fail_on_bad_events();
  friend BadEventPolicy skip_bad_events();
  friend BadEventPolicy dead_letter(const SideOutput<DeadLetter>& output);
  BadEventPolicy(Action action, std::string side_output) : action_(action), side_output_(std::move(side_output)) {}

  Action action_ = Action::fail;
  std::string side_output_;
};

/// The first bad event ends the job with a message that names vertex, instance and reason (the default).
inline BadEventPolicy fail_on_bad_events() { return {}; }
/// Bad events are dropped and counted as `failed` at the vertex.
inline BadEventPolicy skip_bad_events() { return {BadEventPolicy::Action::skip, {}}; }
/// Bad events are counted and come out of the vertex' side output as `DeadLetter`s with the original bytes.
inline BadEventPolicy dead_letter(const SideOutput<DeadLetter>& output) {
  return {BadEventPolicy::Action::dead_letter, output.name()};
}

/// Options of an operator or a sink. It has no parallelism: that is its chain's, set at the source or by a regrouping
/// in front of it (`.shuffle({.parallelism = 4})`).
struct VertexOptions {
  /// What to do with an event for which the function throws `BadEvent`.
  BadEventPolicy bad_events = {};
  /// The function may block (a call to a database, a long computation): its instances get threads of their own.
  bool blocking = false;
  /// Refused when the graph is checked; it is here so that the refusal can say where parallelism belongs.
  std::optional<int> parallelism = std::nullopt;
};

/// In which order the results of `async_map` come out.
enum class AsyncOrder : std::uint8_t {
  ordered,    ///< in the order of the events: a result waits for those of the events before it
  unordered,  ///< as they come, but none before a watermark that its event came after, nor after one it came before
};

/// How long a call that failed waits until it is made again: `first`, then `factor` times as long each time, at most
/// `longest`. Each wait is shortened by a random part of it, up to the share `spread`, so that calls that failed together
/// do not all come again together.
struct Backoff {
  Duration first = std::chrono::milliseconds(100);
  double factor = 2.0;
  Duration longest = std::chrono::seconds(10);
  double spread = 0.2;
};

/// Options of `async_map` (async.hpp).
struct AsyncOptions {
  /// Events that each instance has taken and whose results are not out; no more are taken meanwhile.
  std::uint32_t in_flight = 100;
  AsyncOrder order = AsyncOrder::ordered;
  /// After so long without an answer an attempt has failed.
  Duration timeout = std::chrono::seconds(10);
  /// Calls made for one event before it is a bad event; 1: a call is never made again.
  int attempts = 3;
  Backoff backoff = {};
  /// What to do with an event that the service refuses, or whose last attempt has failed.
  BadEventPolicy bad_events = {};
};

}  // namespace streamwork
