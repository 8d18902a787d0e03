#include <algorithm>
#include <cerrno>
#include <optional>
#include <streamwork/testing/memory_file_system.hpp>
#include <streamwork/typed/flag_guard.hpp>
#include <utility>

namespace streamwork::testing {

using typed::FlagGuard;

namespace {

constexpr std::size_t block_bytes = 512;

bool lost() { return false; }

/// "a" for "a/b", "." for "a", "/" for "/a".
std::string parent_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return path.substr(0, std::max<std::size_t>(slash, 1));
}

}  // namespace

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
    std::optional<ShortWrite> cut;
    try {
      if (shared_->before) shared_->before(Call::append, path_);
    } catch (const ShortWrite& failure) {
      cut = failure;
    }
    const FlagGuard guard(shared_->busy);
    content_->bytes += bytes.substr(0, cut ? cut->bytes : bytes.size());
    if (cut) throw FileError("write to", path_, cut->error);
  }
  void sync() override {
    try {
      if (shared_->before) shared_->before(Call::sync, path_);
    } catch (...) {
      const FlagGuard guard(shared_->busy);
      content_->sync_failed = true;
      throw;
    }
    const FlagGuard guard(shared_->busy);
    if (!content_->sync_failed) content_->synced = content_->bytes.size();
  }
  void close() override {
    if (shared_->before) shared_->before(Call::close, path_);
  }

 private:
  std::shared_ptr<Shared> shared_;
  std::shared_ptr<Content> content_;
  std::string path_;
};

class MemoryFileSystem::Locking final : public FileLock {
 public:
  Locking(std::shared_ptr<Shared> shared, std::string path) : shared_(std::move(shared)), path_(std::move(path)) {
    const FlagGuard guard(shared_->busy);
    if (!shared_->locked.insert(path_).second) throw FileError("lock", path_, EWOULDBLOCK);
    std::shared_ptr<Content>& content = shared_->names.files[path_];
    if (!content) content = std::make_shared<Content>();
  }
  ~Locking() override {
    const FlagGuard guard(shared_->busy);
    shared_->locked.erase(path_);
  }

 private:
  std::shared_ptr<Shared> shared_;
  std::string path_;
};

void MemoryFileSystem::lose_bytes(Content& content, const std::function<bool()>& survives) {
  std::size_t kept = content.synced;
  for (std::size_t at = content.synced; at < content.bytes.size(); at += block_bytes) {
    const std::size_t size = std::min(block_bytes, content.bytes.size() - at);
    if (survives()) {
      kept = at + size;
    } else {
      content.bytes.replace(at, size, size, '\0');
    }
  }
  content.bytes.resize(kept);
  content.synced = kept;
  content.sync_failed = false;
}

void MemoryFileSystem::write(const std::string& path, std::string_view content) {
  const FlagGuard guard(shared_->busy);
  const auto file = std::make_shared<Content>(Content{std::string(content), content.size()});
  shared_->names.files[path] = file;
  shared_->durable.files[path] = file;
  for (std::string above = parent_of(path); shared_->names.directories.contains(above); above = parent_of(above)) {
    shared_->durable.directories.insert(above);
  }
}

std::string MemoryFileSystem::content(const std::string& path) const {
  const FlagGuard guard(shared_->busy);
  const auto found = shared_->names.files.find(path);
  if (found == shared_->names.files.end()) throw FileError("open", path, ENOENT);
  return found->second->bytes;
}

void MemoryFileSystem::before_each_call(std::function<void(Call, const std::string&)> action) {
  shared_->before = std::move(action);
}

void MemoryFileSystem::lose_unsynced_bytes() {
  const FlagGuard guard(shared_->busy);
  for (const auto& [path, content] : shared_->names.files) lose_bytes(*content, lost);
}

void MemoryFileSystem::lose_unsynced() { lose_unsynced(lost); }

void MemoryFileSystem::lose_unsynced(const std::function<bool()>& survives) {
  const FlagGuard guard(shared_->busy);
  Names& now = shared_->names;
  Names& durable = shared_->durable;
  for (const std::string& path : now.directories) {
    if (!durable.directories.contains(path) && survives()) durable.directories.insert(path);
  }
  std::erase_if(durable.directories,
                [&](const std::string& path) { return !now.directories.contains(path) && survives(); });
  for (const auto& [path, content] : now.files) {
    const auto before = durable.files.find(path);
    if ((before == durable.files.end() || before->second != content) && survives()) durable.files[path] = content;
  }
  const auto lost_by_renaming = [&](const auto& file) {  // if its new name is lost, and the old one were gone too
    const auto same = [&](const auto& other) { return other.first != file.first && other.second == file.second; };
    return std::ranges::any_of(now.files, same) && std::ranges::none_of(durable.files, same);
  };
  std::erase_if(durable.files, [&](const auto& file) {
    return !now.files.contains(file.first) && !lost_by_renaming(file) && survives();
  });
  const auto is_cut_off = [&](const std::string& path) {
    // A directory that was made and is not durable takes with it all that is below.
    for (std::string above = parent_of(path); above != parent_of(above); above = parent_of(above)) {
      if (now.directories.contains(above) && !durable.directories.contains(above)) return true;
    }
    return false;
  };
  std::erase_if(durable.files, [&](const auto& file) { return is_cut_off(file.first); });
  std::erase_if(durable.directories, is_cut_off);
  now = durable;
  for (const auto& [path, content] : now.files) lose_bytes(*content, survives);
}

