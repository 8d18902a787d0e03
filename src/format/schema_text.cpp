#include <algorithm>
#include <numeric>
#include <streamwork/typed/schema.hpp>
#include <string_view>

#include "format/utf8.hpp"

namespace streamwork::typed {

namespace {

constexpr std::size_t longest_name = 60;

std::string_view number_name(SchemaKind kind) {
  constexpr std::string_view names[] = {"?",  "bool", "char", "i8",  "i16", "i32", "i64",
                                        "u8", "u16",  "u32",  "u64", "f32", "f64", "string"};
  return names[static_cast<std::size_t>(kind)];
}

std::string unit_name(std::uint64_t num, std::uint64_t den) {
  const std::uint64_t divisor = std::gcd(num, den);
  if (divisor > 1) return unit_name(num / divisor, den / divisor);
  struct Unit {
    std::uint64_t num;
    std::uint64_t den;
    std::string_view name;
  };
  constexpr Unit units[] = {{1, 1'000'000'000, "ns"}, {1, 1'000'000, "us"}, {1, 1000, "ms"},    {1, 1, "s"},
                            {60, 1, "min"},           {3600, 1, "h"},       {86'400, 1, "days"}};
  for (const Unit& unit : units) {
    if (unit.num == num && unit.den == den) return std::string(unit.name);
  }
  return std::to_string(num) + "/" + std::to_string(den) + " s";
}

std::string_view clock_name(std::uint64_t clock) {
  constexpr std::string_view names[] = {"time", "event_time", "processing_time", "system_time"};
  return clock < std::size(names) ? names[clock] : names[0];
}

class SchemaText {
 public:
  SchemaText(const Schema& schema, std::size_t most) : schema_(schema), most_(most) {}

  std::string of(std::uint32_t number) {
    append(number);
    if (text_.size() > most_) {
      text_.resize(format::utf8_cut(text_, most_));
      text_ += "…";
    }
    return std::move(text_);
  }

 private:
  void append(std::uint32_t number) {
    if (text_.size() > most_) return;
    const SchemaNode& node = schema_.node(number);
    if (node.kind <= SchemaKind::string) {
      text_ += number_name(node.kind);
    } else if (node.kind == SchemaKind::enumeration) {
      append_enumeration(node);
    } else if (node.kind == SchemaKind::duration) {
      append_unit("duration", node);
    } else if (node.kind == SchemaKind::instant) {
      append_unit(clock_name(node.first), schema_.node(node.parts[0]));
    } else if (node.kind == SchemaKind::record) {
      append_record(node, number);
    } else {
      append_parts(node);
    }
  }

  void append_enumeration(const SchemaNode& node) {
    text_ += "enum ";
    append(node.parts[0]);
    text_ += " {";
    for (std::size_t i = 0; i < node.names.size() && text_.size() <= most_; ++i) {
      if (i > 0) text_ += ", ";
      text_ += format::printable(node.names[i], longest_name) + " = " + std::to_string(node.values[i]);
    }
    text_ += "}";
  }

  void append_unit(std::string_view name, const SchemaNode& duration) {
    text_ += name;
    text_ += "<";
    append(duration.parts[0]);
    text_ += " " + unit_name(duration.first, duration.second) + ">";
  }

  void append_record(const SchemaNode& node, std::uint32_t number) {
    if (std::ranges::find(open_, number) != open_.end()) {
      text_ += "{...}";
      return;
    }
    open_.push_back(number);
    text_ += "{";
    for (std::size_t i = 0; i < node.parts.size() && text_.size() <= most_; ++i) {
      if (i > 0) text_ += ", ";
      text_ += format::printable(node.names[i], longest_name) + ": ";
      append(node.parts[i]);
    }
    text_ += "}";
    open_.pop_back();
  }

  void append_parts(const SchemaNode& node) {
    constexpr std::string_view names[] = {"optional<", "list<", "map<", "array<", "tuple<", "variant<"};
    text_ += names[static_cast<std::size_t>(node.kind) - static_cast<std::size_t>(SchemaKind::optional)];
    for (std::size_t i = 0; i < node.parts.size() && text_.size() <= most_; ++i) {
      if (i > 0) text_ += ", ";
      append(node.parts[i]);
    }
    if (node.kind == SchemaKind::array) text_ += ", " + std::to_string(node.first);
    text_ += ">";
  }

  const Schema& schema_;
  std::size_t most_;
  std::string text_;
  std::vector<std::uint32_t> open_;
};

}  // namespace

std::string Schema::text(std::uint32_t node, std::size_t most) const { return SchemaText(*this, most).of(node); }

}  // namespace streamwork::typed
