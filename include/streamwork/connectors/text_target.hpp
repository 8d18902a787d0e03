// Where sinks of text write: a file, standard output, a pipe, a device, a socket. A connector of your own implements
// `TextTarget`, and every format of text_sinks.hpp can write to it.
//
// A target never blocks a worker: what does not go out at once is kept in the instance's buffer, and a full buffer is
// back-pressure. Lines leave whole: those of several instances may alternate, but never mix.
// Thread rule: stated with each class.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <streamwork/file_system.hpp>
#include <streamwork/sink.hpp>
#include <string>
#include <string_view>

namespace streamwork {

/// The way out of one instance. Used by that instance alone.
class ByteOutput {
 public:
  ByteOutput() = default;
  ByteOutput(const ByteOutput&) = delete;
  ByteOutput& operator=(const ByteOutput&) = delete;
  virtual ~ByteOutput() = default;

  /// Writes as much of `text` as goes without waiting and returns the number of bytes. If that is not all, it has
  /// arranged to be woken through the sink's context, and the next call begins with the byte behind. `text` ends with a
  /// line. Throws what cannot be mended, naming the target and the system's reason.
  virtual std::size_t write(std::string_view text) = 0;
  /// Called when all was written and nothing more will be. False: not all of it is out of our hands, and it has
  /// arranged to be woken.
  virtual bool finish() { return true; }
  /// Called once at the end, also after a failure.
  virtual void close() = 0;
};

/// What all instances of a sink share while a job runs. `open` may be called from any thread.
class OpenTextTarget {
 public:
  OpenTextTarget() = default;
  OpenTextTarget(const OpenTextTarget&) = delete;
  OpenTextTarget& operator=(const OpenTextTarget&) = delete;
  virtual ~OpenTextTarget() = default;

  virtual std::unique_ptr<ByteOutput> open(SinkContext& context) = 0;
};

/// The description of a place to write to; it can be opened many times, by any thread.
class TextTarget {
 public:
  TextTarget() = default;
  TextTarget(const TextTarget&) = delete;
  TextTarget& operator=(const TextTarget&) = delete;
  virtual ~TextTarget() = default;

  /// Called once per start of a job; `request` says how many instances will write. Throws if it cannot be had, naming
  /// it.
  virtual std::shared_ptr<OpenTextTarget> open(const SinkRequest& request) const = 0;
};

/// The file at `path`, or standard output if `path` is "-".
/// A plain file loses its content when the job starts, and grows in place. A named pipe is opened when it has a reader;
/// terminals and other devices are written to as they are. `file_system` is where plain files are; nullptr: on the
/// machine.
std::shared_ptr<const TextTarget> file_target(std::string path, std::shared_ptr<FileSystem> file_system = nullptr);

/// One instance's lines on their way to a target: the buffer and its emptying. A sink of text holds one and forwards
/// its own calls to it. Copies made before `open` go their own ways to the same target.
class LineOutput {
 public:
  explicit LineOutput(std::shared_ptr<const TextTarget> target) : target_(std::move(target)) {}

  /// Opens the target. Throws what the target throws.
  void prepare(const SinkRequest& request);
  void open(SinkContext& context);

  /// Append a line here, without its line end, then call `end_line`; or give back what was appended.
  std::string& buffer() { return buffer_; }
  /// True if there is room for another line.
  bool end_line() {
    buffer_ += '\n';
    return buffer_.size() - written_ < capacity;
  }
  /// Makes `line` the first line of the whole target, once for all instances. REQUIRES: this instance has written
  /// nothing.
  void begin_with(std::string_view line);

  /// True: everything is out.
  bool flush();
  /// True: everything has arrived, as far as that can be known. REQUIRES: `flush` returned true.
  bool finish() { return !output_ || output_->finish(); }
  void close();

 private:
  /// Enough to make a system call worth while; small, since each instance has one.
  static constexpr std::size_t capacity = std::size_t{64} << 10U;

  /// How far the first line of the target is.
  enum class Header : std::uint8_t { missing, on_its_way, written };
  struct Shared {
    std::shared_ptr<OpenTextTarget> target;
    std::atomic<Header> header{Header::missing};
  };

  bool header_is_settled();

  std::shared_ptr<const TextTarget> target_;
  std::shared_ptr<Shared> shared_{};
  std::shared_ptr<ByteOutput> output_{};
  SinkContext* context_ = nullptr;
  std::string buffer_{};
  std::size_t written_ = 0;  ///< bytes at the beginning of the buffer that are out
  std::string header_{};     ///< what this instance begins with, unless another one has
  bool brings_header_ = false;
};

}  // namespace streamwork
