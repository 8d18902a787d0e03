#include <algorithm>
#include <cerrno>
#include <streamwork/testing/memory_file_system.hpp>
#include <streamwork/typed/flag_guard.hpp>
#include <utility>

namespace streamwork::testing {

using typed::FlagGuard;

class MemoryFileSystem::Reading final : public ReadableFile {
 public:
  Reading(std::shared_ptr<Shared> shared, std::shared_ptr<Content> content, std::string path)
      : shared_(std::move(shared)), content_(std::move(content)), path_(std::move(path)) {}

  std::uint64_t size() const override {
    const FlagGuard guard(shared_->busy);
    return content_->bytes.size();
  }
  std::size_t read_at(std::uint64_t offset, std::span<char> into) const override {
    if (shared_->before) shared_->before(Call::read, path_);
    const FlagGuard guard(shared_->busy);
    if (offset >= content_->bytes.size()) return 0;
    return content_->bytes.copy(into.data(), into.size(), offset);
  }

 private:
  std::shared_ptr<Shared> shared_;
  std::shared_ptr<Content> content_;
  std::string path_;
};

class MemoryFileSystem::Writing final : public WritableFile {
 public:
  Writing(std::shared_ptr<Shared> shared, std::shared_ptr<Content> content, std::string path)
      : shared_(std::move(shared)), content_(std::move(content)), path_(std::move(path)) {}

  void append(std::string_view bytes) override {
    if (shared_->before) shared_->before(Call::append, path_);
    const FlagGuard guard(shared_->busy);
    content_->bytes += bytes;
  }
  void sync() override {
    if (shared_->before) shared_->before(Call::sync, path_);
    const FlagGuard guard(shared_->busy);
    content_->synced = content_->bytes.size();
  }
  void close() override {
    if (shared_->before) shared_->before(Call::close, path_);
  }

 private:
  std::shared_ptr<Shared> shared_;
  std::shared_ptr<Content> content_;
  std::string path_;
};

void MemoryFileSystem::write(const std::string& path, std::string_view content) {
  const FlagGuard guard(shared_->busy);
  shared_->files[path] = std::make_shared<Content>(Content{std::string(content), content.size()});
}

std::string MemoryFileSystem::content(const std::string& path) const {
  const FlagGuard guard(shared_->busy);
  const auto found = shared_->files.find(path);
  if (found == shared_->files.end()) throw FileError("open", path, ENOENT);
  return found->second->bytes;
}

void MemoryFileSystem::before_each_call(std::function<void(Call, const std::string&)> action) {
  shared_->before = std::move(action);
}

void MemoryFileSystem::lose_unsynced_bytes() {
  const FlagGuard guard(shared_->busy);
  for (const auto& [path, content] : shared_->files) content->bytes.resize(content->synced);
}

FileKind MemoryFileSystem::Shared::kind_of(const std::string& path) const {
  if (files.contains(path)) return FileKind::regular;
  const std::string inside = path + "/";
  const auto below = files.lower_bound(inside);
  const bool holds_files = below != files.end() && below->first.starts_with(inside);
  return holds_files || directories.contains(path) ? FileKind::directory : FileKind::missing;
}

FileDescription MemoryFileSystem::describe(const std::string& path) const {
  const FlagGuard guard(shared_->busy);
  const FileKind kind = shared_->kind_of(path);
  return {kind, kind == FileKind::regular ? shared_->files.at(path)->bytes.size() : 0};
}

std::unique_ptr<ReadableFile> MemoryFileSystem::open_to_read(const std::string& path) {
  announce(Call::open_to_read, path);
  const FlagGuard guard(shared_->busy);
  const FileKind kind = shared_->kind_of(path);
  if (kind != FileKind::regular) throw FileError("open", path, kind == FileKind::missing ? ENOENT : EISDIR);
  return std::make_unique<Reading>(shared_, shared_->files.at(path), path);
}

std::unique_ptr<WritableFile> MemoryFileSystem::create(const std::string& path) { return open_to_write(path, false); }

std::unique_ptr<WritableFile> MemoryFileSystem::open_to_append(const std::string& path) {
  return open_to_write(path, true);
}

std::unique_ptr<WritableFile> MemoryFileSystem::open_to_write(const std::string& path, bool keep) {
  announce(Call::create, path);
  const FlagGuard guard(shared_->busy);
  if (shared_->kind_of(path) == FileKind::directory) throw FileError("write to", path, EISDIR);
  std::shared_ptr<Content>& content = shared_->files[path];
  if (!content) content = std::make_shared<Content>();
  if (!keep) *content = {};
  return std::make_unique<Writing>(shared_, content, path);
}

void MemoryFileSystem::rename(const std::string& from, const std::string& to) {
  announce(Call::rename, from);
  const FlagGuard guard(shared_->busy);
  if (shared_->kind_of(from) != FileKind::regular) throw FileError("rename to '" + to + "'", from, ENOENT);
  auto content = shared_->files.at(from);
  shared_->files.erase(from);
  shared_->files[to] = std::move(content);
}

void MemoryFileSystem::remove(const std::string& path) {
  announce(Call::remove, path);
  const FlagGuard guard(shared_->busy);
  if (shared_->files.erase(path) + shared_->directories.erase(path) == 0) throw FileError("remove", path, ENOENT);
}

void MemoryFileSystem::create_directories(const std::string& path) {
  announce(Call::create, path);
  const FlagGuard guard(shared_->busy);
  if (shared_->files.contains(path)) throw FileError("create directory", path, EEXIST);
  shared_->directories.insert(path);
}

std::vector<std::string> MemoryFileSystem::list(const std::string& path) const {
  announce(Call::list, path);
  const FlagGuard guard(shared_->busy);
  if (shared_->kind_of(path) != FileKind::directory) throw FileError("list", path, ENOENT);
  std::set<std::string> names;
  const auto add = [&](const std::string& full) {
    if (full.size() > path.size() + 1 && full.starts_with(path + "/")) {
      names.insert(full.substr(path.size() + 1, full.find('/', path.size() + 1) - path.size() - 1));
    }
  };
  for (const auto& [full, content] : shared_->files) add(full);
  for (const std::string& full : shared_->directories) add(full);
  return {names.begin(), names.end()};
}

void MemoryFileSystem::sync_directory(const std::string& path) { announce(Call::sync_directory, path); }

void MemoryFileSystem::announce(Call call, const std::string& path) const {
  if (shared_->before) shared_->before(call, path);
}

}  // namespace streamwork::testing
