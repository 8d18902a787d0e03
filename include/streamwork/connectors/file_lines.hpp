// The lines of a file as a source.
//
//   job.source("lines", sw::file_lines("access.log"), {.parallelism = 4})
//      .flat_map("parse", sw::parse_json<Request>())
//
// The file is cut into blocks (the source's splits), which are handed out in the order of the file: several instances
// share its lines, one instance reads them in order. A line belongs to the block in which its first byte stands.
//
// A path may also name a pipe (FIFO), a terminal or another device: that is read by one instance, from wherever it
// stands, and never blocks a worker.
// Thread rule: the source is a description; readers belong to their instances.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <streamwork/connectors/line_reader.hpp>
#include <streamwork/file_system.hpp>
#include <streamwork/line.hpp>
#include <streamwork/source.hpp>
#include <string>
#include <utility>
#include <vector>

namespace streamwork {

struct FileLinesOptions {
  /// Bytes of a block. Smaller ones share a short file out more evenly, larger ones cost less; at least 1.
  std::uint64_t block_bytes = std::uint64_t{1} << 20U;
  /// Lines per second, of all instances together (open loop, pace.hpp); without it as fast as the job takes them.
  std::optional<double> rate = std::nullopt;
  /// A longer line ends the job with an error that names file and offset.
  std::size_t greatest_line_bytes = std::size_t{16} << 20U;
  /// Where the file is; nullptr: on the machine.
  std::shared_ptr<FileSystem> file_system = nullptr;
};

/// What `file_lines` returns.
class FileLines {
 public:
  using Event = Line;  ///< with the position in the file
  struct OpenFile;
  /// The lines that begin at byte `begin` or behind it and before `end`; the last block has no end.
  struct Split {
    std::shared_ptr<const OpenFile> file;
    std::uint64_t begin;
    std::uint64_t end;
    std::shared_ptr<LinePace> pace;
  };
  /// The lines that begin at byte `next` or behind it and before `end`.
  struct Position {
    std::uint64_t next;
    std::uint64_t end;
  };
  /// A line reader that also tells where it stands.
  class Reader;
  static constexpr SplitOrder split_order = SplitOrder::one_after_another;

  FileLines(std::string path, FileLinesOptions options);
  /// Opens the file. Throws `FileError` if it is missing, a directory, or may not be read.
  std::vector<Split> splits(const SplitRequest& request) const;
  Reader open(const Split& split, SourceContext& context) const;

  Position position(const Split& split) const { return {split.begin, split.end}; }
  /// Throws as `splits`, and `std::runtime_error` if the file is shorter than what was read of it.
  std::vector<Split> splits_at(const SplitRequest& request, const std::vector<Position>& positions) const;
  /// False for a pipe or a device.
  bool replayable(const std::vector<Split>& splits) const;

 private:
  std::shared_ptr<OpenFile> open_file() const;

  std::string path_;
  FileLinesOptions options_;
};

class FileLines::Reader : public LineReader {
 public:
  /// The file had `size` bytes when it was opened.
  Reader(std::uint64_t end, std::uint64_t size, LineReader lines)
      : LineReader(std::move(lines)), end_(end), size_(size) {}
  Position position() const { return position_at(next_position()); }

  // Places are those of bytes; a line counts where it begins.
  std::uint64_t place() const { return next_position(); }
  std::uint64_t end_place() const { return std::min(end_, size_); }
  Position position_at(std::uint64_t place) const { return {place, end_}; }

 private:
  std::uint64_t end_;
  std::uint64_t size_;
};

/// A source of the lines of a file.
/// Throws `std::invalid_argument` for options out of range. While it runs, the source throws `FileError` when the file
/// cannot be read, and `std::runtime_error` when a line is too long or the file has become shorter.
FileLines file_lines(std::string path, FileLinesOptions options = {});

}  // namespace streamwork
