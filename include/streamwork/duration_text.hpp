// Lengths of time as people write them: "5s", "250ms", "-2s", "1.5h".
// Thread rule: pure functions.
#pragma once

#include <optional>
#include <streamwork/time.hpp>
#include <string>
#include <string_view>

namespace streamwork {

/// A decimal number, perhaps negative, and a unit: us, ms, s, min, h or d. Nothing for another text, for what is finer
/// than a microsecond, and for more than 36,000 years.
std::optional<Duration> read_duration(std::string_view text);

/// In the largest unit that needs no decimals: "90s", "1500ms", "0s".
std::string duration_text(Duration duration);

}  // namespace streamwork
