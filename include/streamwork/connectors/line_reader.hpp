// Lines from bytes: what every source of lines (file, standard input, TCP) is made of. A connector of your own
// implements `ByteInput` and lets a `LineReader` be its reader.
//
// Lines end in "\n" or "\r\n"; a last line without line end counts, a "\r" at its end being half a line end. NUL bytes
// and invalid UTF-8 are passed on as they are. Thread rule: used by one instance.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <streamwork/connectors/pace.hpp>
#include <streamwork/line.hpp>
#include <streamwork/source.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace streamwork {

/// What an input had to say when it was asked for bytes.
enum class InputState : std::uint8_t {
  bytes,        ///< some came
  nothing_yet,  ///< none at the moment; it has arranged to be woken through the source's context
  ended,        ///< there will be none ever more
  closed,       ///< the stream ended as it should; another one follows, whose positions begin at 0
  broken,       ///< the stream broke off, its unfinished line is dropped; another one follows
};

/// Where a `LineReader` gets its bytes.
class ByteInput {
 public:
  struct Result {
    InputState state;
    std::size_t count = 0;  ///< of bytes; above 0 for `InputState::bytes`
  };

  ByteInput() = default;
  ByteInput(const ByteInput&) = delete;
  ByteInput& operator=(const ByteInput&) = delete;
  virtual ~ByteInput() = default;

  /// Puts what is there, without waiting for more, into `into`, which is not empty. Throws what cannot be mended.
  virtual Result read(std::span<char> into) = 0;
};

/// The bytes that came and are not used up yet, and the search for line ends in them.
class LineBuffer {
 public:
  /// `position`: of the first byte that will come.
  explicit LineBuffer(std::uint64_t position)
      : bytes_(std::make_unique_for_overwrite<char[]>(first_capacity)), position_(position) {}

  /// Looks for the end of the next line. True: `line()` is whole. Asking again costs nothing.
  bool find() {
    if (found_) return true;
    const char* newline = static_cast<const char*>(std::memchr(bytes_.get() + searched_, '\n', end_ - searched_));
    if (newline == nullptr) {
      searched_ = end_;
      return false;
    }
    searched_ = static_cast<std::size_t>(newline - bytes_.get());
    found_ = true;
    return true;
  }
  /// The line that was found, without its line end. REQUIRES: `find` returned true.
  std::string_view line() const {
    const std::string_view line(bytes_.get() + begin_, searched_ - begin_);
    return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
  }
  /// Goes on behind the line that was found.
  void drop_line() {
    position_ += searched_ + 1 - begin_;
    begin_ = ++searched_;
    found_ = false;
  }

  /// All bytes that are there. REQUIRES: `find` returned false.
  std::string_view rest() const { return {bytes_.get() + begin_, end_ - begin_}; }
  void drop_rest() {
    position_ += end_ - begin_;
    begin_ = end_ = searched_ = 0;
  }
  /// Forgets what is there; the next byte stands at `position`.
  void restart(std::uint64_t position) {
    drop_rest();
    position_ = position;
  }

  /// Where the first byte of the next line stands.
  std::uint64_t position() const { return position_; }

  /// Room for more bytes, as much as is there and never little: a long line is moved a few times, not at every read.
  std::span<char> room();
  /// So many bytes were put there.
  void filled(std::size_t count) { end_ += count; }

 private:
  /// Enough for thousands of lines per read; still in a core's second-level cache when the lines are looked at.
  static constexpr std::size_t first_capacity = 128U << 10U;

  std::unique_ptr<char[]> bytes_;
  std::size_t capacity_ = first_capacity;
  std::size_t begin_ = 0;     ///< of the next line
  std::size_t searched_ = 0;  ///< no newline before; if `found_`, it is here
  std::size_t end_ = 0;       ///< of the bytes
  bool found_ = false;
  std::uint64_t position_;
};

/// Limits the lines of all instances together to a rate (pace.hpp).
struct LinePace {
  explicit LinePace(double rate) : pace(rate) {}
  Pace pace;
  std::atomic<std::uint64_t> next{0};  ///< place of the next line, from whichever instance it comes
};

/// What a line source says about one of its splits.
struct LineSplit {
  std::string name;  ///< in messages: "file 'lines.txt'"
  /// The lines whose first byte stands at `begin` or behind it and before `end`. If `begin` is above 0, the input
  /// starts one byte earlier: that byte tells whether a line begins at `begin`.
  std::uint64_t begin = 0;
  std::uint64_t end = std::numeric_limits<std::uint64_t>::max();
  /// A longer line ends the job with an error: memory must stay bounded.
  std::size_t greatest_line_bytes = std::size_t{16} << 20U;
  std::shared_ptr<LinePace> pace{};
};

/// The reader of a source of lines. A line is given to the job by reference; one that keeps it copies it.
class LineReader {
 public:
  LineReader(LineSplit split, std::unique_ptr<ByteInput> input, SourceContext& context);

  template <class Push>
  ReadStatus read(Push&& push, std::size_t limit) {
    // At most one read of the input per call, so that the instance can look at its time slice.
    for (bool may_read = true;; may_read = false) {
      while (line_at_hand()) {
        if (limit-- == 0) return ReadStatus::more;
        if (split_.pace && !is_due()) return ReadStatus::waiting;
        take_line();
        if (!push(static_cast<const Line&>(line_))) return ReadStatus::more;
      }
      if (next_position() >= stop_) return ReadStatus::more;
      if (at_end()) return ReadStatus::ended;
      if (!may_read) return ReadStatus::more;
      if (!read_input()) return ReadStatus::waiting;
    }
  }

  /// Where the first line begins that was not given to the job, or behind the beginning of the line being skipped: what a
  /// split may begin with to go on there.
  std::uint64_t next_position() const { return std::max(buffer_.position(), split_.begin); }
  /// Gives out no line that begins there or behind, until it is told otherwise.
  void stop_at(std::uint64_t position) { stop_ = position; }

 private:
  bool line_at_hand() { return buffer_.find() && buffer_.position() < std::min(split_.end, stop_); }
  /// REQUIRES: no line is at hand.
  bool at_end() const { return ended_ || buffer_.position() >= split_.end; }
  void take_line() {
    const std::string_view text = buffer_.line();
    if (text.size() > split_.greatest_line_bytes) refuse_line();
    line_.text.assign(text);
    line_.position = buffer_.position();
    buffer_.drop_line();
  }

  bool is_due();
  bool read_input();
  void skip_begun_line();
  void end_last_line();
  [[noreturn]] void refuse_line() const;

  LineSplit split_;
  std::unique_ptr<ByteInput> input_;
  SourceContext* context_;
  LineBuffer buffer_;
  Line line_;
  std::uint64_t stop_ = std::numeric_limits<std::uint64_t>::max();
  bool skipping_;                         ///< up to the first newline: that line began in the split before
  bool restarts_ = false;                 ///< when the lines at hand are used up, another stream begins
  bool ended_ = false;                    ///< the lines at hand are the last ones
  std::optional<std::uint64_t> place_{};  ///< of the line at hand, in the order its pace sets
};

}  // namespace streamwork
