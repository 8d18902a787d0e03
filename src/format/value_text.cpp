#include "format/value_text.hpp"

#include <cstddef>
#include <streamwork/typed/text_error.hpp>

namespace streamwork::format {

using typed::quoted_for_message;

bool find_enum_name(typed::EnumTable table, std::string_view name, std::int64_t& value) {
  for (std::size_t i = 0; i < table.size; ++i) {
    if (table.names[i] != name) continue;
    value = table.values[i];
    return true;
  }
  return false;
}

bool has_enum_value(typed::EnumTable table, std::int64_t value) {
  for (std::size_t i = 0; i < table.size; ++i) {
    if (table.values[i] == value) return true;
  }
  return false;
}

std::string enum_reason(typed::EnumTable table, std::string_view found) {
  constexpr std::size_t most_names = 12;  // a message stays one line on a screen
  std::string reason = "must be one of ";
  for (std::size_t i = 0; i < table.size && i < most_names; ++i) {
    if (i != 0) reason += ", ";
    reason += table.names[i];
  }
  if (table.size > most_names) reason += ", ...";
  reason += ", not " + quoted_for_message(found);
  return reason;
}

NumberStatus parse_ticks(std::string_view text, typed::TickRange range, bool date, std::int64_t& ticks) {
  std::int64_t units = 0;
  const NumberStatus status =
      date ? parse_date(text, range.format.decimals, units) : parse_units(text, range.format.decimals, units);
  if (status != NumberStatus::ok) return status;
  const std::int64_t scale = range.format.units_per_tick;
  ticks = units / scale - (units % scale < 0 ? 1 : 0);
  return ticks >= range.least && ticks <= range.greatest ? NumberStatus::ok : NumberStatus::out_of_range;
}

std::string ticks_reason(NumberStatus status, typed::TickRange range, std::string_view found) {
  if (status == NumberStatus::out_of_range) {
    return "is out of range: " + quoted_for_message(found) + " is too far from zero for this time";
  }
  std::string reason = "must be milliseconds";
  if (range.dates) reason += " or a date such as \"2023-11-14T22:13:20.123Z\"";
  reason += ", not " + quoted_for_message(found);
  return reason;
}

}  // namespace streamwork::format
