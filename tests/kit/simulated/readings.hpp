// Events of the simulated jobs, as functions of their numbers, and lines of text that tell results apart.
// Thread rule: pure functions.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <sstream>
#include <streamwork/hash.hpp>
#include <streamwork/time.hpp>
#include <string>

namespace streamwork::testkit {

struct Reading {
  std::uint64_t number;
  std::string key;
  EventTime time;
};

/// How far readings come behind their order in time.
enum class Disorder : std::uint8_t {
  none,
  bounded,  ///< by less than a second
  late,     ///< some by four seconds
};

/// 20 a second, of seven keys.
inline Reading reading(std::uint64_t number, Disorder disorder) {
  const std::uint64_t noise = typed::mix64(number + 1);
  std::int64_t behind_ms = disorder == Disorder::none ? 0 : static_cast<std::int64_t>(noise % 1000);
  if (disorder == Disorder::late && noise / 1000 % 20 == 0) behind_ms = 4000;
  return {number, std::string(1, static_cast<char>('a' + noise / 100'000 % 7)),
          EventTime(std::chrono::milliseconds(static_cast<std::int64_t>(number) * 50 - behind_ms))};
}

namespace lines {
inline void add(std::ostringstream& out, EventTime time) { out << time.time_since_epoch().count() / 1000 << "ms"; }
inline void add(std::ostringstream& out, const Reading& reading) { out << '#' << reading.number; }
template <class T>
void add(std::ostringstream& out, const T& value) {
  out << value;
}
template <class T>
void add(std::ostringstream& out, const std::optional<T>& value) {
  value ? add(out, *value) : add(out, "nothing");
}
}  // namespace lines

/// The parts with spaces between them.
template <class... Parts>
std::string line(const Parts&... parts) {
  std::ostringstream out;
  ((lines::add(out, parts), out << ' '), ...);
  return out.str();
}

/// The line of a window's result.
struct WindowLine {
  template <class Result>
  std::string operator()(const Result& result) const {
    return line(result.key, result.start, result.end, result.value, result.update ? "again" : "",
                result.retract ? "not" : "");
  }
};

/// The line of a join's result.
struct JoinLine {
  template <class Result>
  std::string operator()(const Result& result) const {
    return line(result.key, result.left, result.right);
  }
};

}  // namespace streamwork::testkit
