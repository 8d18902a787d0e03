// Where sinks of text write: a file, a directory, standard output, a pipe, a device, a socket. A connector of your own implements
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
#include <utility>
#include <vector>

namespace streamwork {

/// What one instance wrote between two barriers, of a target that publishes whole parts.
struct TextPart {
  std::uint64_t checkpoint = 0;
  std::uint64_t attempt = 0;  ///< the start of the job that wrote it
  std::int64_t instance = 0;
  std::uint64_t serial = 0;    ///< counts the parts of the instance in this attempt
  std::uint64_t bytes = 0;     ///< 0: written by an older release, which did not tell
  std::uint64_t checksum = 0;  ///< XXH3 of 64 bits
};

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
  /// At a barrier, when all was written: what came since the last one, to be published with the checkpoint. Nothing, if the
  /// target has no parts or nothing was written.
  virtual Prepared<TextPart> end_part(std::uint64_t /*checkpoint*/) { return {}; }
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

  /// True if something stands in front of what will be written, so that a line that names the cells is there already.
  virtual bool has_beginning() const { return false; }
  /// True if what is written is published in parts, each of which is a text of its own, as a transactional sink does.
  virtual bool has_parts() const { return false; }
  /// As `commit` and `recover` of a sink (sink.hpp). REQUIRES: `has_parts`.
  virtual void publish(const TextPart& /*part*/) {}
  virtual void recover(std::uint64_t /*checkpoint*/, const std::vector<TextPart>& /*parts*/) {}
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

/// The file at `path`, the directory at PATH if `path` is "dir:PATH", or standard output if it is "-".
/// A plain file loses its content when the job begins anew, and grows in place. A named pipe is opened when it has a reader;
/// terminals and other devices are written to as they are. A directory is made if it is missing; every checkpoint publishes
/// files in it, as text_sinks.hpp describes. `file_system` is where plain files and directories are; nullptr: on the machine.
std::shared_ptr<const TextTarget> file_target(std::string path, std::shared_ptr<FileSystem> file_system = nullptr);

/// What was expected instead of a place for `file_target`, or an empty string: the check of an option (command_line.hpp).
inline std::string check_text_target(const std::string& path) { return path == "dir:" ? "PATH, dir:PATH or -" : ""; }

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
  /// Makes `line` the first line of the whole target, once for all instances, or of the part. REQUIRES: this instance has
  /// written nothing, or nothing to this part.
  void begin_with(std::string_view line);

  /// True: everything is out.
  bool flush();
  /// True: everything has arrived, as far as that can be known. REQUIRES: `flush` returned true.
  bool finish() { return !output_ || output_->finish(); }
  void close();

  // For targets that have parts, as the sink's functions of the same meaning.
  bool has_parts() const { return shared_ && shared_->target->has_parts(); }
  Prepared<TextPart> end_part(std::uint64_t checkpoint) { return output_->end_part(checkpoint); }
  void publish(const TextPart& part) { shared_->target->publish(part); }
  void recover(std::uint64_t checkpoint, const std::vector<TextPart>& parts) {
    shared_->target->recover(checkpoint, parts);
  }

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
