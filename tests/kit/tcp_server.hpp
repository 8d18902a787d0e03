// The other end of a job's TCP connections: a listening server that a test drives by hand.
//
//   TcpServer server;
//   Process process({program_path("vehicle_count"), "--input", server.address("tcp:")});
//   TcpConnection connection = server.accept();
//   connection.send("car\n");
//   connection.close();
//
// Nothing waits for ever: after some patience a `std::runtime_error` says what was waited for.
// Thread rule: an object is used by one thread at a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kit/descriptor.hpp"

namespace streamwork::testkit {

inline constexpr std::chrono::seconds network_patience{30};

class TcpConnection {
 public:
  explicit TcpConnection(Descriptor socket) : socket_(std::move(socket)) {}

  /// Sends all of it. False: the other side has gone.
  bool send(std::string_view bytes);
  /// All that comes until the other side closes.
  std::string receive_all();
  /// Waits until the other side closes or resets the connection; what it sends until then is thrown away.
  void wait_until_closed();
  /// Ends in order: the other side reads everything and then the end.
  void close();
  /// Ends at once with an error: the other side sees "connection reset by peer".
  void reset();

 private:
  Descriptor socket_;
};

class TcpServer {
 public:
  /// Listens on 127.0.0.1. Port 0: any that is free. Throws `std::system_error` if the port is taken.
  explicit TcpServer(std::uint16_t port = 0);

  std::uint16_t port() const { return port_; }
  /// "127.0.0.1:PORT" behind `prefix`.
  std::string address(const std::string& prefix = {}) const;
  /// The next connection.
  TcpConnection accept(std::chrono::nanoseconds patience = network_patience);
  /// True if somebody wants to connect within `patience`.
  bool is_wanted(std::chrono::nanoseconds patience);
  /// Listens no longer: the port refuses connections.
  void close() { socket_.close(); }

 private:
  Descriptor socket_;
  std::uint16_t port_ = 0;
};

/// Servers on `count` ports one after the other, as the instances of a source read them.
std::vector<TcpServer> consecutive_servers(std::size_t count);

/// A port that nobody listens on (for as long as nobody else takes it).
std::uint16_t refusing_port();

}  // namespace streamwork::testkit
