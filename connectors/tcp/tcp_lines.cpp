#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <streamwork/connectors/tcp_lines.hpp>
#include <system_error>
#include <utility>

#include "tcp_connection.hpp"
#include "tcp_peer.hpp"

namespace streamwork {

namespace {

/// The bytes of one connection, or of several, one after another.
class TcpInput final : public ByteInput {
 public:
  TcpInput(std::shared_ptr<const TcpPeer> peer, const TcpLinesOptions& options, SourceContext& context)
      : connection_(std::move(peer), options.connect_timeout),
        options_(options),
        context_(&context),
        backoff_(options.first_backoff) {}

  Result read(std::span<char> into) override {
    if (!connection_.is_open() && !connect()) return {InputState::nothing_yet};
    const ssize_t count = ::recv(connection_.descriptor(), into.data(), into.size(), MSG_DONTWAIT);
    if (count > 0) {
      received_ += static_cast<std::uint64_t>(count);
      backoff_ = options_.first_backoff;
      return {InputState::bytes, static_cast<std::size_t>(count)};
    }
    if (count == 0) {
      if (options_.end_at_close || !options_.reconnect) {
        connection_.close();
        return {InputState::ended};
      }
      try_later();
      return {InputState::closed};
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) {
      context_->wake_when_readable(connection_.descriptor());
      return {InputState::nothing_yet};
    }
    lose(errno);
    return {InputState::broken};
  }

 private:
  bool connect() {
    const SteadyTime now = context_->clock().steady_now();
    if (now < next_attempt_) {
      context_->wake_at(next_attempt_);
      return false;
    }
    switch (connection_.connect(now)) {
      case TcpConnection::Progress::open:
        received_ = 0;
        return true;
      case TcpConnection::Progress::waiting:
        context_->wake_when_writable(connection_.descriptor());
        context_->wake_at(connection_.deadline());
        return false;
      case TcpConnection::Progress::failed:
        break;
    }
    if (!options_.reconnect) throw std::runtime_error(connection_.failure());
    try_later();
    return false;
  }

  void lose(int error) {
    if (!options_.reconnect) {
      throw std::runtime_error("connection to " + connection_.name() + " broke at byte " + std::to_string(received_) +
                               ": " + std::generic_category().message(error));
    }
    try_later();
  }

  void try_later() {
    connection_.close();
    next_attempt_ = context_->clock().steady_now() + backoff_;
    backoff_ = std::min(backoff_ * 2, options_.greatest_backoff);
    context_->wake_at(next_attempt_);
  }

  TcpConnection connection_;
  TcpLinesOptions options_;
  SourceContext* context_;
  std::chrono::milliseconds backoff_;
  SteadyTime next_attempt_ = SteadyTime::min();
  std::uint64_t received_ = 0;  ///< bytes of this connection
};

}  // namespace

TcpLines::TcpLines(std::string host, int port, TcpLinesOptions options)
    : host_(std::move(host)), port_(port), options_(options) {
  require_port("tcp_lines", port);
  if (options.first_backoff.count() <= 0) throw std::invalid_argument("tcp_lines: first_backoff must be above 0");
}

std::vector<TcpLines::Split> TcpLines::splits(const SplitRequest& request) const {
  require_port("tcp_lines: instance " + std::to_string(request.parallelism - 1),
               port_ + static_cast<int>(request.parallelism) - 1);
  std::vector<Split> splits;
  splits.reserve(static_cast<std::size_t>(request.parallelism));
  for (int i = 0; i < request.parallelism; ++i) splits.push_back({resolve(host_, port_ + i)});
  return splits;
}

LineReader TcpLines::open(const Split& split, SourceContext& context) const {
  return LineReader({.name = "connection to " + split.peer->name, .greatest_line_bytes = options_.greatest_line_bytes},
                    std::make_unique<TcpInput>(split.peer, options_, context), context);
}

TcpLines tcp_lines(std::string host, int port, TcpLinesOptions options) {
  return TcpLines(std::move(host), port, options);
}

TcpLines tcp_lines(int port, TcpLinesOptions options) { return TcpLines("127.0.0.1", port, options); }

}  // namespace streamwork
