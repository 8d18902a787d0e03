// What comes out of a join, and of which kinds it can be.
// Thread rule: plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <streamwork/time.hpp>
#include <utility>
#include <vector>

namespace streamwork {

/// Whether events without a match come out, with nothing on the other side: those of neither input, of one, or of both.
enum class JoinType : std::uint8_t { inner, left, right, full };

constexpr bool keeps_left(JoinType type) { return type == JoinType::left || type == JoinType::full; }
constexpr bool keeps_right(JoinType type) { return type == JoinType::right || type == JoinType::full; }

/// Two events of one key that belong together, or one that has no match. Its event time is the later of both.
template <class K, class L, class R>
struct JoinResult {
  K key;
  std::optional<L> left;
  std::optional<R> right;
  friend bool operator==(const JoinResult&, const JoinResult&) = default;
};

/// The same of a join within windows. Its event time is the last instant of the window.
template <class K, class L, class R>
struct WindowJoinResult {
  K key;
  EventTime start;
  EventTime end;
  std::optional<L> left;
  std::optional<R> right;
  bool update = false;
  bool retract = false;
  friend bool operator==(const WindowJoinResult&, const WindowJoinResult&) = default;
};

namespace operators {

/// Gives out the rows of one call, with their event times. There may be any number; room is made for those of most calls.
template <class Row, class Out>
void give_out(std::vector<std::pair<Row, EventTime>>&& rows, Out& out) {
  constexpr std::size_t most_at_once = 1024;
  if (rows.size() > most_at_once) return out.emit_all(std::move(rows));
  for (auto& [row, time] : rows) out.emit(std::move(row), time);
}

}  // namespace operators

}  // namespace streamwork
