#include "part_directory.hpp"

#include <unistd.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <cerrno>
#include <exception>
#include <stdexcept>
#include <streamwork/errors.hpp>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "part_name.hpp"

namespace streamwork {

namespace {

/// How much was written to a part, and its checksum.
class PartSum {
 public:
  PartSum() : state_(XXH3_createState()) { XXH3_64bits_reset(state_.get()); }

  void add(std::string_view text) {
    XXH3_64bits_update(state_.get(), text.data(), text.size());
    bytes_ += text.size();
  }
  std::uint64_t bytes() const { return bytes_; }
  std::uint64_t checksum() const { return XXH3_64bits_digest(state_.get()); }

 private:
  struct Free {
    void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
  };
  std::unique_ptr<XXH3_state_t, Free> state_;
  std::uint64_t bytes_ = 0;
};

/// A part until it is durable. Used by its instance, then by one thread of the engine at a time.
class PartInWriting {
 public:
  PartInWriting(std::shared_ptr<FileSystem> files, std::string directory, const std::string& name)
      : files_(std::move(files)), directory_(std::move(directory)), file_(files_->create(directory_ + "/" + name)) {}

  void append(std::string_view text) {
    file_->append(text);
    sum_.add(text);
  }
  const PartSum& sum() const { return sum_; }

  /// Bytes and name survive a power failure. After a failure it fails for ever: the system may have dropped what it could
  /// not write, and would say nothing the next time.
  void make_durable() {
    if (failure_) std::rethrow_exception(failure_);
    if (!file_) return;
    try {
      file_->sync();
      std::exchange(file_, nullptr)->close();
      files_->sync_directory(directory_);
    } catch (...) {
      failure_ = std::current_exception();
      throw;
    }
  }

 private:
  std::shared_ptr<FileSystem> files_;
  std::string directory_;
  std::unique_ptr<WritableFile> file_;
  std::exception_ptr failure_;
  PartSum sum_;
};

/// Keeps other jobs out of a directory: what they begin anew they would take from under this one. The file is removed when
/// the job gives the directory back; after a kill it stays, and locks nobody out.
class DirectoryLock final : public FileLock {
 public:
  DirectoryLock(std::shared_ptr<FileSystem> files, const std::string& directory)
      : files_(std::move(files)), path_(directory + "/.lock") {
    try {
      lock_ = files_->lock(path_);
    } catch (const FileError& error) {
      if (error.code() != std::errc::operation_would_block) throw;
      throw std::runtime_error("the directory '" + directory + "' is being written to by another job" + holder() +
                               ": wait until it has ended, or write elsewhere");
    }
    tell_holder();
  }
  DirectoryLock(const DirectoryLock&) = delete;
  DirectoryLock& operator=(const DirectoryLock&) = delete;
  ~DirectoryLock() override {
    try {
      files_->remove(path_);
    } catch (const FileError&) {
      // It locks nobody out.
    }
  }

 private:
  void tell_holder() {
    try {
      const std::unique_ptr<WritableFile> file = files_->create(path_);
      file->append(std::to_string(::getpid()) + "\n");
      file->close();
    } catch (const FileError&) {
      // It is locked all the same.
    }
  }
  /// " (process 123)", as far as it can be told.
  std::string holder() const {
    try {
      char text[20];
      const std::size_t size = files_->open_to_read(path_)->read_at(0, text);
      const std::string_view line(text, size);
      if (line.ends_with('\n')) return " (process " + std::string(line.substr(0, size - 1)) + ")";
    } catch (const FileError&) {
      // It has just been given back.
    }
    return {};
  }

  std::shared_ptr<FileSystem> files_;
  std::string path_;
  std::unique_ptr<FileLock> lock_;
};

class PartDirectory final : public OpenTextTarget, public std::enable_shared_from_this<PartDirectory> {
 public:
  PartDirectory(std::shared_ptr<FileSystem> files, std::string path, std::shared_ptr<FileLock> lock,
                const SinkRequest& request)
      : files_(std::move(files)),
        path_(std::move(path)),
        lock_(std::move(lock)),
        request_(request),
        vertex_(vertex_in_name(request.vertex)) {}

