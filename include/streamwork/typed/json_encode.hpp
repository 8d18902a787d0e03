// Writes any value that has a text shape as JSON: the part of json.hpp that the compiler makes for each type.
// Thread rule: pure functions.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <streamwork/typed/enum_names.hpp>
#include <streamwork/typed/reflection.hpp>
#include <streamwork/typed/text_shape.hpp>
#include <streamwork/typed/text_writer.hpp>
#include <streamwork/typed/write_scalar.hpp>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace streamwork::typed {

template <class T>
void write_json(TextWriter& writer, const T& value);

/// What stands in front of a field's value: `{"name":` for the first one, `,"name":` for the others.
template <class T, std::size_t Index>
inline constexpr auto json_key = [] {
  constexpr std::string_view name = field_name<T, Index>();
  std::array<char, name.size() + 4> result{};
  result[0] = Index == 0 ? '{' : ',';
  result[1] = '"';
  for (std::size_t i = 0; i < name.size(); ++i) result[i + 2] = name[i];
  result[name.size() + 2] = '"';
  result[name.size() + 3] = ':';
  return result;
}();

template <class T>
void write_json_record(TextWriter& writer, const T& value) {
  if constexpr (field_count<T> == 0) {
    writer.append("{}");
  } else {
    [&]<std::size_t... Index>(std::index_sequence<Index...>) {
      ((writer.append(std::string_view(json_key<T, Index>.data(), json_key<T, Index>.size())),
        write_json(writer, field_at<Index>(value))),
       ...);
    }(std::make_index_sequence<field_count<T>>{});
    writer.append('}');
  }
}

template <class List>
void write_json_list(TextWriter& writer, const List& list) {
  char before = '[';
  for (const typename List::value_type& element : list) {
    writer.append(before);
    write_json(writer, element);
    before = ',';
  }
  writer.append(before == '[' ? std::string_view("[]") : std::string_view("]"));
}

template <class Row>
void write_json_row(TextWriter& writer, const Row& row) {
  [&]<std::size_t... Index>(std::index_sequence<Index...>) {
    writer.append('[');
    ((Index == 0 ? void() : writer.append(','), write_json(writer, std::get<Index>(row))), ...);
    writer.append(']');
  }(std::make_index_sequence<std::tuple_size_v<Row>>{});
}

template <class Map>
void write_json_map(TextWriter& writer, const Map& map) {
  char before = '{';
  for (const auto& [key, element] : map) {
    writer.append(before);
    writer.append_json_string(key);
    writer.append(':');
    write_json(writer, element);
    before = ',';
  }
  writer.append(before == '{' ? std::string_view("{}") : std::string_view("}"));
}

template <class Enum>
void write_json_enum(TextWriter& writer, Enum value) {
  const std::string_view name = enum_name(value);
  if (name.empty()) return write_json(writer, static_cast<std::underlying_type_t<Enum>>(value));
  writer.append('"');
  writer.append(name);
  writer.append('"');
}

template <class T>
void write_json(TextWriter& writer, const T& value) {
  constexpr TextShape shape = text_shape<T>();
  static_assert(shape != TextShape::none,
                "streamwork: this type has no JSON form; use bool, numbers, std::string, enums, times, std::optional, "
                "std::vector, std::map<std::string, V>, or a plain struct (public fields, no constructor) of these");
  if constexpr (shape == TextShape::character) {
    writer.append_json_string(std::string_view(&value, 1));
  } else if constexpr (shape == TextShape::floating) {
    if (!writer.append_floating(value)) writer.append("null");
  } else if constexpr (shape == TextShape::enumeration) {
    write_json_enum(writer, value);
  } else if constexpr (shape == TextShape::string || shape == TextShape::string_view) {
    writer.append_json_string(value);
  } else if constexpr (shape == TextShape::optional) {
    value ? write_json(writer, *value) : writer.append("null");
  } else if constexpr (shape == TextShape::list) {
    write_json_list(writer, value);
  } else if constexpr (shape == TextShape::row) {
    write_json_row(writer, value);
  } else if constexpr (shape == TextShape::map) {
    write_json_map(writer, value);
  } else if constexpr (shape == TextShape::record) {
    write_json_record(writer, value);
  } else if constexpr (shape != TextShape::none) {
    write_scalar(writer, value);
  }
}

}  // namespace streamwork::typed
