#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <streamwork/connectors/text_target.hpp>
#include <utility>

#include "stream_target.hpp"

namespace streamwork {

namespace {

/// A plain file that all instances append to; the last one to close closes it.
class PlainFile final : public OpenTextTarget, public std::enable_shared_from_this<PlainFile> {
 public:
  PlainFile(std::unique_ptr<WritableFile> file, std::int64_t instances) : file_(std::move(file)), users_(instances) {}

  std::unique_ptr<ByteOutput> open(SinkContext&) override { return std::make_unique<Output>(shared_from_this()); }

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
  std::atomic<std::int64_t> users_;
};

class FileTarget final : public TextTarget {
 public:
  FileTarget(std::string path, std::shared_ptr<FileSystem> file_system)
      : path_(std::move(path)), file_system_(file_system ? std::move(file_system) : RealFileSystem::instance()) {}

  std::shared_ptr<OpenTextTarget> open(const SinkRequest& request) const override {
    if (path_ == "-" || path_ == "/dev/stdout") return open_standard_output(request.parallelism);
    if (file_system_->describe(path_).kind == FileKind::other) return open_stream(path_, request.parallelism);
    return std::make_shared<PlainFile>(file_system_->create(path_), request.parallelism);
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
