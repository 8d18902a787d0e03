// The engine's and the connectors' only way to regular files and directories, so that a test can run on files in memory
// and let any call fail (DESIGN 7). Pipes, terminals and sockets are no files in this sense.
//
// Every function throws `FileError` when the system refuses: its text names the path and says why.
// Thread rule: a `FileSystem` and a `ReadableFile` may be used by any thread, a `WritableFile` too.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace streamwork {

/// "cannot open 'lines.txt': No such file or directory"; `code()` is the system's error.
class FileError : public std::system_error {
 public:
  /// `action` is what was tried, for instance "open"; `error` is an `errno`.
  FileError(const std::string& action, const std::string& path, int error);
};

enum class FileKind : std::uint8_t { missing, regular, directory, other };

struct FileDescription {
  FileKind kind = FileKind::missing;
  std::uint64_t size = 0;  ///< in bytes; of regular files
};

class ReadableFile {
 public:
  ReadableFile() = default;
  ReadableFile(const ReadableFile&) = delete;
  ReadableFile& operator=(const ReadableFile&) = delete;
  virtual ~ReadableFile() = default;

  /// Size in bytes at the moment.
  virtual std::uint64_t size() const = 0;
  /// Fills `into` from the byte at `offset` on. Returns the number of bytes, fewer than asked for only at the end.
  virtual std::size_t read_at(std::uint64_t offset, std::span<char> into) const = 0;
};

class WritableFile {
 public:
  WritableFile() = default;
  WritableFile(const WritableFile&) = delete;
  WritableFile& operator=(const WritableFile&) = delete;
  virtual ~WritableFile() = default;

  /// Puts all of `bytes` at the end. The bytes of one call stand together, whoever else appends to the file.
  virtual void append(std::string_view bytes) = 0;
  /// What was appended before survives a power failure, if the directory was synced since the file was made.
  virtual void sync() = 0;
  /// Gives the file back; nothing may be called afterwards. Without it, failures that show up last go unnoticed.
  virtual void close() = 0;
};

/// Destroying it gives the lock back; so does the end of the process, however it ends.
class FileLock {
 public:
  FileLock() = default;
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  virtual ~FileLock() = default;
};

/// Locks that the parts of one job have in common, by path. Thread rule: one thread.
class SharedLocks {
 public:
  /// The lock that somebody has taken before and still holds; otherwise the one that `take` returns.
  std::shared_ptr<FileLock> share(const std::string& path, const std::function<std::shared_ptr<FileLock>()>& take) {
    std::weak_ptr<FileLock>& known = locks_[path];
    std::shared_ptr<FileLock> lock = known.lock();
    if (!lock) known = lock = take();
    return lock;
  }

 private:
  std::map<std::string, std::weak_ptr<FileLock>> locks_;
};

class FileSystem {
 public:
  FileSystem() = default;
  FileSystem(const FileSystem&) = delete;
  FileSystem& operator=(const FileSystem&) = delete;
  virtual ~FileSystem() = default;

  /// What stands at `path`, symbolic links followed; `missing` is no error.
  virtual FileDescription describe(const std::string& path) const = 0;
  /// A file to read; it must exist and be no directory.
  virtual std::unique_ptr<ReadableFile> open_to_read(const std::string& path) = 0;
  /// An empty file; one that was there loses its content.
  virtual std::unique_ptr<WritableFile> create(const std::string& path) = 0;
  /// A file to go on writing; made if it is missing.
  virtual std::unique_ptr<WritableFile> open_to_append(const std::string& path) = 0;

  /// In one step; a file at `to` is replaced.
  virtual void rename(const std::string& from, const std::string& to) = 0;
  /// One more name for the same file (a hard link): it is there until its last name is removed. `to` must be missing.
  virtual void link(const std::string& from, const std::string& to) = 0;
  /// A file or an empty directory.
  virtual void remove(const std::string& path) = 0;
  /// Makes a directory and those above it; one that is there already is no error.
  virtual void create_directories(const std::string& path) = 0;
  /// Names in a directory without "." and "..", sorted.
  virtual std::vector<std::string> list(const std::string& path) const = 0;
  /// Makes creations, renamings and removals in the directory survive a power failure.
  virtual void sync_directory(const std::string& path) = 0;

  /// Keeps all others who ask for the same file's lock away; makes the file if it is missing. Throws at once, with the
  /// code `EWOULDBLOCK`, if somebody has it, in this process or another.
  virtual std::unique_ptr<FileLock> lock(const std::string& path) = 0;

  bool exists(const std::string& path) const { return describe(path).kind != FileKind::missing; }
};

/// The machine's file system.
class RealFileSystem final : public FileSystem {
 public:
  FileDescription describe(const std::string& path) const override;
  std::unique_ptr<ReadableFile> open_to_read(const std::string& path) override;
  std::unique_ptr<WritableFile> create(const std::string& path) override;
  std::unique_ptr<WritableFile> open_to_append(const std::string& path) override;
  void rename(const std::string& from, const std::string& to) override;
  void link(const std::string& from, const std::string& to) override;
  void remove(const std::string& path) override;
  void create_directories(const std::string& path) override;
  std::vector<std::string> list(const std::string& path) const override;
  void sync_directory(const std::string& path) override;
  std::unique_ptr<FileLock> lock(const std::string& path) override;

  /// The one everybody uses whose options name no other.
  static std::shared_ptr<FileSystem> instance();
};

}  // namespace streamwork
