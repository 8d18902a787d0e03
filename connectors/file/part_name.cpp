#include "part_name.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <streamwork/hash.hpp>
#include <vector>

namespace streamwork {

namespace {

/// A name has at most 255 bytes on most file systems; the numbers take up to 80.
constexpr std::size_t most_vertex_bytes = 150;
constexpr std::string_view published_ending = "part";

bool stands_for_itself(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

bool is_vertex_in_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c == '%' || stands_for_itself(c); });
}

template <class Number>
std::string formatted(const char* format, Number number) {
  char text[32];
  return {text, static_cast<std::size_t>(std::snprintf(text, sizeof text, format, number))};
}

std::string checkpoint_text(std::uint64_t number) {
  return formatted("%06llu", static_cast<unsigned long long>(number));
}
std::string attempt_text(std::uint64_t number) { return formatted("%016llx", static_cast<unsigned long long>(number)); }

/// The whole of a field; written in any other way than ours, it is somebody else's.
template <class Number>
std::optional<Number> read_field(std::string_view text, int base = 10) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::vector<std::string_view> split_at_points(std::string_view text) {
  std::vector<std::string_view> fields;
  for (std::size_t point = text.find('.'); point != std::string_view::npos; point = text.find('.')) {
    fields.push_back(text.substr(0, point));
    text.remove_prefix(point + 1);
  }
  fields.push_back(text);
  return fields;
}

}  // namespace

std::string vertex_in_name(std::string_view vertex) {
  std::string text;
  for (const char c : vertex) {
    if (stands_for_itself(c)) {
      text += c;
    } else {
      text += formatted("%%%02x", static_cast<unsigned>(static_cast<unsigned char>(c)));
    }
  }
  if (text.size() <= most_vertex_bytes) return text;
  return text.substr(0, most_vertex_bytes - 9) + "%" + formatted("%08x", stable_hash(vertex));
}

std::string published_name(const std::string& vertex, const TextPart& part) {
  return vertex + "." + checkpoint_text(part.checkpoint) + "." + attempt_text(part.attempt) + "." +
         std::to_string(part.instance) + "." + std::string(published_ending);
}

std::string pending_name(const std::string& vertex, const TextPart& part) {
  return "." + vertex + "." + attempt_text(part.attempt) + "." + std::to_string(part.instance) + "." +
         std::to_string(part.serial);
}

std::optional<NamedPart> read_part_name(std::string_view name) {
  NamedPart found;
  found.published = !name.starts_with('.');
  const std::vector<std::string_view> fields = split_at_points(found.published ? name : name.substr(1));
  if (fields.size() != (found.published ? 5U : 4U)) return std::nullopt;
  found.vertex = fields[0];
  const auto attempt = read_field<std::uint64_t>(fields[found.published ? 2 : 1], 16);
  const auto instance = read_field<std::int64_t>(fields[found.published ? 3 : 2]);
  const auto number = read_field<std::uint64_t>(fields[found.published ? 1 : 3]);
  if (!attempt || !instance || *instance < 0 || !number || !is_vertex_in_name(fields[0])) return std::nullopt;
  found.part.attempt = *attempt;
  found.part.instance = *instance;
  (found.published ? found.part.checkpoint : found.part.serial) = *number;
  const std::string own_name =
      found.published ? published_name(found.vertex, found.part) : pending_name(found.vertex, found.part);
  if (own_name != name) return std::nullopt;
  return found;
}

}  // namespace streamwork
