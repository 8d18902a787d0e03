#include "checkpoint/names.hpp"

#include <algorithm>
#include <charconv>

namespace streamwork::checkpoint {

namespace {

constexpr std::string_view checkpoint_prefix = "checkpoint-";
constexpr std::string_view savepoint_prefix = "savepoint-";
/// So that the usual listing of a directory is in order for a day of one checkpoint every 100 ms.
constexpr std::size_t least_digits = 6;

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

std::string without_trailing_slashes(const std::string& path) {
  const std::size_t last = path.find_last_not_of('/');
  return last == std::string::npos ? path.substr(0, 1) : path.substr(0, last + 1);
}

}  // namespace

std::string directory_name(DirectoryName name) {
  std::string digits = std::to_string(name.number);
  if (digits.size() < least_digits) digits.insert(0, least_digits - digits.size(), '0');
  return std::string(name.savepoint ? savepoint_prefix : checkpoint_prefix) + digits;
}

std::string directory_name(Kind kind, std::uint64_t number) {
  return directory_name({.savepoint = kind == Kind::savepoint, .number = number});
}

std::optional<DirectoryName> read_directory_name(std::string_view text) {
  DirectoryName name{.savepoint = text.starts_with(savepoint_prefix)};
  const std::string_view prefix = name.savepoint ? savepoint_prefix : checkpoint_prefix;
  if (!text.starts_with(prefix)) return std::nullopt;
  std::from_chars(text.data() + prefix.size(), text.data() + text.size(), name.number);
  if (directory_name(name) != text) return std::nullopt;
  return name;
}

bool is_snapshot_name(std::string_view name) {
  const auto is_plain = [](char c) { return is_letter_or_digit(c) || c == '.' || c == '_' || c == '-'; };
  return !name.empty() && name.size() <= longest_snapshot_name && is_letter_or_digit(name.front()) &&
         std::ranges::all_of(name, is_plain) && name != manifest_name && name != pending_manifest_name;
}

std::string path_in(const std::string& directory, std::string_view name) {
  if (directory.empty()) return std::string(name);
  return directory + (directory.back() == '/' ? "" : "/") + std::string(name);
}

std::string parent_of(const std::string& path) {
  const std::string plain = without_trailing_slashes(path);
  const std::size_t slash = plain.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : without_trailing_slashes(plain.substr(0, slash));
}

std::string last_name_of(const std::string& path) {
  const std::string plain = without_trailing_slashes(path);
  return plain.substr(plain.rfind('/') + 1);
}

}  // namespace streamwork::checkpoint
