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
#include <cstddef>
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
    sync_directory,
    lock
  };

  /// Thrown by the action of a test: only the first bytes are appended, then the call fails with this error.
  struct ShortWrite {
    std::size_t bytes;
    int error;  ///< an `errno`
  };

  // For tests.

  /// Makes a file with this content, all of it synced.
  void write(const std::string& path, std::string_view content);
  /// The content of a file. Throws `FileError` if there is none.
  std::string content(const std::string& path) const;
  /// Calls `action` before each call is carried out. It may throw, for instance `FileError("write to", path, ENOSPC)`;
  /// then the call changes nothing. But a sync that fails loses for good what it should have written, as on Linux: a
  /// later one succeeds and does not help. From an append it may also throw `ShortWrite`.
  void before_each_call(std::function<void(Call, const std::string& path)> action);
  /// As a power failure that is kind to directories: files keep their names, but lose what was not synced.
  void lose_unsynced_bytes();
  /// A power failure: bytes that were not synced are lost, and so are creations, renamings and removals since the
  /// directory of the name was synced. Files and directories made by `write` are there for good.
  void lose_unsynced();
  /// The same, but any change may have reached the disk on its own: `survives` is asked for each name and for each
  /// block of 512 bytes. A block that does not survive in front of one that does is full of zeros. A renaming may leave both
  /// names, but never none.
  void lose_unsynced(const std::function<bool()>& survives);

  // FileSystem

  FileDescription describe(const std::string& path) const override;
  std::unique_ptr<ReadableFile> open_to_read(const std::string& path) override;
  std::unique_ptr<WritableFile> create(const std::string& path) override;
  std::unique_ptr<WritableFile> open_to_append(const std::string& path) override;
  void rename(const std::string& from, const std::string& to) override;
  /// Always refused, as by a file system that has no such names.
  void link(const std::string& from, const std::string& to) override;
  void remove(const std::string& path) override;
  void create_directories(const std::string& path) override;
  std::vector<std::string> list(const std::string& path) const override;
  void sync_directory(const std::string& path) override;
  std::unique_ptr<FileLock> lock(const std::string& path) override;

 private:
  struct Content {
    std::string bytes;
    std::size_t synced = 0;
    bool sync_failed = false;
  };
  /// What stands where.
  struct Names {
    std::map<std::string, std::shared_ptr<Content>> files;
    std::set<std::string> directories;  // those that were made; others are there because something is in them

    FileKind kind_of(const std::string& path) const;
  };
  /// What the file system and the files opened from it share.
  struct Shared {
    std::function<void(Call, const std::string&)> before;
    std::atomic_flag busy;
    Names names;
    Names durable;  // what a power failure leaves
    std::set<std::string> locked;
  };
  class Reading;
  class Writing;
  class Locking;

  static void lose_bytes(Content& content, const std::function<bool()>& survives);
  void announce(Call call, const std::string& path) const;
  std::unique_ptr<WritableFile> open_to_write(const std::string& path, bool keep);

  std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
};

}  // namespace streamwork::testing
