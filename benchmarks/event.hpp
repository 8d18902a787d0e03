// What all contenders work on: the same events, made by the same function, mapped and filtered by the same functions.
#pragma once

#include <cstdint>

namespace benchmark {

struct Event {
  std::uint64_t sequence;
  std::uint64_t key;
  std::int64_t value;
  std::uint64_t origin;
};
static_assert(sizeof(Event) == 32);

/// Event number `sequence`: its key is one of 0 … `keys` - 1, evenly, its value any 32-bit number. A pure function, so
/// that nothing has to be kept to give every contender the same events. The mixing is that of SplitMix64 (Steele, Lea
/// and Flood 2014). REQUIRES: 0 < keys <= 2^32.
inline Event make_event(std::uint64_t sequence, std::uint64_t keys) {
  std::uint64_t bits = (sequence + 1) * 0x9E3779B97F4A7C15U;
  bits = (bits ^ (bits >> 30U)) * 0xBF58476D1CE4E5B9U;
  bits = (bits ^ (bits >> 27U)) * 0x94D049BB133111EBU;
  bits ^= bits >> 31U;
  return {sequence, ((bits >> 32U) * keys) >> 32U, static_cast<std::int64_t>(bits & 0xFFFFFFFFU), bits >> 60U};
}

/// The work of `map`: one field is computed anew, the others stay.
inline Event corrected(const Event& event) {
  return {event.sequence, event.key, event.value * 5 + static_cast<std::int64_t>(event.origin), event.origin};
}

/// The work of `filter`: lets three events of four through, in no order that a branch predictor could learn.
inline bool is_wanted(const Event& event) { return (event.value & 3) != 0; }

}  // namespace benchmark
