// Enums and times as text, and what is said when they are wrong; the JSON and CSV readers share it.
// Thread rule: pure functions.
#pragma once

#include <cstdint>
#include <streamwork/typed/enum_names.hpp>
#include <streamwork/typed/tick_text.hpp>
#include <string>
#include <string_view>

#include "format/number_text.hpp"

namespace streamwork::format {

/// The value of the enum with this name, if there is one.
bool find_enum_name(typed::EnumTable table, std::string_view name, std::int64_t& value);
bool has_enum_value(typed::EnumTable table, std::int64_t value);
/// "must be one of red, green, not "blue"".
std::string enum_reason(typed::EnumTable table, std::string_view found);

/// Reads milliseconds, or a date if `date`, as whole ticks.
NumberStatus parse_ticks(std::string_view text, typed::TickRange range, bool date, std::int64_t& ticks);
std::string ticks_reason(NumberStatus status, typed::TickRange range, std::string_view found);

}  // namespace streamwork::format
