// Takes the cells of one CSV line from left to right and reads them as typed values; compiled once, driven by
// csv_codec.hpp for each type.
//
// `next_cell` first, then one `read_…` of the cell. False means that the line is bad: the first reason is kept, later
// calls are not allowed, and `error` tells it.
// Thread rule: belongs to one call.
#pragma once

#include <cstddef>
#include <cstdint>
#include <streamwork/bad_event.hpp>
#include <streamwork/typed/enum_names.hpp>
#include <streamwork/typed/text_error.hpp>
#include <streamwork/typed/tick_text.hpp>
#include <string>
#include <string_view>

namespace streamwork::typed {

/// Throws `std::invalid_argument` for a character that stands in numbers, names or quotes, or is not ASCII.
void require_csv_separator(char separator);

/// Without the line end that may be at its end.
std::string_view without_line_end(std::string_view line) noexcept;

/// True if there is nothing but blanks, and not even a separator.
bool is_blank_csv(std::string_view line, char separator) noexcept;

class CsvReader {
 public:
  /// A line end at the end of `line` does not count. REQUIRES: `line` stays as it is while it is read.
  CsvReader(std::string_view line, char separator) noexcept : line_(without_line_end(line)), separator_(separator) {}

  /// Goes to the next cell. False if there is none, or if its quotes are wrong.
  bool next_cell();
  /// True if nothing stands in the cell.
  bool cell_is_empty() const noexcept { return cell_.empty(); }
  /// True if the cell is in quotes.
  bool cell_is_quoted() const noexcept { return quoted_; }

  bool read_boolean(bool& value);
  /// One ASCII character.
  bool read_character(char& value);
  bool read_integer(std::int64_t& value, std::int64_t least, std::int64_t greatest);
  bool read_integer(std::uint64_t& value, std::uint64_t greatest);
  /// Also "nan", "inf" and "-inf".
  bool read_floating(double& value);
  bool read_floating(float& value);
  bool read_string(std::string& value);
  /// The name of a value, or its number.
  bool read_enum(std::int64_t& value, EnumTable table);
  /// Milliseconds, or a date if the value is an instant; rounded down to whole ticks.
  bool read_ticks(std::int64_t& ticks, TickRange range);

  /// True if all cells were taken.
  bool finish();

  /// Adds the name of the field to the reason of a failure, from the inside out; always false.
  bool failed_in(std::string_view field) { return error_.failed_in(field); }
  /// What is wrong. A line that has not `wanted` cells is told as such: everything else follows from that.
  /// REQUIRES: something has failed.
  BadEvent error(std::size_t wanted) const;

 private:
  bool has_more() const noexcept { return at_ <= line_.size(); }
  bool take_quoted_cell();
  template <class Floating>
  bool read_any_floating(Floating& value);
  bool fail(std::string_view reason);
  bool fail_type(std::string_view wanted);
  bool fail_range(const std::string& least, const std::string& greatest);

  std::string_view line_;
  char separator_;
  bool quoted_ = false;
  std::size_t at_ = 0;  // where the next cell begins; behind the end if there is none
  std::size_t cell_offset_ = 0;
  std::string_view cell_;  // without quotes
  std::string unescaped_;  // the last cell that had to be rewritten
  TextError error_;
};

}  // namespace streamwork::typed
