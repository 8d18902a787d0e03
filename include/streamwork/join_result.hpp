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
  friend bool operator==(const WindowJoinResult&, const WindowJoinResult&) = default;
};

namespace operators {

/// Gives out the rows of one call, with their event times. There may be any number: the first come out at once, as most
/// calls have no more; the task draws the others as room allows.
template <class Row, class Out>
class RowsOfCall {
 public:
  explicit RowsOfCall(Out& out) : out_(out) {}

  void add(Row row, EventTime time) {
    if (count_++ < most_at_once) {
      out_.emit(std::move(row), time);
    } else {
      others_.emplace_back(std::move(row), time);
    }
  }
  /// After the last row.
  void finish() {
    if (!others_.empty()) out_.emit_all(std::move(others_));
  }
  bool empty() const { return count_ == 0; }

 private:
  static constexpr std::size_t most_at_once = 1024;

  Out& out_;
  std::size_t count_ = 0;
  std::vector<std::pair<Row, EventTime>> others_;
};

}  // namespace operators

}  // namespace streamwork
