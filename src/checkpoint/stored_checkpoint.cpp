#include "checkpoint/stored_checkpoint.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

#include "checkpoint/damage.hpp"
#include "checkpoint/durable_files.hpp"

namespace streamwork::checkpoint {

Manifest read_checkpoint(FileSystem& files, const std::string& path) {
  const std::string manifest_path = path_in(path, manifest_name);
  Manifest manifest = read_manifest(read_file(files, manifest_path, most_manifest_bytes), manifest_path);
  const auto name = read_directory_name(last_name_of(path));
  const std::string own_name = directory_name(manifest.kind, manifest.number);
  if (name && last_name_of(path) != own_name) {
    throw DamagedFile(manifest_path, 0, "this is the manifest of " + own_name);
  }
  return manifest;
}

SnapshotReader open_snapshot(FileSystem& files, const std::string& path, const Manifest& manifest,
                             const FileSummary& summary) {
  return {files, path, {manifest.number, summary.name}, summary};
}

typed::StoredRows rows_of_store(const SnapshotReader& file, std::uint32_t section, const std::string& path,
                                const Manifest& manifest) {
  const Section& about = file.sections()[section];
  typed::StoredRows rows{.instance = about.instance, .schema = about.schema};
  std::string bytes;
  for (const std::size_t frame : file.frames_of(section)) {
    file.read(frame, bytes);
    StoreContent content = read_store_content(bytes);
    rows.format = std::move(content.format);
    rows.parallelism = content.parallelism;
    for (StoreContent::File& part : content.files) {
      const auto checked = std::ranges::find(manifest.store_files, part.name, &CheckedFile::name);
      if (!is_snapshot_name(part.name_in_store))
        throw DamagedFile(path_in(path, manifest_name), 0, "a store has a file of no name");
      if (checked == manifest.store_files.end()) {
        throw DamagedFile(path_in(path, manifest_name), 0,
                          "the manifest does not tell of '" + part.name + "', which a store needs");
      }
      rows.files.push_back({part.name_in_store, path_in(path, part.name), checked->size, part.immutable});
      if (part.immutable) rows.known.emplace(part.name_in_store, typed::KnownFile{*checked});
    }
  }
  return rows;
}

void verify_checkpoint(FileSystem& files, const std::string& path, const Manifest& manifest) {
  for (const FileSummary& summary : manifest.files) open_snapshot(files, path, manifest, summary).verify();
  for (const CheckedFile& file : manifest.store_files) verify_file(files, path, file);
}

Manifest adopt_checkpoint(FileSystem& files, const std::string& path) {
  Manifest manifest = read_checkpoint(files, path);
  verify_checkpoint(files, path, manifest);
  make_name_durable(files, path);
  return manifest;
}

void make_name_durable(FileSystem& files, const std::string& path) {
  files.sync_directory(path);
  files.sync_directory(parent_of(path));
}

void check_presence(FileSystem& files, const std::string& path, const Manifest& manifest) {
  const auto check = [&](const std::string& name, std::uint64_t size) {
    const std::string file = path_in(path, name);
    const FileDescription found = files.describe(file);
    if (found.kind != FileKind::regular) throw DamagedFile(file, 0, "there is no such file");
    if (found.size == size) return;
    throw DamagedFile(
        file, std::min(found.size, size),
        "the file has " + std::to_string(found.size) + " bytes; " + std::to_string(size) + " were written");
  };
  for (const FileSummary& summary : manifest.files) check(summary.name, summary.size);
  for (const CheckedFile& file : manifest.store_files) check(file.name, file.size);
}

std::vector<std::string> names_in(FileSystem& files, const std::string& path) {
  std::vector<std::pair<std::uint64_t, std::string>> found;
  if (files.describe(path).kind == FileKind::missing) return {};
  for (std::string& name : files.list(path)) {
    if (const auto directory = read_directory_name(name)) found.emplace_back(directory->number, std::move(name));
  }
  std::ranges::sort(found, std::greater<>());
  std::vector<std::string> result;
  result.reserve(found.size());
  for (auto& [number, name] : found) result.push_back(std::move(name));
  return result;
}

void remove_checkpoint(FileSystem& files, const std::string& path) {
  const std::string manifest = path_in(path, manifest_name);
  if (files.exists(manifest)) {
    files.remove(manifest);
    files.sync_directory(path);
  }
  for (const std::string& name : files.list(path)) files.remove(path_in(path, name));
  files.remove(path);
}

}  // namespace streamwork::checkpoint