  void begin_anew() const;

  std::unique_ptr<ByteOutput> open(SinkContext& context) override;
  bool has_parts() const override { return true; }
  void publish(const TextPart& part) override;
  void recover(std::uint64_t checkpoint, const std::vector<TextPart>& parts) override;

 private:
  class Output;
  struct Found {
    std::string name;
    NamedPart part;
  };

  std::string path_of(const std::string& name) const { return path_ + "/" + name; }
  std::vector<Found> parts() const;
  bool has_published(const TextPart& part) const;
  void require_whole(const TextPart& part) const;
  void withdraw(std::uint64_t checkpoint, const std::vector<Found>& later) const;

  std::shared_ptr<FileSystem> files_;
  std::string path_;
  std::shared_ptr<FileLock> lock_;
  SinkRequest request_;
  std::string vertex_;
};

class PartDirectory::Output final : public ByteOutput {
 public:
  Output(std::shared_ptr<PartDirectory> directory, std::int64_t instance) : directory_(std::move(directory)) {
    next_.attempt = directory_->request_.attempt;
    next_.instance = instance;
  }

  std::size_t write(std::string_view text) override {
    if (!part_) {
      part_ = std::make_shared<PartInWriting>(directory_->files_, directory_->path_,
                                              pending_name(directory_->vertex_, next_));
    }
    part_->append(text);  // as for a plain file, nothing can tell beforehand whether it waits for the disk
    return text.size();
  }

  Prepared<TextPart> end_part(std::uint64_t checkpoint) override {
    if (!part_) return {};
    TextPart ended = next_;
    ended.checkpoint = checkpoint;
    ended.bytes = part_->sum().bytes();
    ended.checksum = part_->sum().checksum();
    ++next_.serial;
    return {ended, [part = std::exchange(part_, nullptr)] { part->make_durable(); }};
  }

  void close() override { part_.reset(); }

