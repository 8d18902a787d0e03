// Reads a single value, in the way that JSON and CSV share: the reader is a `JsonReader` or a `CsvReader`.
// Thread rule: pure functions.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <streamwork/typed/enum_names.hpp>
#include <streamwork/typed/text_shape.hpp>
#include <streamwork/typed/tick_text.hpp>
#include <type_traits>

namespace streamwork::typed {

template <class Reader, class Integer>
bool read_integer(Reader& reader, Integer& value) {
  using Limits = std::numeric_limits<Integer>;
  if constexpr (std::is_signed_v<Integer>) {
    std::int64_t wide = 0;
    if (!reader.read_integer(wide, Limits::min(), Limits::max())) return false;
    value = static_cast<Integer>(wide);
  } else {
    std::uint64_t wide = 0;
    if (!reader.read_integer(wide, Limits::max())) return false;
    value = static_cast<Integer>(wide);
  }
  return true;
}

/// An enum without named values is read as the number it is.
template <class Reader, class Enum>
bool read_enum(Reader& reader, Enum& value) {
  constexpr EnumTable table = EnumNames<Enum>::table;
  if constexpr (table.size == 0) {
    std::underlying_type_t<Enum> number{};
    if (!read_integer(reader, number)) return false;
    value = static_cast<Enum>(number);
  } else {
    std::int64_t number = 0;
    if (!reader.read_enum(number, table)) return false;
    value = static_cast<Enum>(number);
  }
  return true;
}

template <bool dates, class Reader, class Duration>
bool read_ticks(Reader& reader, Duration& value) {
  using Rep = typename Duration::rep;
  constexpr auto greatest_tick = static_cast<std::uint64_t>(std::numeric_limits<Rep>::max());
  constexpr auto greatest_wide = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  constexpr TickRange range{.format = tick_format<Duration>(),
                            .least = static_cast<std::int64_t>(std::numeric_limits<Rep>::min()),
                            .greatest = static_cast<std::int64_t>(std::min(greatest_tick, greatest_wide)),
                            .dates = dates};
  std::int64_t ticks = 0;
  if (!reader.read_ticks(ticks, range)) return false;
  value = Duration(static_cast<Rep>(ticks));
  return true;
}

template <class Reader, class T>
bool read_scalar(Reader& reader, T& value) {
  constexpr TextShape shape = text_shape<T>();
  if constexpr (shape == TextShape::boolean) {
    return reader.read_boolean(value);
  } else if constexpr (shape == TextShape::character) {
    return reader.read_character(value);
  } else if constexpr (shape == TextShape::integer) {
    return read_integer(reader, value);
  } else if constexpr (shape == TextShape::floating) {
    return reader.read_floating(value);
  } else if constexpr (shape == TextShape::enumeration) {
    return read_enum(reader, value);
  } else if constexpr (shape == TextShape::string) {
    return reader.read_string(value);
  } else if constexpr (shape == TextShape::ticks) {
    return read_ticks<false>(reader, value);
  } else if constexpr (shape == TextShape::instant) {
    typename T::duration since_epoch{};
    if (!read_ticks<true>(reader, since_epoch)) return false;
    value = T(since_epoch);
    return true;
  }
}

}  // namespace streamwork::typed
