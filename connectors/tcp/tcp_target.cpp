#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <streamwork/connectors/tcp_sinks.hpp>
#include <utility>

#include "tcp_connection.hpp"
#include "tcp_peer.hpp"

namespace streamwork {

namespace {

class TcpOutput final : public ByteOutput {
 public:
  TcpOutput(std::shared_ptr<const TcpPeer> peer, const TcpTargetOptions& options, SinkContext& context)
      : connection_(std::move(peer), options.connect_timeout), context_(&context) {
    connect();  // at once, so that the other side is there when the first event comes
  }

  std::size_t write(std::string_view text) override {
    if (!connection_.is_open() && !connect()) return 0;
    std::size_t sent = 0;
    while (sent < text.size()) {
      const ssize_t count =
          ::send(connection_.descriptor(), text.data() + sent, text.size() - sent, MSG_DONTWAIT | MSG_NOSIGNAL);
      if (count >= 0) {
        sent += static_cast<std::size_t>(count);
      } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
        context_->wake_when_writable(connection_.descriptor());
        break;
      } else if (errno != EINTR) {
        throw std::runtime_error(connection_.breakage(errno));
      }
    }
    return sent;
  }

  bool finish() override {
    if (!connection_.is_open() || connection_.finish_sending()) return true;
    // Nothing tells when the last byte is confirmed. Usually that is at once; a slow receiver may take its time.
    context_->wake_at(context_->clock().steady_now() + confirmation_pause_);
    confirmation_pause_ = std::min(confirmation_pause_ * 2, std::chrono::milliseconds(50));
    return false;
  }

  void close() override { connection_.close(); }

 private:
  bool connect() {
    switch (connection_.connect(context_->clock().steady_now())) {
      case TcpConnection::Progress::open:
        return true;
      case TcpConnection::Progress::waiting:
        context_->wake_when_writable(connection_.descriptor());
        context_->wake_at(connection_.deadline());
        return false;
      case TcpConnection::Progress::failed:
        break;
    }
    throw std::runtime_error(connection_.failure());
  }

  TcpConnection connection_;
  SinkContext* context_;
  std::chrono::milliseconds confirmation_pause_{1};
};

class OpenTcpTarget final : public OpenTextTarget {
 public:
  OpenTcpTarget(std::shared_ptr<const TcpPeer> peer, TcpTargetOptions options)
      : peer_(std::move(peer)), options_(options) {}
  std::unique_ptr<ByteOutput> open(SinkContext& context) override {
    return std::make_unique<TcpOutput>(peer_, options_, context);
  }

 private:
  std::shared_ptr<const TcpPeer> peer_;
  TcpTargetOptions options_;
};

class TcpTarget final : public TextTarget {
 public:
  TcpTarget(std::string host, int port, TcpTargetOptions options)
      : host_(std::move(host)), port_(port), options_(options) {
    require_port("tcp_target", port);
  }
  std::shared_ptr<OpenTextTarget> open(const SinkRequest&) const override {
    return std::make_shared<OpenTcpTarget>(resolve(host_, port_), options_);
  }

 private:
  std::string host_;
  int port_;
  TcpTargetOptions options_;
};

}  // namespace

std::shared_ptr<const TextTarget> tcp_target(std::string host, int port, TcpTargetOptions options) {
  return std::make_shared<TcpTarget>(std::move(host), port, options);
}

}  // namespace streamwork
