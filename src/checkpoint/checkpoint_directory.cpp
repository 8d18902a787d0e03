#include "checkpoint/checkpoint_directory.hpp"

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <utility>

#include "checkpoint/damage.hpp"
#include "checkpoint/durable_files.hpp"
#include "checkpoint/last_number.hpp"
#include "checkpoint/stored_checkpoint.hpp"

namespace streamwork::checkpoint {

namespace {

constexpr std::string_view lock_name = "lock";

/// After the renaming has begun: whether it took place can no longer be told from its failure.
[[noreturn]] void fail_publishing(FileSystem& files, const std::string& manifest, const FileError& error) {
  bool untouched = false;
  try {
    untouched = !files.exists(manifest);
  } catch (const FileError&) {
    untouched = false;
  }
  if (untouched) throw FileError(error);
  throw OutcomeUnknown(error.what());
}

}  // namespace

CheckpointDirectory::CheckpointDirectory(std::shared_ptr<FileSystem> files, std::string path)
    : files_(std::move(files)), path_(std::move(path)) {
  if (path_.empty()) throw std::invalid_argument("the directory for checkpoints needs a name");
}

std::string CheckpointDirectory::path_of(Kind kind, std::uint64_t number) const {
  return path_in(path_, directory_name(kind, number));
}

void CheckpointDirectory::claim() {
  if (lock_) return;
  make_directory(*files_, path_);
  try {
    lock_ = files_->lock(path_in(path_, lock_name));
  } catch (const FileError& error) {
    if (error.code() == std::errc::operation_would_block) throw DirectoryInUse(path_);
    throw;
  }
}

std::uint64_t CheckpointDirectory::reserve_number(Kind kind, std::uint64_t above) {
  claim();
  const std::uint64_t number = std::max(last_number(), above) + 1;
  write_last_number(*files_, path_, number);
  // The directory itself is a second record: attempts above the newest checkpoint stay, should the file be damaged.
  files_->create_directories(path_of(kind, number));
  files_->sync_directory(path_);
  return number;
}

std::unique_ptr<SnapshotWriter> CheckpointDirectory::write_snapshot(Kind kind, std::uint64_t number,
                                                                    const std::string& name) const {
  return std::make_unique<SnapshotWriter>(*files_, path_of(kind, number), FileIdentity{number, name});
}

PutStore CheckpointDirectory::put_store(Kind kind, std::uint64_t number, const std::string& prefix,
                                        const typed::StoreSnapshot& store, Bytes bytes) const {
  return checkpoint::put_store(*files_, path_of(kind, number), prefix, store, bytes);
}

void CheckpointDirectory::publish(const Manifest& manifest) {
  const std::string directory = path_of(manifest.kind, manifest.number);
  const std::string path = path_in(directory, manifest_name);
  const std::string pending = path_in(directory, pending_manifest_name);
  const std::string text = manifest_text(manifest);
  if (files_->exists(path)) throw std::logic_error("'" + path + "' is there already; a checkpoint is published once");
  check_presence(*files_, directory, manifest);
  write_file(*files_, pending, text);
  files_->sync_directory(directory);  // all files are there before the manifest is
  try {
    files_->rename(pending, path);
    files_->sync_directory(directory);
  } catch (const FileError& error) {
    fail_publishing(*files_, path, error);
  }
}

std::vector<std::string> CheckpointDirectory::names() const { return names_in(*files_, path_); }

Search CheckpointDirectory::newest_usable() {
  Search search;
  for (const std::string& name : names()) {
    search.newest = try_read(name, search.passed_over);
    if (!search.newest) continue;
    make_name_durable(*files_, search.newest->path);
    break;
  }
  return search;
}

std::optional<FoundCheckpoint> CheckpointDirectory::try_read(const std::string& name,
                                                             std::vector<PassedOver>& passed_over) {
  const std::string path = path_in(path_, name);
  const std::string manifest = path_in(path, manifest_name);
  std::string reason;
  try {
    if (!files_->exists(manifest)) {
      passed_over.push_back({path, FileError("open", manifest, ENOENT).what(), true});
      return std::nullopt;
    }
    FoundCheckpoint found{path, read_checkpoint(*files_, path)};
    verify_checkpoint(*files_, path, found.manifest);
    return found;
  } catch (const DamagedFile& error) {
    reason = error.what();
  } catch (const FileError& error) {
    if (!is_damage(error)) throw;
    reason = error.what();
  }
  passed_over.push_back({path, reason});
  damaged_.insert(name);
  return std::nullopt;
}

bool CheckpointDirectory::set_aside(const std::string& path) {
  const std::string name = last_name_of(path);
  const auto known = read_directory_name(name);
  if (path_in(path_, name) != path || !known || known->number <= history().begun_after) return false;
  std::vector<PassedOver> passed_over;
  const auto can_be_used = [&](const std::string& other) {
    return other != name && try_read(other, passed_over).has_value();
  };
  if (std::ranges::none_of(names(), can_be_used)) return false;
  files_->rename(path_in(path, manifest_name), path_in(path, unused_manifest_name));
  files_->sync_directory(path);
  return true;
}

std::vector<std::string> CheckpointDirectory::retain(std::size_t count) {
  std::vector<std::string> problems;
  for (const std::string& name : superfluous(count)) {
    try {
      remove_checkpoint(*files_, path_in(path_, name));
    } catch (const FileError& error) {
      problems.emplace_back(error.what());
    }
  }
  return problems;
}

std::vector<std::string> CheckpointDirectory::superfluous(std::size_t count) const {
  std::vector<std::string> result;
  std::size_t whole_checkpoints = 0;
  bool any_whole = false;
  for (const std::string& name : names()) {
    const bool savepoint = read_directory_name(name)->savepoint;
    if (is_whole(name)) {
      any_whole = true;
      if (savepoint) continue;
      if (whole_checkpoints == count) {
        result.push_back(name);
      } else {
        ++whole_checkpoints;
      }
    } else if (!files_->exists(path_in(path_in(path_, name), manifest_name))) {
      if (any_whole) result.push_back(name);
    } else if (!savepoint && whole_checkpoints == count) {
      result.push_back(name);
    }
  }
  std::ranges::reverse(result);  // oldest first: whatever stops the removal, the newest are there
  return result;
}

bool CheckpointDirectory::is_whole(const std::string& name) const {
  if (damaged_.contains(name)) return false;
  const std::string path = path_in(path_, name);
  try {
    check_presence(*files_, path, read_checkpoint(*files_, path));
    return true;
  } catch (const DamagedFile&) {
    return false;
  } catch (const NewerFormat&) {
    return false;
  } catch (const FileError& error) {
    if (!is_damage(error)) throw;
    return false;
  }
}

std::uint64_t CheckpointDirectory::last_number() const {
  std::uint64_t last = 0;
  for (const std::string& name : names()) last = std::max(last, read_directory_name(name)->number);
  try {
    return std::max(last, read_last_number(*files_, path_).value_or(0));
  } catch (const DamagedFile&) {
    return last;  // the directories tell: an attempt stays until a newer checkpoint is whole
  } catch (const FileError& error) {
    if (!is_damage(error)) throw;
    return last;
  }
}

}  // namespace streamwork::checkpoint
