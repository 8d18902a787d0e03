#include "tcp_connection.hpp"

#include <linux/sockios.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace streamwork {

TcpConnection::Progress TcpConnection::connect(SteadyTime now) {
  while (state_ != State::open) {
    if (state_ == State::closed) {
      if (next_address_ == peer_->addresses.size()) {
        next_address_ = 0;
        return Progress::failed;
      }
      if (!begin(peer_->addresses[next_address_++], now)) continue;
    }
    pollfd asked{descriptor_, POLLOUT, 0};
    if (::poll(&asked, 1, 0) == 0) {
      if (now < deadline_) return Progress::waiting;
      give_up_address(ETIMEDOUT);
      continue;
    }
    int error = 0;
    socklen_t size = sizeof(error);
    ::getsockopt(descriptor_, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error == 0 && is_connected_to_itself()) error = ECONNREFUSED;
    if (error != 0) {
      give_up_address(error);
      continue;
    }
    state_ = State::open;
    next_address_ = 0;
  }
  return Progress::open;
}

/// Begins to connect. False: this address cannot be had.
bool TcpConnection::begin(const TcpAddress& address, SteadyTime now) {
  const auto* target = reinterpret_cast<const sockaddr*>(&address.address);
  descriptor_ = ::socket(target->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor_ < 0) {
    error_ = errno;
    return false;
  }
  const int yes = 1;
  ::setsockopt(descriptor_, SOL_SOCKET, SO_KEEPALIVE, &yes, sizeof(yes));  // a peer that vanished is noticed some day
  if (::connect(descriptor_, target, address.size) != 0 && errno != EINPROGRESS && errno != EINTR) {
    give_up_address(errno);
    return false;
  }
  state_ = State::connecting;
  deadline_ = now + timeout_;
  return true;
}

/// Who tries a local port again and again is given that very port as his own one day, and then talks to himself.
bool TcpConnection::is_connected_to_itself() const {
  sockaddr_storage own{};
  sockaddr_storage other{};
  socklen_t own_size = sizeof(own);
  socklen_t other_size = sizeof(other);
  return ::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&own), &own_size) == 0 &&
         ::getpeername(descriptor_, reinterpret_cast<sockaddr*>(&other), &other_size) == 0 && own_size == other_size &&
         std::memcmp(&own, &other, own_size) == 0;
}

void TcpConnection::give_up_address(int error) {
  error_ = error;
  close();
}

void TcpConnection::close() {
  if (descriptor_ >= 0) {
    // The worker may watch a duplicate of the descriptor, so closing this one is not enough to end the connection.
    if (state_ == State::open && !finished_sending_) ::shutdown(descriptor_, SHUT_RDWR);
    ::close(std::exchange(descriptor_, -1));
  }
  state_ = State::closed;
  finished_sending_ = false;
}

bool TcpConnection::finish_sending() {
  if (!std::exchange(finished_sending_, true)) ::shutdown(descriptor_, SHUT_WR);
  std::array<char, 4096> ignored;
  ssize_t count = 0;
  do {
    count = ::recv(descriptor_, ignored.data(), ignored.size(), MSG_DONTWAIT);
  } while (count > 0 || (count < 0 && errno == EINTR));
  if (count < 0 && errno != EAGAIN && errno != EWOULDBLOCK) throw std::runtime_error(breakage(errno));
  int unconfirmed = 0;
  return ::ioctl(descriptor_, SIOCOUTQ, &unconfirmed) != 0 || unconfirmed == 0;
}

std::string TcpConnection::failure() const {
  if (error_ == ECONNREFUSED) {
    return "connection to " + name() + " refused: start something that listens there, e.g. nc -lk " +
           std::to_string(peer_->port);
  }
  return "connection to " + name() + " failed: " + std::generic_category().message(error_);
}

std::string TcpConnection::breakage(int error) const {
  return "connection to " + name() + " broke: " + std::generic_category().message(error);
}

}  // namespace streamwork
