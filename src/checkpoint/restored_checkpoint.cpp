#include "checkpoint/restored_checkpoint.hpp"

#include <algorithm>
#include <set>
#include <span>
#include <utility>

#include "checkpoint/stored_checkpoint.hpp"

namespace streamwork::checkpoint {

RestoredCheckpoint::RestoredCheckpoint(FileSystem& files, const std::string& path, Manifest manifest, bool drops_state)
    : path_(path), manifest_(std::move(manifest)), drops_state_(drops_state) {
  for (const FileSummary& summary : manifest_.files) {
    const SnapshotReader& file = *files_.emplace_back(
        std::make_unique<SnapshotReader>(files, path, FileIdentity{manifest_.number, summary.name}, summary));
    for (std::uint32_t number = 0; number < file.sections().size(); ++number)
      sections_.push_back({&file.sections()[number], &file, number});
  }
  std::ranges::stable_sort(sections_, {}, [](const Place& place) { return place.section->instance; });
}

std::vector<std::string> RestoredCheckpoint::vertices() const {
  std::set<std::string> names;
  for (const Place& place : sections_) names.insert(place.section->vertex);
  return {names.begin(), names.end()};
}

bool RestoredCheckpoint::publishes(const std::string& vertex) const {
  return std::ranges::any_of(manifest_.entries, [&](const Entry& entry) {
    return entry.vertex == vertex && entry.kind == transaction_schema_entry;
  });
}

void RestoredCheckpoint::for_each(const std::string& vertex, const char* kind, std::uint32_t first, std::uint32_t last,
                                  const std::function<void(const typed::StoredFrame&)>& visit) const {
  std::string bytes;
  for (const Place& place : sections_) {
    if (place.section->vertex != vertex || place.section->kind != kind) continue;
    for (const std::size_t number : place.file->frames_of(place.number)) {
      const Frame& frame = place.file->frames()[number];
      if (frame.key_group < first || frame.key_group > last) continue;
      place.file->read(number, bytes);
      visit({place.section->instance, frame.key_group, frame.entries, place.section->schema,
             std::as_bytes(std::span(bytes))});
    }
  }
  if (std::string_view(kind) != typed::section::rows) return;
  for (const typed::StoredRows& rows : stored_rows(vertex)) typed::for_each_frame(rows, first, last, visit);
}

std::vector<typed::StoredRows> RestoredCheckpoint::stored_rows(const std::string& vertex) const {
  std::vector<typed::StoredRows> found;
  for (const Place& place : sections_) {
    if (place.section->vertex == vertex && place.section->kind == typed::section::stored_rows)
      found.push_back(rows_of_store(*place.file, place.number, path_, manifest_));
  }
  return found;
}

void RestoredCheckpoint::for_each_schema(const std::string& vertex, const char* kind,
                                         const std::function<void(std::string_view)>& visit) const {
  for (const Place& place : sections_) {
    if (place.section->vertex == vertex && place.section->kind == kind && !place.file->frames_of(place.number).empty())
      visit(place.section->schema);
  }
  if (std::string_view(kind) != typed::section::rows) return;
  for (const typed::StoredRows& rows : stored_rows(vertex)) {
    if (rows.may_have_rows()) visit(rows.schema);
  }
}

}  // namespace streamwork::checkpoint
