// Events as JSON and back, with no code per type: plain structs come by reflection.
//
//   struct Vehicle { std::string type; int lanes; std::optional<double> speed; sw::EventTime time; };
//   sw::to_json(vehicle)                      {"type":"car","lanes":2,"speed":null,"time":1700000000123}
//   sw::from_json<Vehicle>(text)              throws BadEvent with the field and the byte
//   lines.flat_map("parse", sw::parse_json<Vehicle>())
//
// What becomes what:
//   bool, numbers              true, 12, -0.5: the shortest digits that read back the same, whole numbers without ".0"
//   NaN, infinities            null; null is read as NaN
//   std::string, char          a string; invalid UTF-8 is written as U+FFFD, so that the output is always valid JSON
//   enum                       the name of the value; read from its name or its number. Values outside of
//                              `EnumNameRange` have no names; an enum without any names is a number
//   std::optional              the value or null; when reading, a missing field is as good as null
//   times and durations        milliseconds (of times: since the epoch), with decimals as needed: 1700000000123.456.
//                              Read exactly; what is finer than the field's tick is rounded down. Times are also read
//                              from ISO 8601: "2023-11-14T22:13:20.123Z"
//   std::vector, std::array, std::pair, std::tuple       an array
//   std::map<std::string, V>, std::unordered_map         an object
//   plain struct               an object, fields in the order of declaration; read in any order, unknown fields are
//                              skipped. All fields but the optional ones must be there, and none twice
//
// Reading is strict (RFC 8259): nothing may follow the value, all of the text is checked, also what is skipped. At most
// 256 levels of nesting.
// Thread rule: pure functions; everything may be called by many threads at once.
#pragma once

#include <optional>
#include <streamwork/bad_event.hpp>
#include <streamwork/line.hpp>
#include <streamwork/typed/json_decode.hpp>
#include <streamwork/typed/json_encode.hpp>
#include <streamwork/typed/json_reader.hpp>
#include <streamwork/typed/text_shape.hpp>
#include <streamwork/typed/text_writer.hpp>
#include <string>
#include <string_view>

namespace streamwork {

/// True if `append_json` takes values of this type.
template <class T>
concept JsonWritable = typed::has_text_form<T>();

/// Appends `value` as JSON, without a line end. If this throws (out of memory), `out` is unchanged.
template <class T>
void append_json(std::string& out, const T& value) {
  typed::TextWriter writer(out);
  typed::write_json(writer, value);
  writer.finish();
}

/// `value` as JSON.
template <class T>
std::string to_json(const T& value) {
  std::string result;
  append_json(result, value);
  return result;
}

/// Reads a whole text. Throws `BadEvent` that says in one sentence what is wrong, with the path of the field
/// ("zone.name") and the offset of the byte.
template <class T>
T from_json(std::string_view text) {
  T value{};
  typed::JsonReader reader(text);
  if (!typed::read_json(reader, value) || !reader.finish()) throw reader.error();
  return value;
}

/// What `parse_json` returns: a function from a line to an event. It has no state; a copy is as good as the original.
template <class T>
class JsonParser {
 public:
  /// The event, or nothing for a blank line. Throws `BadEvent` for a line that is bad, as `from_json` does.
  std::optional<T> operator()(std::string_view line) const {
    std::optional<T> event;
    typed::JsonReader reader(line);
    if (reader.is_blank()) return event;
    if (!typed::read_json(reader, event.emplace()) || !reader.finish()) throw reader.error();
    return event;
  }
};

/// For `stream.flat_map("parse", sw::parse_json<Vehicle>())` on a stream of lines.
template <class T>
JsonParser<T> parse_json() {
  return {};
}

}  // namespace streamwork
