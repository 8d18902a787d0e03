#include "stream_target.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <climits>
#include <optional>
#include <streamwork/typed/flag_guard.hpp>
#include <system_error>
#include <utility>

#include "descriptor.hpp"
#include "pipe_signal.hpp"

namespace streamwork {

namespace {

/// How to write without waiting.
enum class Way : std::uint8_t {
  plain,         ///< a plain file: always ready
  non_blocking,  ///< an open file of our own, with O_NONBLOCK
  asking,        ///< an open file shared with other programs, which must stay as it is: ask, then write a little
  socket,        ///< by flags of the call
};

/// A pipe takes up to so many bytes whole or not at all, whoever else writes to it.
constexpr std::size_t whole_bytes = PIPE_BUF;

/// The first bytes of `text` to be written by one call: whole lines up to `whole_bytes`, or else one longer line.
std::string_view next_piece(std::string_view text) {
  if (text.size() <= whole_bytes) return text;
  const std::size_t last = text.rfind('\n', whole_bytes - 1);
  return text.substr(0, (last == std::string_view::npos ? text.find('\n', whole_bytes) : last) + 1);
}

class Stream final : public OpenTextTarget, public std::enable_shared_from_this<Stream> {
 public:
  Stream(std::string path, std::string name, std::int64_t instances)
      : path_(std::move(path)), name_(std::move(name)), users_(instances) {}

  /// Writes to a descriptor that is open already.
  void use(std::unique_ptr<Descriptor> descriptor, Way way) {
    way_ = way;
    descriptor_ = std::move(descriptor);
  }
  /// Opens the path. False: a pipe without a reader.
  bool try_open();

  std::unique_ptr<ByteOutput> open(SinkContext& context) override;

 private:
  class Output;

  /// Writes the beginning of `text`. Returns the number of bytes; nothing: not now.
  std::optional<std::size_t> try_write(std::string_view text);
  bool is_open() {
    const typed::FlagGuard guard(opening_);
    return descriptor_ || try_open();
  }
  void close_one() {
    if (users_.fetch_sub(1) == 1) descriptor_.reset();
  }

  std::string path_;
  std::string name_;
  Way way_ = Way::non_blocking;
  std::atomic_flag opening_;
  std::unique_ptr<Descriptor> descriptor_;
  std::atomic<bool> claimed_{false};  ///< by the instance that writes, until its line is whole
  std::atomic<std::int64_t> users_;
};

class Stream::Output final : public ByteOutput {
 public:
  Output(std::shared_ptr<Stream> stream, SinkContext& context) : stream_(std::move(stream)), context_(&context) {}

  std::size_t write(std::string_view text) override {
    using namespace std::chrono_literals;
    if (!stream_->is_open()) return come_back_in(20ms);  // nothing tells when a pipe's reader comes
    if (!in_line_ && stream_->claimed_.exchange(true, std::memory_order_acquire)) return come_back_in(1ms);
    const WithoutPipeSignal without_signal;
    std::size_t written = 0;
    while (written < text.size()) {
      const std::optional<std::size_t> count = stream_->try_write(text.substr(written));
      if (!count) break;
      written += *count;
      in_line_ = text[written - 1] != '\n';
    }
    if (!in_line_) stream_->claimed_.store(false, std::memory_order_release);
    if (written < text.size()) context_->wake_when_writable(stream_->descriptor_->number());
    return written;
  }

  void close() override { stream_->close_one(); }

 private:
  std::size_t come_back_in(std::chrono::milliseconds time) {
    context_->wake_at(context_->clock().steady_now() + time);
    return 0;
  }

  std::shared_ptr<Stream> stream_;
  SinkContext* context_;
  bool in_line_ = false;  ///< the line at hand is half out, and the claim is ours
};

bool Stream::try_open() {
  const int number = ::open(path_.c_str(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (number < 0 && errno == ENXIO) {
    struct stat about{};
    if (::stat(path_.c_str(), &about) == 0 && S_ISFIFO(about.st_mode)) return false;
    errno = ENXIO;
  }
  if (number < 0) throw FileError("write to", path_, errno);
  descriptor_ = std::make_unique<Descriptor>(number);
  return true;
}

std::unique_ptr<ByteOutput> Stream::open(SinkContext& context) {
  return std::make_unique<Output>(shared_from_this(), context);
}

std::optional<std::size_t> Stream::try_write(std::string_view text) {
  const int number = descriptor_->number();
  std::string_view piece = way_ == Way::plain || way_ == Way::socket ? text : next_piece(text);
  if (way_ == Way::asking) {
    pollfd asked{number, POLLOUT, 0};
    if (::poll(&asked, 1, 0) == 0) return std::nullopt;
    piece = piece.substr(0, whole_bytes);
  }
  ssize_t count;
  do {
    count = way_ == Way::socket ? ::send(number, piece.data(), piece.size(), MSG_DONTWAIT | MSG_NOSIGNAL)
                                : ::write(number, piece.data(), piece.size());
  } while (count < 0 && errno == EINTR);
  if (count >= 0) return static_cast<std::size_t>(count);
  if (errno == EAGAIN || errno == EWOULDBLOCK) return std::nullopt;
  throw std::system_error(errno, std::generic_category(), "cannot write to " + name_);
}

/// Another open file on what standard output is, so that O_NONBLOCK is ours alone; not every system lets us.
std::unique_ptr<Descriptor> reopened_standard_output() {
  const int number = ::open("/proc/self/fd/1", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  return number < 0 ? nullptr : std::make_unique<Descriptor>(number);
}

}  // namespace

std::shared_ptr<OpenTextTarget> open_standard_output(std::int64_t instances) {
  struct stat about{};
  const int flags = ::fcntl(STDOUT_FILENO, F_GETFL);
  // Opened again, what is open to be read alone could be written, and nobody has asked for that.
  const bool for_reading = flags >= 0 && (flags & O_ACCMODE) == O_RDONLY;
  if (flags < 0 || for_reading || ::fstat(STDOUT_FILENO, &about) != 0) {
    throw std::system_error(for_reading ? EBADF : errno, std::generic_category(), "cannot write to standard output");
  }
  Way way = S_ISREG(about.st_mode) ? Way::plain : S_ISSOCK(about.st_mode) ? Way::socket : Way::non_blocking;
  std::unique_ptr<Descriptor> descriptor;
  if (way == Way::non_blocking) {
    descriptor = reopened_standard_output();
    if (!descriptor) way = Way::asking;
  }
  if (!descriptor) descriptor = std::make_unique<Descriptor>(STDOUT_FILENO, Descriptor::Owner::somebody_else);
  auto stream = std::make_shared<Stream>("-", "standard output", instances);
  stream->use(std::move(descriptor), way);
  return stream;
}

std::shared_ptr<OpenTextTarget> open_stream(const std::string& path, std::int64_t instances) {
  auto stream = std::make_shared<Stream>(path, "'" + path + "'", instances);
  stream->try_open();
  return stream;
}

}  // namespace streamwork
