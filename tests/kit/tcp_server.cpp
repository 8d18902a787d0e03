#include "kit/tcp_server.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace streamwork::testkit {

namespace {

[[noreturn]] void throw_errno(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

/// False: nothing happened within `patience`.
bool wait_for(const Descriptor& socket, short events, std::chrono::nanoseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd watched{socket.get(), events, 0};
    const int found = ::poll(&watched, 1, static_cast<int>(std::max<std::int64_t>(0, left.count())));
    if (found > 0) return true;
    if (found == 0) return false;
    if (errno != EINTR) throw_errno("poll");
  }
}

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

}  // namespace

bool TcpConnection::send(std::string_view bytes) {
  while (!bytes.empty()) {
    if (!wait_for(socket_, POLLOUT, network_patience)) throw std::runtime_error("the other side does not read");
    const ssize_t sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (sent < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

std::string TcpConnection::receive_all() {
  std::string received;
  std::array<char, 65536> piece{};
  while (true) {
    if (!wait_for(socket_, POLLIN, network_patience)) throw std::runtime_error("the other side does not close");
    const ssize_t bytes = ::recv(socket_.get(), piece.data(), piece.size(), 0);
    if (bytes < 0 && errno == EINTR) continue;
    if (bytes <= 0) return received;
    received.append(piece.data(), static_cast<std::size_t>(bytes));
  }
}

void TcpConnection::wait_until_closed() { static_cast<void>(receive_all()); }

void TcpConnection::close() { socket_.close(); }

void TcpConnection::reset() {
  const linger at_once{1, 0};
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  socket_.close();
}

TcpServer::TcpServer(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (!socket_.open()) throw_errno("socket");
  const int yes = 1;
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address = loopback(port);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(socket_.get(), generic, size) != 0 || ::listen(socket_.get(), 16) != 0 ||
      ::getsockname(socket_.get(), generic, &size) != 0) {
    throw_errno("listen on port " + std::to_string(port));
  }
  port_ = ntohs(address.sin_port);
}

std::string TcpServer::address(const std::string& prefix) const {
  return prefix + "127.0.0.1:" + std::to_string(port_);
}

TcpConnection TcpServer::accept(std::chrono::nanoseconds patience) {
  if (!is_wanted(patience)) throw std::runtime_error("nobody connects to " + address());
  Descriptor connection(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  if (!connection.open()) throw_errno("accept");
  return TcpConnection(std::move(connection));
}

bool TcpServer::is_wanted(std::chrono::nanoseconds patience) { return wait_for(socket_, POLLIN, patience); }

std::vector<TcpServer> consecutive_servers(std::size_t count) {
  while (true) {
    std::vector<TcpServer> servers;
    try {
      servers.emplace_back();
      while (servers.size() < count) {
        const int next = servers.back().port() + 1;
        if (next > 65535) throw std::system_error(EADDRINUSE, std::generic_category());
        servers.emplace_back(static_cast<std::uint16_t>(next));
      }
      return servers;
    } catch (const std::system_error& error) {
      if (error.code().value() != EADDRINUSE) throw;  // somebody has one of them: begin again elsewhere
    }
  }
}

std::uint16_t refusing_port() { return TcpServer().port(); }

}  // namespace streamwork::testkit
