// Events as CSV lines and back, with no code per type: plain structs come by reflection.
//
//   struct Vehicle { std::string type; int lanes; std::optional<double> speed; sw::EventTime time; };
//   sw::csv_header<Vehicle>()                 type,lanes,speed,time
//   append_csv(out, vehicle)                  car,2,,1700000000123
//   lines.flat_map("parse", sw::parse_csv<Vehicle>({.separator = ';'}))
//
// A field is a cell, found by its position; nested structs are laid out flat ("zone.name" in the header). Values are
// written as in JSON (see json.hpp), but without quotes around names, and NaN and infinities as "nan", "inf", "-inf".
// Booleans are also read from 1 and 0. An empty cell is no value for a std::optional; an empty string in one is written
// as "" in quotes. Lists and maps have no place in a line and are refused at compile time.
//
// Quoting is that of RFC 4180, with one exception: a quoted cell cannot contain a line break, since one event is one
// line. Written in quotes is what contains the separator, a quote or a carriage return, or begins or ends with a blank;
// such blanks belong to the cell when reading. Text must be valid UTF-8 without NUL bytes; when writing, what is not
// valid is replaced by U+FFFD.
// Thread rule: pure functions; everything may be called by many threads at once.
#pragma once

#include <optional>
#include <streamwork/bad_event.hpp>
#include <streamwork/line.hpp>
#include <streamwork/typed/csv_codec.hpp>
#include <streamwork/typed/csv_reader.hpp>
#include <streamwork/typed/text_writer.hpp>
#include <string>
#include <string_view>

namespace streamwork {

struct CsvOptions {
  /// Between cells. An ASCII character that is no letter, no digit, and none of `" + - . _ $`; otherwise every function
  /// here throws `std::invalid_argument`.
  char separator = ',';
  /// When reading: a line that is exactly the header is skipped like a blank one.
  bool skip_header = false;
};

/// The names of the cells, without a line end.
template <class T>
std::string csv_header(CsvOptions options = {}) {
  typed::require_csv_separator(options.separator);
  std::string header;
  typed::append_csv_header<T>(header, {}, options.separator);
  return header;
}

/// Appends `value` as a line, without a line end. Throws `BadEvent` if a string has a line break or a NUL byte; then
/// `out` is unchanged.
template <class T>
void append_csv(std::string& out, const T& value, CsvOptions options = {}) {
  static_assert(typed::csv_cells<T>() > 0, "streamwork: a struct without fields has no CSV form");
  if (options.separator != ',') typed::require_csv_separator(options.separator);
  typed::TextWriter writer(out);
  typed::CsvLine line{writer, options.separator};
  typed::write_csv(line, "value", value);
  if (writer.size() == 0 && !typed::is_single_optional<T>()) writer.append("\"\"");  // a blank line is no event
  writer.finish();
}

/// Reads a whole line, with or without line end. Throws `BadEvent` that says in one sentence what is wrong, with the
/// path of the field ("zone.name") and the offset of the cell's first byte, or both counts of cells.
template <class T>
T from_csv(std::string_view line, CsvOptions options = {}) {
  constexpr std::size_t cells = typed::csv_cells<T>();
  static_assert(cells > 0, "streamwork: a struct without fields has no CSV form");
  if (options.separator != ',') typed::require_csv_separator(options.separator);
  T value{};
  typed::CsvReader reader(line, options.separator);
  if (!typed::read_csv(reader, value) || !reader.finish()) throw reader.error(cells);
  return value;
}

/// What `parse_csv` returns: a function from a line to an event. Copies are independent of each other.
template <class T>
class CsvParser {
 public:
  explicit CsvParser(CsvOptions options) : options_(options) {
    const std::string header = csv_header<T>(options);
    if (options.skip_header) header_ = header;
  }

  /// The event, or nothing for a blank line. Throws `BadEvent` for a line that is bad, as `from_csv` does.
  std::optional<T> operator()(std::string_view line) const {
    if (typed::is_blank_csv(line, options_.separator)) return std::nullopt;
    if (options_.skip_header && typed::without_line_end(line) == header_) return std::nullopt;
    return from_csv<T>(line, options_);
  }

 private:
  CsvOptions options_;
  std::string header_;
};

/// For `stream.flat_map("parse", sw::parse_csv<Vehicle>())` on a stream of lines.
template <class T>
CsvParser<T> parse_csv(CsvOptions options = {}) {
  return CsvParser<T>(options);
}

}  // namespace streamwork
