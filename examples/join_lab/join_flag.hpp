// The joins that can be named on the command line: "windowed:5s", "interval:-2s:3s", "table", "as_of", "regular:10s".
#pragma once

#include <streamwork/streamwork.hpp>
#include <string>
#include <variant>

namespace join_lab {

namespace sw = streamwork;

struct Windowed {
  sw::windows::Tumbling windows;
};
struct Interval {
  sw::Duration lower;
  sw::Duration upper;
};
struct Table {};
struct AsOf {};

/// `regular:d` is the interval from -d to d.
using Join = std::variant<Windowed, Interval, Table, AsOf>;

inline constexpr const char* join_help =
    "windowed:5s (pairs of a window), interval:-2s:3s (the right one from 2 s before to 3 s after the left one), table "
    "(the last right one), as_of (the right one valid at the left one's time), regular:10s (pairs at most 10 s apart)";

/// The join a text names; throws `std::invalid_argument` with what is wrong.
Join join_of(const std::string& text);

}  // namespace join_lab
