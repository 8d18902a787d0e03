#include <limits>
#include <stdexcept>
#include <streamwork/typed/csv_reader.hpp>

#include "format/number_text.hpp"
#include "format/utf8.hpp"
#include "format/value_text.hpp"

namespace streamwork::typed {

using format::NumberStatus;

void require_csv_separator(char separator) {
  const auto c = static_cast<unsigned char>(separator);
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  const bool digit = c >= '0' && c <= '9';
  constexpr std::string_view taken("\"+-._$\r\n\0", 9);
  if (letter || digit || c >= 0x80 || taken.find(separator) != std::string_view::npos) {
    throw std::invalid_argument(
        "CSV: the separator must be an ASCII character such as ',' ';' or a tab, but no letter, "
        "no digit, and none of \" + - . _ $");
  }
}

std::string_view without_line_end(std::string_view line) noexcept {
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

bool is_blank_csv(std::string_view line, char separator) noexcept {
  for (const char c : without_line_end(line)) {
    if ((c != ' ' && c != '\t') || c == separator) return false;
  }
  return true;
}

bool CsvReader::next_cell() {
  cell_offset_ = at_;
  quoted_ = has_more() && at_ < line_.size() && line_[at_] == '"';
  if (quoted_) return take_quoted_cell();
  if (!has_more()) {
    cell_offset_ = line_.size();
    return fail("is missing");
  }
  const std::size_t end = line_.find(separator_, at_);
  cell_ = line_.substr(at_, end - at_);
  at_ = (end == std::string_view::npos ? line_.size() : end) + 1;
  return true;
}

bool CsvReader::take_quoted_cell() {
  std::size_t piece = at_ + 1;
  std::size_t quote = line_.find('"', piece);
  const std::size_t first_quote = quote;
  unescaped_.clear();
  while (quote != std::string_view::npos && quote + 1 < line_.size() && line_[quote + 1] == '"') {
    unescaped_.append(line_, piece, quote + 1 - piece);
    piece = quote + 2;
    quote = line_.find('"', piece);
  }
  if (quote == std::string_view::npos) return fail("has a quote that is not closed in the same line");
  if (quote + 1 < line_.size() && line_[quote + 1] != separator_) return fail("has text behind the closing quote");
  cell_ = line_.substr(piece, quote - piece);
  if (quote != first_quote) {
    unescaped_ += cell_;
    cell_ = unescaped_;
  }
  at_ = quote + 2;
  return true;
}

bool CsvReader::finish() { return !has_more() || fail("is followed by more cells"); }

bool CsvReader::read_boolean(bool& value) {
  value = cell_ == "true" || cell_ == "1";
  return value || cell_ == "false" || cell_ == "0" || fail_type("true or false");
}

bool CsvReader::read_character(char& value) {
  if (cell_.size() != 1 || static_cast<unsigned char>(cell_[0]) >= 0x80 || cell_[0] == '\0') {
    return fail_type("one ASCII character");
  }
  value = cell_[0];
  return true;
}

bool CsvReader::read_string(std::string& value) {
  const std::size_t bad = cell_.find_first_of(std::string_view("\0\n", 2));
  if (bad != std::string_view::npos) {
    return fail(cell_[bad] == '\n' ? "has a line break, which a CSV line cannot hold" : "has a NUL byte");
  }
  if (format::first_invalid_utf8(cell_) != cell_.size()) return fail("is not valid UTF-8");
  value = cell_;
  return true;
}

bool CsvReader::read_integer(std::int64_t& value, std::int64_t least, std::int64_t greatest) {
  const NumberStatus status = format::parse_integer(cell_, value);
  if (status == NumberStatus::ok && value >= least && value <= greatest) return true;
  if (status == NumberStatus::malformed || status == NumberStatus::fraction) return fail_type("a whole number");
  return fail_range(std::to_string(least), std::to_string(greatest));
}

bool CsvReader::read_integer(std::uint64_t& value, std::uint64_t greatest) {
  const NumberStatus status = format::parse_integer(cell_, value);
  if (status == NumberStatus::ok && value <= greatest) return true;
  if (status == NumberStatus::malformed || status == NumberStatus::fraction) return fail_type("a whole number");
  return fail_range("0", std::to_string(greatest));
}

template <class Floating>
bool CsvReader::read_any_floating(Floating& value) {
  const NumberStatus status = format::parse_floating(cell_, value);
  if (status == NumberStatus::ok) return true;
  if (status == NumberStatus::malformed) return fail_type("a number");
  return fail("is out of range: " + quoted_for_message(cell_) + " is too large for a floating-point number");
}

bool CsvReader::read_floating(double& value) { return read_any_floating(value); }
bool CsvReader::read_floating(float& value) { return read_any_floating(value); }

bool CsvReader::read_enum(std::int64_t& value, EnumTable table) {
  if (format::find_enum_name(table, cell_, value)) return true;
  const bool number = format::parse_integer(cell_, value) == NumberStatus::ok;
  return (number && format::has_enum_value(table, value)) || fail(format::enum_reason(table, cell_));
}

bool CsvReader::read_ticks(std::int64_t& ticks, TickRange range) {
  const bool date = range.dates && cell_.size() > 10 && cell_[10] == 'T';
  const NumberStatus status = format::parse_ticks(cell_, range, date, ticks);
  return status == NumberStatus::ok || fail(format::ticks_reason(status, range, cell_));
}

bool CsvReader::fail(std::string_view reason) { return error_.fail(cell_offset_, reason); }

bool CsvReader::fail_type(std::string_view wanted) {
  std::string reason = "must be ";
  reason += wanted;
  reason += ", not " + quoted_for_message(cell_);
  return fail(reason);
}

bool CsvReader::fail_range(const std::string& least, const std::string& greatest) {
  return fail("is out of range: " + quoted_for_message(cell_) + " is not in " + least + " to " + greatest);
}

BadEvent CsvReader::error(std::size_t wanted) const {
  CsvReader counter(line_, separator_);
  std::size_t cells = 0;
  while (counter.has_more() && counter.next_cell()) ++cells;
  if (!counter.error_.ok() || cells == wanted) return error_.bad_event("CSV", "line");
  TextError wrong_count;
  wrong_count.fail(cells < wanted ? line_.size() : 0, "has " + std::to_string(cells) +
                                                          (cells == 1 ? " cell, but " : " cells, but ") +
                                                          std::to_string(wanted) + " are needed");
  return wrong_count.bad_event("CSV", "line");
}

}  // namespace streamwork::typed
