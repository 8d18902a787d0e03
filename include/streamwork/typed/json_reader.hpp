// Reads one JSON text from front to back into typed values; compiled once, driven by json_decode.hpp for each type.
//
// Every `read_…` expects the reader to stand at the first byte of a value and leaves it behind the value. False means
// that the text is bad: the first reason is kept, later calls are not allowed, and `error` tells it. The whole text is
// checked, also what is skipped. Nothing is copied but the values.
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

/// How far the walk through an object has come.
struct JsonObjectWalk {
  const std::string_view* names;  ///< of the fields, in the order in which they are expected (any order is accepted)
  std::size_t size;               ///< how many, at most 64
  std::uint64_t required;         ///< a bit for each field that must occur
  std::uint64_t seen = 0;         ///< a bit for each field that has occurred
  std::size_t current = 0;        ///< after `next_field`: the field whose value comes next
  std::size_t expected = 0;
  bool first = true;
};

class JsonReader {
 public:
  /// REQUIRES: `text` stays as it is while it is read.
  explicit JsonReader(std::string_view text) noexcept
      : begin_(text.data()), at_(text.data()), end_(text.data() + text.size()) {
    skip_white();
  }

  /// True if there is nothing, or nothing but white space.
  bool is_blank() const noexcept { return at_ == end_; }

  bool read_boolean(bool& value);
  /// A string of one ASCII character.
  bool read_character(char& value);
  bool read_integer(std::int64_t& value, std::int64_t least, std::int64_t greatest);
  bool read_integer(std::uint64_t& value, std::uint64_t greatest);
  /// A number, or null for NaN.
  bool read_floating(double& value);
  bool read_floating(float& value);
  bool read_string(std::string& value);
  /// The name of a value, or its number.
  bool read_enum(std::int64_t& value, EnumTable table);
  /// Milliseconds, or a date if the value is an instant; rounded down to whole ticks.
  bool read_ticks(std::int64_t& ticks, TickRange range);
  /// Takes a null if there is one.
  bool take_null() noexcept;

  /// Enters an object whose fields are then walked with `next_field`.
  bool open_object();
  /// True: the reader stands at the value of field `walk.current`; unknown fields in front of it are skipped. False:
  /// the object has ended (`ok()`), or the text is bad (a field twice or missing included).
  bool next_field(JsonObjectWalk& walk);
  /// The same for an object with any names: true if `key` and a value follow. `first` must be true at first.
  bool next_entry(std::string& key, bool& first);
  bool open_array();
  /// True: the reader stands at the next element. False: the array has ended, or the text is bad.
  bool next_element(bool& first);

  /// True if nothing but white space follows.
  bool finish();

  bool ok() const noexcept { return error_.ok(); }
  /// Adds where it happened to the reason of a failure, from the inside out; always false.
  bool failed_in(std::string_view field) { return error_.failed_in(field); }
  bool failed_in(std::size_t element) { return error_.failed_in(element); }
  /// Fails at the value that was read last.
  bool fail(std::string_view reason);
  /// REQUIRES: not `ok()`.
  BadEvent error() const { return error_.bad_event("JSON", "value"); }

 private:
  char peek() const noexcept { return at_ != end_ ? *at_ : '\0'; }
  void skip_white() noexcept {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\t' || *at_ == '\r' || *at_ == '\n')) ++at_;
  }
  bool enter();
  bool next_item(char closing, bool& first);
  bool take_expected_field(JsonObjectWalk& walk) noexcept;
  bool next_other_field(JsonObjectWalk& walk);
  bool take_colon();
  bool take_literal(std::string_view literal);
  bool find_field(JsonObjectWalk& walk, bool& known);
  bool note_field(JsonObjectWalk& walk);
  bool close_object(const JsonObjectWalk& walk);
  bool skip_value();
  bool skip_object();
  bool skip_array();

  bool skip_plain();
  bool read_raw_string(std::string_view& raw);
  bool read_rest_of_string(std::string& out);
  bool read_escape(std::string& out);
  bool read_unicode_escape(std::string& out);
  bool read_code_unit(std::uint32_t& unit);

  bool scan_number(std::string_view& number);
  template <class Floating>
  bool read_any_floating(Floating& value);

  bool fail_at(const char* where, std::string_view reason);
  bool fail_expected(std::string_view wanted);
  bool fail_type(std::string_view wanted);
  bool fail_range(const std::string& least, const std::string& greatest);
  std::string found() const;

  const char* begin_;
  const char* at_;
  const char* end_;
  const char* value_ = nullptr;  // where the value that was read last began
  int depth_ = 0;
  std::string unescaped_;  // the last string that had to be rewritten
  TextError error_;
};

}  // namespace streamwork::typed
