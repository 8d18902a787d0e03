#include "tcp_peer.hpp"

#include <netdb.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>

namespace streamwork {

void require_port(const std::string& caller, int port) {
  if (port >= 1 && port <= 65'535) return;
  throw std::invalid_argument(caller + ": a port is a number from 1 to 65535, not " + std::to_string(port));
}

std::shared_ptr<const TcpPeer> resolve(const std::string& host, int port) {
  auto peer = std::make_shared<TcpPeer>();
  const bool is_six = host.find(':') != std::string::npos;
  peer->name = (is_six ? "[" + host + "]" : host) + ":" + std::to_string(port);
  peer->port = port;
  addrinfo wanted{};
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  // This name means the machine itself everywhere (RFC 6761), also where no /etc/hosts says so, as in a bare container.
  const char* const node = host == "localhost" ? nullptr : host.c_str();
  const int error = ::getaddrinfo(node, std::to_string(port).c_str(), &wanted, &found);
  if (error != 0) {
    const std::string reason = error == EAI_SYSTEM ? std::generic_category().message(errno) : ::gai_strerror(error);
    throw std::runtime_error("cannot connect to " + peer->name + ": " + reason);
  }
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found, &::freeaddrinfo);
  for (const addrinfo* next = found; next != nullptr; next = next->ai_next) {
    TcpAddress& address = peer->addresses.emplace_back();
    std::memcpy(&address.address, next->ai_addr, next->ai_addrlen);
    address.size = next->ai_addrlen;
  }
  return peer;
}

}  // namespace streamwork
