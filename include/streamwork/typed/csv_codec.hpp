// Writes and reads plain structs as the cells of a CSV line: the part of csv.hpp that the compiler makes for each type.
// Thread rule: pure functions.
#pragma once

#include <cstddef>
#include <streamwork/bad_event.hpp>
#include <streamwork/typed/csv_reader.hpp>
#include <streamwork/typed/enum_names.hpp>
#include <streamwork/typed/read_scalar.hpp>
#include <streamwork/typed/reflection.hpp>
#include <streamwork/typed/text_shape.hpp>
#include <streamwork/typed/text_writer.hpp>
#include <streamwork/typed/write_scalar.hpp>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace streamwork::typed {

/// Refuses at compile time what has no place in a cell.
template <class T>
consteval void check_csv_cell() {
  constexpr TextShape shape = text_shape<T>();
  static_assert(shape != TextShape::list && shape != TextShape::row && shape != TextShape::map,
                "streamwork: a CSV line has no place for lists and maps; use JSON, or a field for each element");
  static_assert(shape != TextShape::none,
                "streamwork: this type has no CSV form; use bool, numbers, std::string, enums, times, std::optional of "
                "these, or a plain struct (public fields, no constructor)");
  if constexpr (shape == TextShape::optional) {
    constexpr TextShape inner = text_shape<typename T::value_type>();
    static_assert(inner != TextShape::record && inner != TextShape::optional,
                  "streamwork: in CSV only a single value can be optional, no struct and no other optional");
    check_csv_cell<typename T::value_type>();
  }
}

/// How many cells a value takes.
template <class T>
consteval std::size_t csv_cells() {
  if constexpr (text_shape<T>() == TextShape::record) {
    return []<std::size_t... Index>(std::index_sequence<Index...>) {
      return (csv_cells<field_type<T, Index>>() + ... + std::size_t{0});
    }(std::make_index_sequence<field_count<T>>{});
  } else {
    check_csv_cell<T>();
    return 1;
  }
}

/// True for an optional, and for a struct that holds nothing else: without a value its line is empty.
template <class T>
consteval bool is_single_optional() {
  if constexpr (Reflectable<T> && csv_cells<T>() == 1) {
    return is_single_optional<field_type<T, 0>>();
  } else {
    return is_optional<T>;
  }
}

/// What goes along while a line is written.
struct CsvLine {
  TextWriter& writer;
  char separator;
  bool first = true;

  void begin_cell() {
    if (!first) writer.append(separator);
    first = false;
  }
  void string_cell(std::string_view name, std::string_view text) {
    if (!writer.append_csv_cell(text, separator)) {
      throw BadEvent("CSV field \"" + std::string(name) +
                     "\" has a line break or a NUL byte, which a line cannot hold");
    }
  }
};

template <class T>
void write_csv_cell(CsvLine& line, std::string_view name, const T& value) {
  constexpr TextShape shape = text_shape<T>();
  if constexpr (shape == TextShape::optional) {
    if (!value) return;
    // An empty string must not be taken for none.
    if constexpr (text_shape<typename T::value_type>() == TextShape::string) {
      if (value->empty()) return line.writer.append("\"\"");
    }
    write_csv_cell(line, name, *value);
  } else if constexpr (shape == TextShape::string || shape == TextShape::string_view) {
    line.string_cell(name, value);
  } else if constexpr (shape == TextShape::character) {
    line.string_cell(name, std::string_view(&value, 1));
  } else if constexpr (shape == TextShape::enumeration) {
    const std::string_view value_name = enum_name(value);
    if (value_name.empty()) return write_csv_cell(line, name, static_cast<std::underlying_type_t<T>>(value));
    line.writer.append(value_name);
  } else if constexpr (shape == TextShape::floating) {
    if (line.writer.append_floating(value)) return;
    line.writer.append(value != value ? std::string_view("nan") : std::string_view(value > 0 ? "inf" : "-inf"));
  } else {
    write_scalar(line.writer, value);
  }
}

template <class T>
void write_csv(CsvLine& line, std::string_view name, const T& value) {
  if constexpr (text_shape<T>() == TextShape::record) {
    for_each_field(value, [&](std::string_view field, const auto& part) { write_csv(line, field, part); });
  } else {
    line.begin_cell();
    write_csv_cell(line, name, value);
  }
}

template <class T>
void append_csv_header(std::string& header, const std::string& path, char separator) {
  if constexpr (text_shape<T>() == TextShape::record) {
    [&]<std::size_t... Index>(std::index_sequence<Index...>) {
      const std::string prefix = path.empty() ? path : path + ".";
      (append_csv_header<field_type<T, Index>>(header, prefix + std::string(field_name<T, Index>()), separator), ...);
    }(std::make_index_sequence<field_count<T>>{});
  } else {
    if (!header.empty()) header += separator;
    header += path.empty() ? "value" : path;
  }
}

template <class T>
bool read_csv_cell(CsvReader& reader, T& value) {
  constexpr TextShape shape = text_shape<T>();
  static_assert(shape != TextShape::string_view,
                "streamwork: a std::string_view cannot be read, it would outlive the line; use std::string");
  if constexpr (shape == TextShape::optional) {
    constexpr bool text = text_shape<typename T::value_type>() == TextShape::string;
    if (reader.cell_is_empty() && !(text && reader.cell_is_quoted())) return true;
    return read_csv_cell(reader, value.emplace());
  } else {
    return read_scalar(reader, value);
  }
}

template <class T>
bool read_csv(CsvReader& reader, T& value) {
  if constexpr (text_shape<T>() == TextShape::record) {
    return [&]<std::size_t... Index>(std::index_sequence<Index...>) {
      return ((read_csv(reader, field_at<Index>(value)) || reader.failed_in(field_name<T, Index>())) && ...);
    }(std::make_index_sequence<field_count<T>>{});
  } else {
    return reader.next_cell() && read_csv_cell(reader, value);
  }
}

}  // namespace streamwork::typed
