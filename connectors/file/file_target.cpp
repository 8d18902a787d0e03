#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <span>
#include <streamwork/connectors/text_target.hpp>
#include <string_view>
#include <utility>

#include "part_directory.hpp"
#include "stream_target.hpp"

namespace streamwork {

namespace {

constexpr std::string_view directory_prefix = "dir:";

/// A plain file that all instances append to; the last one to close closes it.
class PlainFile final : public OpenTextTarget, public std::enable_shared_from_this<PlainFile> {
 public:
  PlainFile(std::unique_ptr<WritableFile> file, bool goes_on, std::int64_t instances)
      : file_(std::move(file)), goes_on_(goes_on), users_(instances) {}

  std::unique_ptr<ByteOutput> open(SinkContext&) override { return std::make_unique<Output>(shared_from_this()); }
  bool has_beginning() const override { return goes_on_; }

 private:
  class Output final : public ByteOutput {
   public:
    explicit Output(std::shared_ptr<PlainFile> shared) : shared_(std::move(shared)) {}
    std::size_t write(std::string_view text) override {
      shared_->file_->append(text);  // waits for the disk if it must, as nothing can tell beforehand
      return text.size();
    }
    void close() override {
      if (shared_->users_.fetch_sub(1) == 1) shared_->file_->close();
    }

   private:
    std::shared_ptr<PlainFile> shared_;
  };

  std::unique_ptr<WritableFile> file_;
  bool goes_on_;  ///< behind what an earlier run wrote
  std::atomic<std::int64_t> users_;
};

/// True if the last line has no end: the run that wrote it was cut off in the middle.
bool ends_in_half_line(FileSystem& file_system, const std::string& path, std::uint64_t size) {
  char last = '\n';
  file_system.open_to_read(path)->read_at(size - 1, std::span(&last, 1));
  return last != '\n';
}

std::shared_ptr<OpenTextTarget> open_plain_file(FileSystem& file_system, const std::string& path,
                                                const FileDescription& found, const SinkRequest& request) {
  const bool goes_on = request.restored && found.size > 0;
  if (!goes_on) return std::make_shared<PlainFile>(file_system.create(path), false, request.parallelism);
  auto file = file_system.open_to_append(path);
  // Its event comes again, whole.
  if (ends_in_half_line(file_system, path, found.size)) file->append("\n");
  return std::make_shared<PlainFile>(std::move(file), true, request.parallelism);
}

class FileTarget final : public TextTarget {
 public:
  FileTarget(std::string path, std::shared_ptr<FileSystem> file_system)
      : path_(std::move(path)), file_system_(file_system ? std::move(file_system) : RealFileSystem::instance()) {}

  std::shared_ptr<OpenTextTarget> open(const SinkRequest& request) const override {
    if (path_ == "-" || path_ == "/dev/stdout") return open_standard_output(request.parallelism);
    if (path_.starts_with(directory_prefix))
      return open_part_directory(file_system_, path_.substr(directory_prefix.size()), request);
    const FileDescription found = file_system_->describe(path_);
    if (found.kind == FileKind::other) return open_stream(path_, request.parallelism);
    return open_plain_file(*file_system_, path_, found, request);
  }

 private:
  std::string path_;
  std::shared_ptr<FileSystem> file_system_;
};

}  // namespace

std::shared_ptr<const TextTarget> file_target(std::string path, std::shared_ptr<FileSystem> file_system) {
  return std::make_shared<FileTarget>(std::move(path), std::move(file_system));
}

}  // namespace streamwork
