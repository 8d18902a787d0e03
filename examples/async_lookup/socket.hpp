// A connected or listening socket of this machine that closes itself.
// Thread rule: reading and writing may be done by different threads.
#pragma once

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

class Socket {
 public:
  explicit Socket(int descriptor = -1) : descriptor_(descriptor) {}
  Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  Socket& operator=(Socket&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~Socket() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  int get() const { return descriptor_; }

  /// Small messages go at once; otherwise they may wait 40 ms for the other side to acknowledge those before.
  void send_without_delay() const {
    const int yes = 1;
    ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  }
  /// Sends all of it. False: the other side has gone.
  bool send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  /// Appends what has come to `text`; waits for something. False: the other side has gone.
  bool receive(std::string& text) const {
    char buffer[4096];
    const ssize_t received = ::recv(descriptor_, buffer, sizeof buffer, 0);
    if (received <= 0) return false;
    text.append(buffer, static_cast<std::size_t>(received));
    return true;
  }

 private:
  int descriptor_;
};

/// Takes the first whole line out of `text` into `line`. False: there is none.
inline bool take_line(std::string& text, std::string& line) {
  const std::size_t end = text.find('\n');
  if (end == std::string::npos) return false;
  line = text.substr(0, end);
  text.erase(0, end + 1);
  return true;
}
