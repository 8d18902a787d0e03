// The windows that can be named on the command line: "tumbling:5s", "sliding:10s:1s", "session:3s", "count:10",
// "cumulative:10s:2s".
#pragma once

#include <optional>
#include <streamwork/streamwork.hpp>
#include <string>
#include <variant>

namespace window_lab {

namespace sw = streamwork;

using Windows = std::variant<sw::windows::Tumbling, sw::windows::Sliding, sw::windows::Session<sw::windows::FixedGap>,
                             sw::windows::Count, sw::windows::Cumulative>;

inline constexpr const char* window_help =
    "tumbling:5s, sliding:10s:1s (length, slide), session:3s (gap), count:10 or count:10:5 (events, step), "
    "cumulative:10s:2s (greatest length, step)";

/// The windows a text names; throws `std::invalid_argument` with what is wrong.
Windows windows_of(const std::string& text);

}  // namespace window_lab
