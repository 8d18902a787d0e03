#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <streamwork/typed/enum_names.hpp>
#include <streamwork/typed/text_error.hpp>

#include "inspect.hpp"

namespace streamwork::cli {

namespace {

/// So many columns of key groups fit a terminal's line.
constexpr std::uint32_t most_ranges = 8;

std::string number_text(double value, int decimals) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
  return text.data();
}

std::string size_text(std::uint64_t bytes) {
  static constexpr std::array<const char*, 5> units = {" bytes", " KiB", " MiB", " GiB", " TiB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 1024 && unit + 1 < units.size(); ++unit) value /= 1024;
  return number_text(value, unit == 0 ? 0 : 1) + units[unit];
}

std::string count_text(std::uint64_t count, const char* one, const char* many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

/// "2023-11-14 22:13:20 UTC"
std::string time_text(ProcessingTime time) {
  const std::time_t seconds = std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
  std::tm parts{};
  if (::gmtime_r(&seconds, &parts) == nullptr) return "at an unknown time";
  std::array<char, 64> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S UTC", &parts);
  return text.data();
}

std::string quoted(const std::string& text) { return typed::quoted_for_message(text); }

/// Kinds are words of ours, unless somebody made the file by hand.
std::string word(const std::string& text) {
  const auto is_plain = [](char c) { return (c >= 'a' && c <= 'z') || c == '_' || c == '-'; };
  return !text.empty() && std::ranges::all_of(text, is_plain) ? text : quoted(text);
}

std::string place_text(const std::string& vertex, std::int64_t instance) {
  return vertex.empty() ? "the job" : quoted(vertex) + " " + std::to_string(instance);
}

/// "key groups 0-15: 12  16-31: 9": entries, in at most eight ranges.
std::string key_groups_text(const std::vector<KeyGroupReport>& groups) {
  const std::uint32_t first = groups.front().key_group;
  const std::uint32_t width = (groups.back().key_group - first) / most_ranges + 1;
  std::string text = "key groups";
  for (std::size_t i = 0; i < groups.size();) {
    const std::uint32_t range = (groups[i].key_group - first) / width;
    const std::uint32_t begin = first + range * width;
    const std::uint32_t last = std::min(begin + width - 1, groups.back().key_group);
    std::uint64_t entries = 0;
    for (; i < groups.size() && groups[i].key_group <= last; ++i) entries += groups[i].entries;
    text += "  " + std::to_string(begin) + (last > begin ? "-" + std::to_string(last) : "") + ": " +
            std::to_string(entries);
  }
  return text + (groups.size() == 1 ? "" : " entries");
}

void add_section(std::string& text, const SectionReport& section) {
  text += "    " + place_text(section.vertex, section.instance) + "  " + word(section.kind) + "  " +
          count_text(section.entries, "entry", "entries") + ", " + size_text(section.bytes) + " in " +
          count_text(section.frames, "frame", "frames");
  if (section.schema_bytes > 0) text += ", schema of " + size_text(section.schema_bytes);
  text += '\n';
  if (!section.key_groups.empty()) text += "      " + key_groups_text(section.key_groups) + "\n";
  for (const std::string& part : section.parts) text += "      of " + part + "\n";
  for (const std::string& entry : section.sample) text += "      " + entry + "\n";
  if (!section.note.empty()) text += "      " + section.note + "\n";
}

void add_content(std::string& text, const ContentReport& content) {
  text += "  vertices\n";
  for (const VertexReport& vertex : content.vertices) {
    text += "    " + quoted(vertex.name) + "  " + word(vertex.kind) + ", " +
            count_text(static_cast<std::uint64_t>(vertex.parallelism), "instance", "instances") +
            (vertex.finished ? ", finished" : "") + "\n";
  }
  for (const FileReport& file : content.files) {
    text += "  file " + file.name + ", " + size_text(file.size) + "\n";
    for (const SectionReport& section : file.sections) add_section(text, section);
  }
  if (!content.entries.empty()) text += "  entries of the manifest\n";
  for (const EntryReport& entry : content.entries) {
    text += "    " + place_text(entry.vertex, entry.instance) + "  " + word(entry.kind) + "  " +
            size_text(entry.bytes) + "\n";
  }
}

void add_summary(std::string& text, const CheckpointReport& checkpoint) {
  text += checkpoint.name + "  " + std::string(enum_name(checkpoint.state));
  if (const auto& content = checkpoint.content) {
    text += "  " + content->kind + " of job " + quoted(content->job) + ", " + word(content->delivery) + ", " +
            time_text(content->created) + ", " + size_text(content->size) + " in " +
            count_text(content->files.size(), "file", "files");
  }
  text += '\n';
  for (const std::string& sentence : checkpoint.damage) text += "  damage: " + sentence + "\n";
}

}  // namespace

std::string report_text(const Report& report) {
  std::string text;
  for (const CheckpointReport& checkpoint : report.checkpoints) {
    add_summary(text, checkpoint);
    if (report.checkpoints.size() == 1 && checkpoint.content) add_content(text, *checkpoint.content);
  }
  return text;
}

}  // namespace streamwork::cli
