// Whom to connect to: a host's addresses, found once before a job starts, since asking for them may take long.
#pragma once

#include <sys/socket.h>

#include <memory>
#include <string>
#include <vector>

namespace streamwork {

struct TcpAddress {
  sockaddr_storage address{};
  socklen_t size = 0;
};

struct TcpPeer {
  std::string name;  ///< "127.0.0.1:9990", "[::1]:9990"
  int port = 0;
  std::vector<TcpAddress> addresses;  ///< to be tried in this order
};

/// Throws `std::invalid_argument` unless 1 <= `port` <= 65535. `caller` begins the message.
void require_port(const std::string& caller, int port);

/// Looks the host up; may take long. Throws `std::runtime_error` that names host and port.
std::shared_ptr<const TcpPeer> resolve(const std::string& host, int port);

}  // namespace streamwork
