// Reads any value that has a text shape from JSON: the part of json.hpp that the compiler makes for each type.
// Thread rule: pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <streamwork/typed/json_reader.hpp>
#include <streamwork/typed/read_scalar.hpp>
#include <streamwork/typed/reflection.hpp>
#include <streamwork/typed/text_shape.hpp>
#include <string>
#include <tuple>
#include <utility>

namespace streamwork::typed {

/// Reads the value at which `reader` stands. False: it is bad, `reader` knows why.
template <class T>
bool read_json(JsonReader& reader, T& value);

/// A bit for each field that must occur: all but the optional ones.
template <class T>
inline constexpr std::uint64_t required_fields = []<std::size_t... Index>(std::index_sequence<Index...>) {
  return ((is_optional<field_type<T, Index>> ? 0 : std::uint64_t{1} << Index) | ... | std::uint64_t{0});
}(std::make_index_sequence<field_count<T>>{});

template <class T>
bool read_json_field(JsonReader& reader, T& value, std::size_t field) {
  return [&]<std::size_t... Index>(std::index_sequence<Index...>) {
    bool good = false;
    static_cast<void>(((field == Index ? (good = read_json(reader, field_at<Index>(value)), true) : false) || ...));
    return good;
  }(std::make_index_sequence<field_count<T>>{});
}

template <class T>
bool read_json_record(JsonReader& reader, T& value) {
  if (!reader.open_object()) return false;
  JsonObjectWalk walk{field_names<T>.data(), field_count<T>, required_fields<T>};
  while (reader.next_field(walk)) {
    if (!read_json_field(reader, value, walk.current)) return reader.failed_in(walk.names[walk.current]);
  }
  return reader.ok();
}

template <class List>
bool read_json_list(JsonReader& reader, List& list) {
  if (!reader.open_array()) return false;
  list.clear();
  bool first = true;
  while (reader.next_element(first)) {
    typename List::value_type element{};
    if (!read_json(reader, element)) return reader.failed_in(list.size());
    list.push_back(std::move(element));
  }
  return reader.ok();
}

template <class Row>
bool read_json_row(JsonReader& reader, Row& row) {
  if (!reader.open_array()) return false;
  bool first = true;
  const auto read_element = [&](auto& element, std::size_t index) {
    if (!reader.next_element(first)) return reader.ok() && reader.fail("has too few elements");
    return read_json(reader, element) || reader.failed_in(index);
  };
  const bool good = [&]<std::size_t... Index>(std::index_sequence<Index...>) {
    return (read_element(std::get<Index>(row), Index) && ...);
  }(std::make_index_sequence<std::tuple_size_v<Row>>{});
  if (good && reader.next_element(first)) return reader.fail("has too many elements");
  return reader.ok();
}

template <class Map>
bool read_json_map(JsonReader& reader, Map& map) {
  if (!reader.open_object()) return false;
  map.clear();
  bool first = true;
  std::string key;
  while (reader.next_entry(key, first)) {
    const auto [entry, added] = map.try_emplace(key);
    if (!added) {
      reader.fail("occurs twice");
      return reader.failed_in(key);
    }
    if (!read_json(reader, entry->second)) return reader.failed_in(key);
  }
  return reader.ok();
}

template <class T>
bool read_json(JsonReader& reader, T& value) {
  constexpr TextShape shape = text_shape<T>();
  static_assert(shape != TextShape::none,
                "streamwork: this type cannot be read from JSON; use bool, numbers, std::string, enums, times, "
                "std::optional, std::vector, std::map<std::string, V>, or a plain struct (public fields, no "
                "constructor) of these");
  static_assert(shape != TextShape::string_view,
                "streamwork: a std::string_view cannot be read, it would outlive the text; use std::string");
  if constexpr (shape == TextShape::optional) {
    if (reader.take_null()) return true;
    return read_json(reader, value.emplace());
  } else if constexpr (shape == TextShape::list) {
    return read_json_list(reader, value);
  } else if constexpr (shape == TextShape::row) {
    return read_json_row(reader, value);
  } else if constexpr (shape == TextShape::map) {
    return read_json_map(reader, value);
  } else if constexpr (shape == TextShape::record) {
    return read_json_record(reader, value);
  } else {
    return read_scalar(reader, value);
  }
}

}  // namespace streamwork::typed
