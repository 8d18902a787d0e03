#include "kit/tcp_server.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <string>

namespace streamwork::testkit {
namespace {

using namespace std::chrono_literals;

/// A connection to a port of this machine; not open if it was refused.
Descriptor connect_to(std::uint16_t port) {
  Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return {};
  return socket;
}

std::string read_from(const Descriptor& socket) {
  std::array<char, 100> bytes{};
  const ssize_t count = ::recv(socket.get(), bytes.data(), bytes.size(), 0);
  if (count < 0) return "error";
  return {bytes.data(), static_cast<std::size_t>(count)};
}

TEST(TcpServerTest, SendsAndCloses) {
  TcpServer server;
  const Descriptor client = connect_to(server.port());
  ASSERT_TRUE(client.open());
  TcpConnection connection = server.accept();
  EXPECT_TRUE(connection.send("car\n"));
  connection.close();
  EXPECT_EQ(read_from(client), "car\n");
  EXPECT_EQ(read_from(client), "");
}

TEST(TcpServerTest, ReceivesUntilTheEnd) {
  TcpServer server;
  Descriptor client = connect_to(server.port());
  TcpConnection connection = server.accept();
  ::send(client.get(), "hello", 5, 0);
  client.close();
  EXPECT_EQ(connection.receive_all(), "hello");
}

TEST(TcpServerTest, Resets) {
  TcpServer server;
  const Descriptor client = connect_to(server.port());
  server.accept().reset();
  EXPECT_EQ(read_from(client), "error");
}

TEST(TcpServerTest, SaysThatNobodyConnects) {
  TcpServer server;
  EXPECT_FALSE(server.is_wanted(1ms));
  EXPECT_THROW(server.accept(1ms), std::runtime_error);
}

TEST(TcpServerTest, PortsFollowEachOther) {
  const std::vector<TcpServer> servers = consecutive_servers(3);
  EXPECT_EQ(servers[1].port(), servers[0].port() + 1);
  EXPECT_EQ(servers[2].port(), servers[0].port() + 2);
}

TEST(TcpServerTest, RefusingPortRefuses) { EXPECT_FALSE(connect_to(refusing_port()).open()); }

}  // namespace
}  // namespace streamwork::testkit
