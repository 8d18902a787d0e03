#include "inspect.hpp"

#include <algorithm>
#include <map>
#include <span>
#include <stdexcept>
#include <streamwork/json.hpp>
#include <streamwork/typed/entry_schema.hpp>
#include <streamwork/typed/enum_names.hpp>
#include <streamwork/typed/grouping.hpp>
#include <streamwork/typed/stored_json.hpp>

#include "checkpoint/checkpoint_directory.hpp"
#include "checkpoint/damage.hpp"
#include "checkpoint/stored_checkpoint.hpp"

namespace streamwork::cli {

namespace {

using checkpoint::DamagedFile;
using checkpoint::Manifest;
using checkpoint::NewerFormat;
using checkpoint::SnapshotReader;

/// A file with more than this is not worth a sentence for each frame.
constexpr std::size_t most_damage_told = 20;

/// Enough to see what is in it.
constexpr std::size_t sample_entries = 3;
constexpr typed::JsonLimits sample_limits{.elements = 5, .text_bytes = 60, .all_bytes = 300};

/// The next entry: the value alone, or an object of its parts.
std::string entry_json(typed::ByteReader& bytes, const std::vector<typed::EntryPart>& parts) {
  if (parts.size() == 1 && parts.front().name.empty()) return stored_json(bytes, parts.front().schema, sample_limits);
  std::string text;
  for (const typed::EntryPart& part : parts)
    text += (text.empty() ? "{" : ",") + to_json(part.name) + ":" + stored_json(bytes, part.schema, sample_limits);
  return text + "}";
}

std::vector<typed::EntryPart> add_parts(const std::string& schema, SectionReport& report) {
  std::vector<typed::EntryPart> parts = typed::read_entry_schema(schema);
  for (const typed::EntryPart& part : parts)
    report.parts.push_back((part.name.empty() ? "" : part.name + ": ") + part.schema.text(0, 200));
  return parts;
}

void add_entries(std::span<const std::byte> bytes, std::uint64_t count, const std::vector<typed::EntryPart>& parts,
                 SectionReport& report) {
  typed::ByteReader entries(bytes);
  for (; count > 0 && report.sample.size() < sample_entries; --count)
    report.sample.push_back(entry_json(entries, parts));
}

/// Adds what the entries are made of and the first of them, as far as that can be told without the job.
void add_sample(const SnapshotReader& reader, std::uint32_t number, SectionReport& report) {
  try {
    const std::vector<typed::EntryPart> parts = add_parts(reader.sections()[number].schema, report);
    std::string bytes;
    for (const std::size_t i : reader.frames_of(number)) {
      if (report.sample.size() == sample_entries) return;
      reader.read(i, bytes);
      add_entries(std::as_bytes(std::span(bytes)), reader.frames()[i].entries, parts, report);
    }
  } catch (const std::runtime_error&) {
    // Not bytes of the engine, or damaged, which is told elsewhere.
  }
}

/// Tells of the rows in the files of a store as if they stood in frames.
void add_stored_rows(const typed::StoredRows& rows, SectionReport& report) {
  report.frames = report.entries = report.bytes = 0;
  try {
    const std::vector<typed::EntryPart> parts = add_parts(rows.schema, report);
    typed::for_each_frame(rows, 0, typed::key_groups - 1, [&](const typed::StoredFrame& frame) {
      ++report.frames;
      report.entries += frame.entries;
      report.bytes += frame.bytes.size();
      if (report.key_groups.empty() || report.key_groups.back().key_group != frame.key_group)
        report.key_groups.push_back({frame.key_group});
      report.key_groups.back().entries += frame.entries;
      report.key_groups.back().bytes += frame.bytes.size();
      add_entries(frame.bytes, frame.entries, parts, report);
    });
  } catch (const std::runtime_error& error) {
    report.note = error.what();
  }
}

SectionReport about(const SnapshotReader& reader, std::uint32_t number, const std::string& path,
                    const Manifest& manifest) {
  const checkpoint::Section& section = reader.sections()[number];
  SectionReport report{section.vertex, section.instance, section.kind, section.schema.size()};
  std::map<std::uint32_t, KeyGroupReport> groups;
  for (const std::size_t i : reader.frames_of(number)) {
    const checkpoint::Frame& frame = reader.frames()[i];
    ++report.frames;
    report.entries += frame.entries;
    report.bytes += frame.size;
    if (frame.key_group == checkpoint::no_key_group) continue;
    KeyGroupReport& group = groups[frame.key_group];
    group.key_group = frame.key_group;
    group.entries += frame.entries;
    group.bytes += frame.size;
  }
  for (const auto& [number_of_group, group] : groups) report.key_groups.push_back(group);
  if (section.kind == typed::section::stored_rows) {
    add_stored_rows(checkpoint::rows_of_store(reader, number, path, manifest), report);
    return report;
  }
  add_sample(reader, number, report);
  return report;
}

void read_frames(const SnapshotReader& reader, std::vector<std::string>& damage) {
  std::string bytes;
  for (std::size_t i = 0; i < reader.frames().size() && damage.size() < most_damage_told; ++i) {
    try {
      reader.read(i, bytes);
    } catch (const std::runtime_error& error) {
      damage.emplace_back(error.what());
    }
  }
}

FileReport about(FileSystem& files, const std::string& path, const Manifest& manifest,
                 const checkpoint::FileSummary& summary, std::vector<std::string>& damage) {
  FileReport report{summary.name, summary.size};
  try {
    const SnapshotReader reader = open_snapshot(files, path, manifest, summary);
    for (std::uint32_t i = 0; i < reader.sections().size(); ++i)
      report.sections.push_back(about(reader, i, path, manifest));
    read_frames(reader, damage);
  } catch (const std::runtime_error& error) {
    damage.emplace_back(error.what());
  }
  return report;
}

ContentReport about(FileSystem& files, const std::string& path, const Manifest& manifest,
                    std::vector<std::string>& damage) {
  ContentReport report{std::string(enum_name(manifest.kind)), manifest.job, manifest.delivery, manifest.created};
  for (const auto& vertex : manifest.vertices) {
    report.vertices.push_back({vertex.name, vertex.kind, vertex.parallelism, vertex.finished});
  }
  for (const auto& summary : manifest.files) {
    report.size += summary.size;
    report.files.push_back(about(files, path, manifest, summary, damage));
  }
  for (const auto& file : manifest.store_files) {
    report.size += file.size;
    report.files.push_back({file.name, file.size});
    try {
      checkpoint::verify_file(files, path, file);
    } catch (const std::runtime_error& error) {
      damage.emplace_back(error.what());
    }
  }
  for (const auto& entry : manifest.entries) {
    report.entries.push_back({entry.vertex, entry.instance, entry.kind, entry.bytes.size()});
  }
  return report;
}

bool holds_manifest(FileSystem& files, const std::string& path) {
  return files.exists(checkpoint::path_in(path, checkpoint::manifest_name));
}

CheckpointReport inspect_one(FileSystem& files, const std::string& path) {
  CheckpointReport report{checkpoint::last_name_of(path)};
  if (!holds_manifest(files, path)) {
    report.state = State::unfinished;
    return report;
  }
  try {
    report.content = about(files, path, checkpoint::read_checkpoint(files, path), report.damage);
  } catch (const NewerFormat& error) {
    report.damage.emplace_back(error.what());
    report.state = State::newer;
    return report;
  } catch (const std::runtime_error& error) {
    report.damage.emplace_back(error.what());
  }
  if (!report.damage.empty()) report.state = State::damaged;
  return report;
}

}  // namespace

Report inspect(FileSystem& files, const std::string& path) {
  Report report{path};
  if (files.describe(path).kind != FileKind::directory) throw std::runtime_error("'" + path + "' is no directory");
  if (holds_manifest(files, path) || checkpoint::read_directory_name(checkpoint::last_name_of(path))) {
    CheckpointReport one = inspect_one(files, path);
    if (one.state == State::unfinished)  // in a list it would be an attempt; whoever names it takes it for a checkpoint
      one.damage.push_back("'" + checkpoint::path_in(path, checkpoint::manifest_name) +
                           "' is missing: the checkpoint was not completed, or the file was removed");
    report.checkpoints.push_back(std::move(one));
    return report;
  }
  for (const std::string& name : checkpoint::names_in(files, path)) {
    report.checkpoints.push_back(inspect_one(files, checkpoint::path_in(path, name)));
  }
  if (report.checkpoints.empty()) {
    throw std::runtime_error("'" + path +
                             "' holds no checkpoints: expected a directory with checkpoint-…, or one of those");
  }
  return report;
}

bool has_damage(const Report& report) {
  return std::ranges::any_of(report.checkpoints, [](const CheckpointReport& checkpoint) {
    return checkpoint.state == State::damaged || checkpoint.state == State::newer || !checkpoint.damage.empty();
  });
}

}  // namespace streamwork::cli
