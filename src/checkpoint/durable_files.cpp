#include "checkpoint/durable_files.hpp"

#include <cerrno>
#include <vector>

#include "checkpoint/damage.hpp"
#include "checkpoint/names.hpp"

namespace streamwork::checkpoint {

void write_file(FileSystem& files, const std::string& path, std::string_view content) {
  const auto file = files.create(path);
  file->append(content);
  file->sync();
  file->close();
}

std::string read_file(FileSystem& files, const std::string& path, std::uint64_t most) {
  const auto file = files.open_to_read(path);
  const std::uint64_t size = file->size();
  if (size > most) {
    throw DamagedFile(path, most, "the file has " + std::to_string(size) + " bytes; no such file of ours is that long");
  }
  std::string content(size, '\0');
  content.resize(file->read_at(0, content));
  return content;
}

void make_directory(FileSystem& files, const std::string& path) {
  std::vector<std::string> missing;
  std::string above = path;
  while (above != parent_of(above) && !files.exists(above)) {
    missing.push_back(above);
    above = parent_of(above);
  }
  // The lowest one that is there may have been made a moment before a crash, and not be durable yet. If its parent may
  // not be opened, others made it, and long ago.
  try {
    if (above != parent_of(above)) files.sync_directory(parent_of(above));
  } catch (const FileError& error) {
    if (error.code().value() != EACCES) throw;
  }
  for (auto next = missing.rbegin(); next != missing.rend(); ++next) {
    files.create_directories(*next);
    files.sync_directory(parent_of(*next));
  }
}

}  // namespace streamwork::checkpoint
