#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <streamwork/connectors/file_lines.hpp>
#include <utility>

#include "descriptor.hpp"
#include "descriptor_input.hpp"

namespace streamwork {

/// What the readers of one start share: a plain file, or else a descriptor that only one of them reads.
struct FileLines::OpenFile {
  std::string path;
  std::shared_ptr<ReadableFile> plain;
  std::uint64_t size = 0;  ///< of a plain file when it was opened
  std::shared_ptr<const Descriptor> stream;
};

namespace {

/// The bytes of a plain file from a block's beginning on.
class BlockInput final : public ByteInput {
 public:
  BlockInput(std::shared_ptr<const FileLines::OpenFile> file, std::uint64_t begin, std::uint64_t end)
      : file_(std::move(file)), next_(begin), end_(end) {}

  Result read(std::span<char> into) override {
    const std::size_t count = file_->plain->read_at(next_, into.first(std::min(into.size(), wanted())));
    next_ += count;
    if (count > 0) return {InputState::bytes, count};
    if (next_ < file_->size) {
      throw std::runtime_error("file '" + file_->path + "' had " + std::to_string(file_->size) +
                               " bytes when the job started and now ends at " + std::to_string(next_));
    }
    return {InputState::ended};
  }

 private:
  /// Up to the block's end; behind it, where only the last line's end is looked for, a little, then more and more.
  std::size_t wanted() const { return next_ < end_ ? end_ - next_ : std::max<std::size_t>(4096, next_ - end_); }

  std::shared_ptr<const FileLines::OpenFile> file_;
  std::uint64_t next_;
  std::uint64_t end_;
};

std::shared_ptr<const Descriptor> open_stream(const std::string& path) {
  // Not to wait in `open` for a pipe's writer. A descriptor of our own, so the flag disturbs nobody.
  const int number = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (number < 0) throw FileError("open", path, errno);
  return std::make_shared<Descriptor>(number);
}

}  // namespace

FileLines::FileLines(std::string path, FileLinesOptions options)
    : path_(std::move(path)), options_(std::move(options)) {
  if (options_.block_bytes == 0) throw std::invalid_argument("file_lines: a block has at least 1 byte");
  if (options_.rate) static_cast<void>(Pace(*options_.rate));  // a bad rate is refused where it was written
  if (!options_.file_system) options_.file_system = RealFileSystem::instance();
}

std::shared_ptr<FileLines::OpenFile> FileLines::open_file() const {
  auto file = std::make_shared<OpenFile>();
  file->path = path_;
  if (options_.file_system->describe(path_).kind == FileKind::other) {
    file->stream = open_stream(path_);
  } else {
    file->plain = options_.file_system->open_to_read(path_);
    file->size = file->plain->size();
  }
  return file;
}

std::vector<FileLines::Split> FileLines::splits(const SplitRequest&) const {
  const auto pace = options_.rate ? std::make_shared<LinePace>(*options_.rate) : nullptr;
  constexpr std::uint64_t no_end = std::numeric_limits<std::uint64_t>::max();
  const std::shared_ptr<OpenFile> file = open_file();
  if (file->stream) return {{file, 0, no_end, pace}};
  // The last block has no end, so that a file that grows, or whose size is not known (/proc), is read as far as it
  // goes.
  std::vector<Split> splits;
  std::uint64_t begin = 0;
  for (; file->size - begin > options_.block_bytes; begin += options_.block_bytes) {
    splits.push_back({file, begin, begin + options_.block_bytes, pace});
  }
  splits.push_back({file, begin, no_end, pace});
  return splits;
}

std::vector<FileLines::Split> FileLines::splits_at(const SplitRequest&, const std::vector<Position>& positions) const {
  const auto pace = options_.rate ? std::make_shared<LinePace>(*options_.rate) : nullptr;
  const std::shared_ptr<OpenFile> file = open_file();
  std::vector<Split> splits;
  for (const Position& rest : positions) {
    // What follows a last line without line end is one byte behind the end.
    if (file->plain && rest.next > file->size + 1) {
      throw std::runtime_error("file '" + path_ + "' has " + std::to_string(file->size) +
                               " bytes, but the checkpoint has read it up to byte " + std::to_string(rest.next) +
                               ": is it another file?");
    }
    splits.push_back({file, file->stream ? 0 : rest.next, rest.end, pace});
  }
  return splits;
}

bool FileLines::replayable(const std::vector<Split>& splits) const {
  return splits.empty() || splits.front().file->plain != nullptr;
}

FileLines::Reader FileLines::open(const Split& split, SourceContext& context) const {
  LineSplit lines{"file '" + path_ + "'", split.begin, split.end, options_.greatest_line_bytes, split.pace};
  if (split.file->stream) {
    auto input = std::make_unique<DescriptorInput>(split.file->stream, "'" + path_ + "'", context);
    return Reader(split.end, split.end, LineReader(std::move(lines), std::move(input), context));
  }
  const std::uint64_t first_byte = split.begin > 0 ? split.begin - 1 : 0;
  return Reader(split.end, split.file->size,
                LineReader(std::move(lines), std::make_unique<BlockInput>(split.file, first_byte, split.end), context));
}

FileLines file_lines(std::string path, FileLinesOptions options) {
  return FileLines(std::move(path), std::move(options));
}

}  // namespace streamwork
