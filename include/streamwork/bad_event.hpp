// Bad events: what a function throws when one event cannot be used, and what the vertex then does with it.
//
// An event that does not parse or breaks a rule of the domain is not a bug and must not be lost without a word. The
// function throws `BadEvent`; the vertex' policy decides: fail the job (default), skip and count, or send a
// `DeadLetter` with the original bytes to a side output.
// Thread rule: plain values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>

namespace streamwork {

/// Thrown by user functions and by the parsers for an event that cannot be used.
class BadEvent : public std::runtime_error {
 public:
  static constexpr std::size_t no_offset = std::numeric_limits<std::size_t>::max();

  /// `reason` says in one sentence what is wrong; `offset` is the byte inside the event's text where it went wrong,
  /// if that is known.
  explicit BadEvent(const std::string& reason, std::size_t offset = no_offset)
      : std::runtime_error(reason), offset_(offset) {}

  std::size_t offset() const noexcept { return offset_; }

 private:
  std::size_t offset_;
};

/// An event that was refused, with all that is needed to repair and replay it.
struct DeadLetter {
  std::string vertex;          ///< name of the vertex that refused it
  std::int64_t instance = 0;   ///< instance of that vertex
  std::string reason;          ///< what was wrong, from `BadEvent`
  std::int64_t position = -1;  ///< the line's byte offset in its input (`Line::position`); -1 if the event is no line
  std::int64_t offset = -1;    ///< byte inside the line where it went wrong; -1 if unknown
  std::string text;            ///< the original bytes of a line or text; empty for events of other types
};

}  // namespace streamwork
