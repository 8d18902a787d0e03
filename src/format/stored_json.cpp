#include <algorithm>
#include <numeric>
#include <streamwork/typed/stored_json.hpp>
#include <streamwork/typed/text_writer.hpp>

#include "format/stored_numbers.hpp"
#include "format/utf8.hpp"

namespace streamwork::typed {

namespace {

constexpr std::string_view left_out = "\"…\"";

class StoredJson {
 public:
  StoredJson(ByteReader& reader, const Schema& schema, const JsonLimits& limits, TextWriter& out)
      : reader_(reader), schema_(schema), limits_(limits), out_(out) {}

  void write(std::uint32_t number, std::size_t depth) {
    if (depth > format::deepest_frames) reader_.refuse("values are nested too deep");
    if (full()) {
      skip_value(reader_, schema_, number);
      return out_.append(left_out);
    }
    const SchemaNode& node = schema_.node(number);
    switch (node.kind) {
      case SchemaKind::string:
        return write_text();
      case SchemaKind::enumeration:
        return write_enumeration(node);
      case SchemaKind::duration:
        return write_duration(node);
      case SchemaKind::instant:
        return write_duration(schema_.node(node.parts[0]));
      case SchemaKind::optional:
        return reader_.get_flag() ? write(node.parts[0], depth + 1) : out_.append("null");
      case SchemaKind::list:
        return write_elements(node, reader_.get_count(), depth);
      case SchemaKind::map:
        return write_map(node, depth);
      case SchemaKind::array:
        if (node.first == 0) format::read_nothing(reader_);
        return write_elements(node, node.first, depth);
      case SchemaKind::tuple:
      case SchemaKind::record:
        return write_parts(node, depth);
      case SchemaKind::variant:
        return write_alternative(node, depth);
      default:
        return write_number(node.kind);
    }
  }

 private:
  bool full() const { return out_.size() >= limits_.all_bytes; }

  void write_text() {
    const std::string_view text = reader_.get_text();
    if (text.size() <= limits_.text_bytes) return out_.append_json_string(text);
    std::string shortened(text.substr(0, format::utf8_cut(text, limits_.text_bytes)));
    out_.append_json_string(shortened += "…");
  }

  void write_number(SchemaKind kind) {
    if (format::is_floating(kind)) {
      const bool written = kind == SchemaKind::f32 ? out_.append_floating(reader_.get<float>())
                                                   : out_.append_floating(reader_.get<double>());
      if (!written) out_.append("null");
      return;
    }
    const std::int64_t number = format::read_integer(reader_, kind);
    if (kind == SchemaKind::boolean) {
      out_.append(number != 0 ? std::string_view("true") : std::string_view("false"));
    } else if (kind == SchemaKind::character) {
      const char character = static_cast<char>(number);
      out_.append_json_string({&character, 1});
    } else if (format::is_unsigned_integer(kind)) {
      out_.append_integer(static_cast<std::uint64_t>(number));
    } else {
      out_.append_integer(number);
    }
  }

  void write_enumeration(const SchemaNode& node) {
    const SchemaKind kind = schema_.node(node.parts[0]).kind;
    const std::int64_t number = format::read_integer(reader_, kind);
    const auto found = std::ranges::find(node.values, number);
    if (found != node.values.end()) {
      const std::string& name = node.names[static_cast<std::size_t>(found - node.values.begin())];
      out_.append_json_string(std::string_view(name).substr(0, format::utf8_cut(name, limits_.text_bytes)));
    } else if (kind == SchemaKind::u64) {
      out_.append_integer(static_cast<std::uint64_t>(number));
    } else {
      out_.append_integer(number);
    }
  }

  /// In milliseconds; as it is, in ticks, if a tick is no whole number of nanoseconds or more than 64 bits of them.
  void write_duration(const SchemaNode& node) {
    const SchemaKind kind = schema_.node(node.parts[0]).kind;
    constexpr std::uint64_t nanos = 1'000'000'000;
    const std::uint64_t divisor = std::gcd(node.first, node.second);
    const std::uint64_t num = node.first / divisor;
    const std::uint64_t den = node.second / divisor;
    std::int64_t per_tick = 0;
    const bool exact = nanos % den == 0 && !__builtin_mul_overflow(num, nanos / den, &per_tick);
    if (format::is_floating(kind) || kind == SchemaKind::u64 || !exact) return write_number(kind);
    const TickFormat ticks = per_tick % 1000 == 0 ? TickFormat{3, per_tick / 1000} : TickFormat{6, per_tick};
    out_.append_ticks(format::read_integer(reader_, kind), ticks);
  }

  /// Elements in brackets, as many as may be shown; the others are read over.
  template <class Write, class Skip>
  void write_sequence(std::uint64_t count, bool object, std::size_t most, Write write_element, Skip skip_element) {
    out_.append(object ? '{' : '[');
    bool cut = false;
    for (std::uint64_t i = 0; i < count; ++i) {
      if (!cut && i > 0) out_.append(',');
      if (!cut && i < most && !full()) {
        write_element(i);
        continue;
      }
      if (!cut) out_.append(object ? std::string_view("\"…\":\"…\"") : left_out);
      cut = true;
      skip_element(i);
    }
    out_.append(object ? '}' : ']');
  }

  void write_elements(const SchemaNode& node, std::uint64_t count, std::size_t depth) {
    write_sequence(
        count, false, limits_.elements, [&](std::uint64_t) { write(node.parts[0], depth + 1); },
        [&](std::uint64_t) { skip_value(reader_, schema_, node.parts[0]); });
  }

  void write_map(const SchemaNode& node, std::size_t depth) {
    const bool object = schema_.node(node.parts[0]).kind == SchemaKind::string;
    const auto write_entry = [&](std::uint64_t) {
      if (!object) out_.append('[');
      object ? write_text() : write(node.parts[0], depth + 1);
      out_.append(object ? ':' : ',');
      write(node.parts[1], depth + 1);
      if (!object) out_.append(']');
    };
    const auto skip_entry = [&](std::uint64_t) {
      for (const std::uint32_t part : node.parts) skip_value(reader_, schema_, part);
    };
    write_sequence(reader_.get_count(2), object, limits_.elements, write_entry, skip_entry);
  }

  /// Records and tuples.
  void write_parts(const SchemaNode& node, std::size_t depth) {
    if (node.parts.empty()) format::read_nothing(reader_);
    const bool object = node.kind == SchemaKind::record;
    const auto write_part = [&](std::uint64_t i) {
      if (object) {
        out_.append_json_string(node.names[i]);
        out_.append(':');
      }
      write(node.parts[i], depth + 1);
    };
    write_sequence(node.parts.size(), object, node.parts.size(), write_part,
                   [&](std::uint64_t i) { skip_value(reader_, schema_, node.parts[i]); });
  }

  void write_alternative(const SchemaNode& node, std::size_t depth) {
    const std::uint64_t index = reader_.get_length();
    if (index >= node.parts.size()) reader_.refuse("a variant has no alternative of that number");
    write(node.parts[index], depth + 1);
  }

  ByteReader& reader_;
  const Schema& schema_;
  const JsonLimits& limits_;
  TextWriter& out_;
};

}  // namespace

std::string stored_json(ByteReader& reader, const Schema& schema, const JsonLimits& limits) {
  std::string text;
  TextWriter out(text);
  StoredJson(reader, schema, limits, out).write(0, 0);
  out.finish();
  return text;
}

}  // namespace streamwork::typed