 private:
  std::shared_ptr<PartDirectory> directory_;
  TextPart next_;
  std::shared_ptr<PartInWriting> part_;
};

std::unique_ptr<ByteOutput> PartDirectory::open(SinkContext& context) {
  return std::make_unique<Output>(shared_from_this(), context.instance());
}

/// What lies there of ours, of all vertices.
std::vector<PartDirectory::Found> PartDirectory::parts() const {
  std::vector<Found> found;
  for (const std::string& name : files_->list(path_)) {
    if (auto part = read_part_name(name)) found.push_back({name, std::move(*part)});
  }
  return found;
}

void PartDirectory::begin_anew() const {
  const std::vector<Found> found = parts();
  const auto published = std::ranges::find_if(found, [](const Found& one) { return one.part.published; });
  if (published != found.end() && !request_.overwrite_output) {
    throw std::runtime_error(
        "the directory '" + path_ + "' holds results of an earlier run, such as '" + published->name +
        "', and this one begins anew. To go on with the earlier one, give its --checkpoint-dir and "
        "--restore latest; to remove its results, say --overwrite-output; or write elsewhere");
  }
  for (const Found& one : found) files_->remove(path_of(one.name));
  if (!found.empty()) files_->sync_directory(path_);
}

void PartDirectory::publish(const TextPart& part) {
  if (!has_published(part)) {
    throw std::runtime_error("'" + path_of(pending_name(vertex_, part)) +
                             "' is gone: somebody has removed results that were to be published");
  }
  files_->sync_directory(path_);
}

/// Gives the part its final name, unless it has it already. False: there is no such part.
bool PartDirectory::has_published(const TextPart& part) const {
  const std::string pending = path_of(pending_name(vertex_, part));
  const std::string published = path_of(published_name(vertex_, part));
  if (!files_->exists(pending)) return files_->exists(published);
  files_->rename(pending, published);
  return true;
}

/// What was prepared and is not published yet is still as it was written. Throws `DamagedResults`.
void PartDirectory::require_whole(const TextPart& part) const {
  const std::string path = path_of(pending_name(vertex_, part));
  if (part.bytes == 0 || !files_->exists(path)) return;
  const std::unique_ptr<ReadableFile> file = files_->open_to_read(path);
  PartSum sum;
  std::vector<char> piece(std::size_t{1} << 18U);
  while (const std::size_t size = file->read_at(sum.bytes(), piece)) sum.add(std::string_view(piece.data(), size));
  if (sum.bytes() != part.bytes) {
    throw DamagedResults("'" + path + "' is damaged: it has " + std::to_string(sum.bytes()) + " bytes, and " +
                         std::to_string(part.bytes) + " were written");
  }
  if (sum.checksum() != part.checksum)
    throw DamagedResults("'" + path + "' is damaged: its " + std::to_string(part.bytes) +
                         " bytes are not those that were written (checksum)");
}

void PartDirectory::recover(std::uint64_t checkpoint, const std::vector<TextPart>& to_publish) {
  for (const TextPart& part : to_publish) require_whole(part);
  std::vector<Found> own = parts();
  std::erase_if(own, [this](const Found& one) { return one.part.vertex != vertex_; });
  std::vector<Found> later;
  std::ranges::copy_if(own, std::back_inserter(later),
                       [&](const Found& one) { return one.part.published && one.part.part.checkpoint > checkpoint; });
  if (!later.empty() && request_.later_results != LaterResults::keep) withdraw(checkpoint, later);
  for (const TextPart& part : to_publish) {
    if (!has_published(part) && request_.note) {
      request_.note("sink '" + request_.vertex + "': results of checkpoint " + std::to_string(checkpoint) +
                    " are not in '" + path_ + "' ('" + published_name(vertex_, part) +
                    "'); if nobody has taken them away, look where the output was before");
    }
  }
  for (const Found& one : own) {
    if (!one.part.published && files_->exists(path_of(one.name))) files_->remove(path_of(one.name));
  }
  files_->sync_directory(path_);
}

void PartDirectory::withdraw(std::uint64_t checkpoint, const std::vector<Found>& later) const {
  if (request_.later_results == LaterResults::refuse) {
    std::uint64_t newest = 0;
    for (const Found& one : later) newest = std::max(newest, one.part.part.checkpoint);
    throw std::runtime_error("the directory '" + path_ + "' holds results up to checkpoint " + std::to_string(newest) +
                             ", such as '" + later.front().name + "', and the job is to go on from checkpoint " +
                             std::to_string(checkpoint) +
                             ". To remove what is newer, say --overwrite-output; to keep it, say --restore latest, or "
                             "write elsewhere");
  }
  for (const Found& one : later) files_->remove(path_of(one.name));
}

/// Makes the directory and those above it one by one, each durable before there is anything in it.
void make_directory(FileSystem& files, const std::string& path) {
  const std::size_t slash = path.find_last_of('/');
  const std::string above = slash == std::string::npos ? "." : path.substr(0, std::max<std::size_t>(slash, 1));
  if (above == path) return;
  const bool found = files.describe(path).kind == FileKind::directory;
  if (!found) {
    make_directory(files, above);
    files.create_directories(path);
  }
  try {
    files.sync_directory(above);  // also of one that is there: it may have been made a moment before a crash
  } catch (const FileError& error) {
    if (!found || error.code().value() != EACCES) throw;  // it was others who made it, and long ago
  }
}

}  // namespace

std::shared_ptr<OpenTextTarget> open_part_directory(std::shared_ptr<FileSystem> files, const std::string& path,
                                                    const SinkRequest& request) {
  std::string directory = path;
  while (directory.size() > 1 && directory.ends_with('/')) directory.pop_back();
  if (directory.empty()) throw std::invalid_argument("'dir:' names no directory: expected dir:PATH");
  make_directory(*files, directory);
  const auto take_lock = [&] { return std::make_shared<DirectoryLock>(files, directory); };
  std::shared_ptr<FileLock> lock = request.locks ? request.locks->share(directory, take_lock) : take_lock();
  auto target = std::make_shared<PartDirectory>(std::move(files), std::move(directory), std::move(lock), request);
  if (!request.restored) target->begin_anew();
  return target;
}

}  // namespace streamwork