FileKind MemoryFileSystem::Names::kind_of(const std::string& path) const {
  if (files.contains(path)) return FileKind::regular;
  const std::string inside = path + "/";
  const auto below = files.lower_bound(inside);
  const bool holds_files = below != files.end() && below->first.starts_with(inside);
  return holds_files || directories.contains(path) ? FileKind::directory : FileKind::missing;
}

FileDescription MemoryFileSystem::describe(const std::string& path) const {
  const FlagGuard guard(shared_->busy);
  const FileKind kind = shared_->names.kind_of(path);
  return {kind, kind == FileKind::regular ? shared_->names.files.at(path)->bytes.size() : 0};
}

std::unique_ptr<ReadableFile> MemoryFileSystem::open_to_read(const std::string& path) {
  announce(Call::open_to_read, path);
  const FlagGuard guard(shared_->busy);
  const FileKind kind = shared_->names.kind_of(path);
  if (kind != FileKind::regular) throw FileError("open", path, kind == FileKind::missing ? ENOENT : EISDIR);
  return std::make_unique<Reading>(shared_, shared_->names.files.at(path), path);
}

std::unique_ptr<WritableFile> MemoryFileSystem::create(const std::string& path) { return open_to_write(path, false); }

std::unique_ptr<WritableFile> MemoryFileSystem::open_to_append(const std::string& path) {
  return open_to_write(path, true);
}

std::unique_ptr<WritableFile> MemoryFileSystem::open_to_write(const std::string& path, bool keep) {
  announce(Call::create, path);
  const FlagGuard guard(shared_->busy);
  if (shared_->names.kind_of(path) == FileKind::directory) throw FileError("write to", path, EISDIR);
  std::shared_ptr<Content>& content = shared_->names.files[path];
  if (!content) content = std::make_shared<Content>();
  if (!keep) *content = {};
  return std::make_unique<Writing>(shared_, content, path);
}

void MemoryFileSystem::link(const std::string& from, const std::string& to) {
  throw FileError("link as '" + to + "'", from, EOPNOTSUPP);
}

void MemoryFileSystem::rename(const std::string& from, const std::string& to) {
  announce(Call::rename, from);
  const FlagGuard guard(shared_->busy);
  if (shared_->names.kind_of(from) != FileKind::regular) throw FileError("rename to '" + to + "'", from, ENOENT);
  auto content = shared_->names.files.at(from);
  shared_->names.files.erase(from);
  shared_->names.files[to] = std::move(content);
}

void MemoryFileSystem::remove(const std::string& path) {
  announce(Call::remove, path);
  const FlagGuard guard(shared_->busy);
  Names& names = shared_->names;
  if (names.files.erase(path) > 0) return;
  const std::string inside = path + "/";
  const auto holds = [&](const auto& sorted, const auto& name_of) {
    const auto below = sorted.lower_bound(inside);
    return below != sorted.end() && name_of(*below).starts_with(inside);
  };
  const bool holds_files = holds(names.files, [](const auto& file) { return file.first; });
  if (holds_files || holds(names.directories, [](const std::string& name) { return name; })) {
    throw FileError("remove", path, ENOTEMPTY);
  }
  if (names.directories.erase(path) == 0) throw FileError("remove", path, ENOENT);
}

void MemoryFileSystem::create_directories(const std::string& path) {
  announce(Call::create, path);
  const FlagGuard guard(shared_->busy);
  if (shared_->names.files.contains(path)) throw FileError("create directory", path, EEXIST);
  for (std::string made = path; made != parent_of(made) && shared_->names.kind_of(made) == FileKind::missing;
       made = parent_of(made)) {
    shared_->names.directories.insert(made);
  }
}

std::vector<std::string> MemoryFileSystem::list(const std::string& path) const {
  announce(Call::list, path);
  const FlagGuard guard(shared_->busy);
  if (shared_->names.kind_of(path) != FileKind::directory) throw FileError("list", path, ENOENT);
  std::set<std::string> names;
  const auto add = [&](const std::string& full) {
    if (full.size() > path.size() + 1 && full.starts_with(path + "/")) {
      names.insert(full.substr(path.size() + 1, full.find('/', path.size() + 1) - path.size() - 1));
    }
  };
  for (const auto& [full, content] : shared_->names.files) add(full);
  for (const std::string& full : shared_->names.directories) add(full);
  return {names.begin(), names.end()};
}

void MemoryFileSystem::sync_directory(const std::string& path) {
  announce(Call::sync_directory, path);
  const FlagGuard guard(shared_->busy);
  const Names& now = shared_->names;
  Names& durable = shared_->durable;
  const std::string directory = path.size() > 1 && path.back() == '/' ? path.substr(0, path.size() - 1) : path;
  std::erase_if(durable.files, [&](const auto& file) { return parent_of(file.first) == directory; });
  std::erase_if(durable.directories, [&](const std::string& name) { return parent_of(name) == directory; });
  for (const auto& [name, content] : now.files) {
    if (parent_of(name) == directory) durable.files[name] = content;
  }
  for (const std::string& name : now.directories) {
    if (parent_of(name) == directory) durable.directories.insert(name);
  }
}

std::unique_ptr<FileLock> MemoryFileSystem::lock(const std::string& path) {
  announce(Call::lock, path);
  return std::make_unique<Locking>(shared_, path);
}

void MemoryFileSystem::announce(Call call, const std::string& path) const {
  if (shared_->before) shared_->before(call, path);
}

}  // namespace streamwork::testing
