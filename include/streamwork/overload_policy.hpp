// The policies of `on_overload` (overload.hpp): what becomes of events that those behind cannot take.
// Thread rule: plain values.
#pragma once

#include <cstdint>

namespace streamwork {

/// What `block` and its like return.
class OverloadPolicy {
 public:
  enum class Action : std::uint8_t { block, drop_newest, drop_oldest, sample };

  OverloadPolicy(Action action, std::uint32_t buffer, std::uint32_t one_in = 1)
      : action_(action), buffer_(buffer), one_in_(one_in) {}

  Action action() const { return action_; }
  /// Events that may wait, per instance.
  std::uint32_t buffer() const { return buffer_; }
  /// Of `sample`: so many events make one.
  std::uint32_t one_in() const { return one_in_; }

 private:
  Action action_;
  std::uint32_t buffer_;
  std::uint32_t one_in_;
};

/// Events that may wait in the buffer of an instance, unless said otherwise.
inline constexpr std::uint32_t default_overload_buffer = 10'000;

inline OverloadPolicy block(std::uint32_t buffer = default_overload_buffer) {
  return {OverloadPolicy::Action::block, buffer};
}
inline OverloadPolicy drop_newest(std::uint32_t buffer = default_overload_buffer) {
  return {OverloadPolicy::Action::drop_newest, buffer};
}
inline OverloadPolicy drop_oldest(std::uint32_t buffer = default_overload_buffer) {
  return {OverloadPolicy::Action::drop_oldest, buffer};
}
/// Takes the first of every `n` events as long as the buffer is at least half full; when it is full all the same, what comes is
/// dropped.
inline OverloadPolicy sample_one_in(std::uint32_t n, std::uint32_t buffer = default_overload_buffer) {
  return {OverloadPolicy::Action::sample, buffer, n};
}

}  // namespace streamwork
