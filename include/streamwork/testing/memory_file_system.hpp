// Files in memory, for tests: nothing on disk is touched, any call can be made to fail, and a power failure is one
// call.
//
//   auto files = std::make_shared<sw::testing::MemoryFileSystem>();
//   files->write("lines.txt", "one\ntwo\n");
//   job.source("lines", sw::file_lines("lines.txt", {.file_system = files}))
//
// Paths are plain names with "/" between directories; every name above a file counts as a directory.
// Thread rule: every function may be called from any thread, but `before_each_call` only while nothing else goes on.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <streamwork/file_system.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace streamwork::testing {

class MemoryFileSystem final : public FileSystem {
 public:
  enum class Call : std::uint8_t {
    open_to_read,
    read,
    create,
    append,
    sync,
    close,
    rename,
    remove,
    list,
    sync_directory
  };

  // For tests.

  /// Makes a file with this content, all of it synced.
  void write(const std::string& path, std::string_view content);
  /// The content of a file. Throws `FileError` if there is none.
  std::string content(const std::string& path) const;
  /// Calls `action` before each call is carried out. It may throw, for instance `FileError("write to", path, ENOSPC)`;
  /// then the call changes nothing.
  void before_each_call(std::function<void(Call, const std::string& path)> action);
  /// As a power failure that is kind to directories: files keep their names, but lose what was not synced.
  void lose_unsynced_bytes();

  // FileSystem

  FileDescription describe(const std::string& path) const override;
  std::unique_ptr<ReadableFile> open_to_read(const std::string& path) override;
  std::unique_ptr<WritableFile> create(const std::string& path) override;
  std::unique_ptr<WritableFile> open_to_append(const std::string& path) override;
  void rename(const std::string& from, const std::string& to) override;
  void remove(const std::string& path) override;
  void create_directories(const std::string& path) override;
  std::vector<std::string> list(const std::string& path) const override;
  void sync_directory(const std::string& path) override;

 private:
  struct Content {
    std::string bytes;
    std::size_t synced = 0;
  };
  /// What the file system and the files opened from it share.
  struct Shared {
    std::function<void(Call, const std::string&)> before;
    std::atomic_flag busy;
    std::map<std::string, std::shared_ptr<Content>> files;
    std::set<std::string> directories;

    FileKind kind_of(const std::string& path) const;
  };
  class Reading;
  class Writing;

  void announce(Call call, const std::string& path) const;
  std::unique_ptr<WritableFile> open_to_write(const std::string& path, bool keep);

  std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
};

}  // namespace streamwork::testing
