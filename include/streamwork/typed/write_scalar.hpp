// Writes the single values that look the same in JSON and CSV: booleans, integers and times.
// Thread rule: pure functions.
#pragma once

#include <cstdint>
#include <streamwork/typed/text_shape.hpp>
#include <streamwork/typed/text_writer.hpp>
#include <string_view>
#include <type_traits>

namespace streamwork::typed {

template <class Duration>
void write_ticks(TextWriter& writer, Duration ticks) {
  writer.append_ticks(static_cast<std::int64_t>(ticks.count()), tick_format<Duration>());
}

template <class T>
void write_scalar(TextWriter& writer, const T& value) {
  constexpr TextShape shape = text_shape<T>();
  if constexpr (shape == TextShape::boolean) {
    writer.append(value ? std::string_view("true") : std::string_view("false"));
  } else if constexpr (shape == TextShape::integer) {
    using Wide = std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t>;
    writer.append_integer(static_cast<Wide>(value));
  } else if constexpr (shape == TextShape::ticks) {
    write_ticks(writer, value);
  } else if constexpr (shape == TextShape::instant) {
    write_ticks(writer, value.time_since_epoch());
  }
}

}  // namespace streamwork::typed
