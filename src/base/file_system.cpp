#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <streamwork/file_system.hpp>
#include <streamwork/typed/flag_guard.hpp>
#include <utility>

namespace streamwork {

namespace {

/// Owns a file descriptor and knows the path for messages.
class OpenFile {
 public:
  OpenFile(const std::string& action, std::string path, int flags) : path_(std::move(path)) {
    do {
      descriptor_ = ::open(path_.c_str(), flags | O_CLOEXEC, 0666);
    } while (descriptor_ < 0 && errno == EINTR);
    if (descriptor_ < 0) throw FileError(action, path_, errno);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  int descriptor() const { return descriptor_; }
  const std::string& path() const { return path_; }
  void sync() const {
    if (::fsync(descriptor_) != 0) throw FileError("sync", path_, errno);
  }
  void close() {
    if (::close(std::exchange(descriptor_, -1)) != 0 && errno != EINTR) throw FileError("write to", path_, errno);
  }

 private:
  std::string path_;
  int descriptor_ = -1;
};

class RealReadableFile final : public ReadableFile {
 public:
  explicit RealReadableFile(const std::string& path) : file_("open", path, O_RDONLY) {}

  std::uint64_t size() const override {
    struct stat about{};
    if (::fstat(file_.descriptor(), &about) != 0) throw FileError("look at", file_.path(), errno);
    return static_cast<std::uint64_t>(about.st_size);
  }

  std::size_t read_at(std::uint64_t offset, std::span<char> into) const override {
    std::size_t filled = 0;
    while (filled < into.size()) {
      const ssize_t count =
          ::pread(file_.descriptor(), into.data() + filled, into.size() - filled, static_cast<off_t>(offset + filled));
      if (count == 0) break;
      if (count > 0) {
        filled += static_cast<std::size_t>(count);
      } else if (errno != EINTR) {
        throw FileError("read", file_.path(), errno);
      }
    }
    return filled;
  }

 private:
  OpenFile file_;
};

class RealWritableFile final : public WritableFile {
 public:
  // With O_APPEND the kernel puts each write at the end as a whole, also beside those of other programs.
  RealWritableFile(const std::string& path, int flags)
      : file_("write to", path, O_WRONLY | O_CREAT | O_APPEND | flags) {}

  void append(std::string_view bytes) override {
    const typed::FlagGuard guard(busy_);  // only for the rest of a write that was cut short
    while (!bytes.empty()) {
      const ssize_t count = ::write(file_.descriptor(), bytes.data(), bytes.size());
      if (count >= 0) {
        bytes.remove_prefix(static_cast<std::size_t>(count));
      } else if (errno != EINTR) {
        throw FileError("write to", file_.path(), errno);
      }
    }
  }
  void sync() override { file_.sync(); }
  void close() override { file_.close(); }

 private:
  OpenFile file_;
  std::atomic_flag busy_;
};

class RealFileLock final : public FileLock {
 public:
  explicit RealFileLock(const std::string& path) : file_("lock", path, O_RDWR | O_CREAT) {
    int result = 0;
    do {
      result = ::flock(file_.descriptor(), LOCK_EX | LOCK_NB);
    } while (result != 0 && errno == EINTR);
    // The one who had it may have removed the file meanwhile, and others then lock a new one.
    struct stat about{};
    if (result == 0 && ::fstat(file_.descriptor(), &about) == 0 && about.st_nlink == 0) errno = result = EWOULDBLOCK;
    if (result != 0) throw FileError("lock", path, errno);
  }

 private:
  OpenFile file_;
};

}  // namespace

FileError::FileError(const std::string& action, const std::string& path, int error)
    : std::system_error(error, std::generic_category(), "cannot " + action + " '" + path + "'") {}

FileDescription RealFileSystem::describe(const std::string& path) const {
  struct stat about{};
  if (::stat(path.c_str(), &about) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return {};
    throw FileError("look at", path, errno);
  }
  if (S_ISREG(about.st_mode)) return {FileKind::regular, static_cast<std::uint64_t>(about.st_size)};
  return {S_ISDIR(about.st_mode) ? FileKind::directory : FileKind::other, 0};
}

std::unique_ptr<ReadableFile> RealFileSystem::open_to_read(const std::string& path) {
  if (describe(path).kind == FileKind::directory) throw FileError("read", path, EISDIR);
  return std::make_unique<RealReadableFile>(path);
}

std::unique_ptr<WritableFile> RealFileSystem::create(const std::string& path) {
  return std::make_unique<RealWritableFile>(path, O_TRUNC);
}

std::unique_ptr<WritableFile> RealFileSystem::open_to_append(const std::string& path) {
  return std::make_unique<RealWritableFile>(path, 0);
}

void RealFileSystem::rename(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) throw FileError("rename to '" + to + "'", from, errno);
}

void RealFileSystem::link(const std::string& from, const std::string& to) {
  if (::link(from.c_str(), to.c_str()) != 0) throw FileError("link as '" + to + "'", from, errno);
}

void RealFileSystem::remove(const std::string& path) {
  if (::remove(path.c_str()) != 0) throw FileError("remove", path, errno);
}

void RealFileSystem::create_directories(const std::string& path) {
  for (std::size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
    const std::string part = path.substr(0, end);
    if (::mkdir(part.c_str(), 0777) != 0 && describe(part).kind != FileKind::directory) {
      throw FileError("create directory", part, errno);
    }
    if (end == std::string::npos) return;
  }
}

std::vector<std::string> RealFileSystem::list(const std::string& path) const {
  std::error_code error;
  std::vector<std::string> names;
  std::filesystem::directory_iterator entry(path, error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    names.push_back(entry->path().filename().string());
  }
  if (error) throw FileError("list", path, error.value());
  std::ranges::sort(names);
  return names;
}

void RealFileSystem::sync_directory(const std::string& path) { OpenFile("open", path, O_RDONLY | O_DIRECTORY).sync(); }

std::unique_ptr<FileLock> RealFileSystem::lock(const std::string& path) { return std::make_unique<RealFileLock>(path); }

std::shared_ptr<FileSystem> RealFileSystem::instance() {
  static const auto machine = std::make_shared<RealFileSystem>();
  return machine;
}

}  // namespace streamwork
