#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <string_view>
#include <system_error>
#include <utility>
#include <vehicle_count_demo/sensor_server.hpp>

namespace {

using namespace std::chrono_literals;
using WallClock = std::chrono::steady_clock;

/// So often the town moves on; also how long the server may fail to notice that it should stop.
constexpr auto tick = 20ms;
/// A day of the town takes a minute of ours, and begins early in the morning: soon after comes the first rush hour.
constexpr double hours_per_second = 24.0 / 60;
constexpr double first_hour = 5;

/// Throws `std::system_error` if the port is taken.
Socket listen_on(int port) {
  Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (socket.get() < 0 || ::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(socket.get(), 1) != 0) {
    throw std::system_error(errno, std::generic_category(), "cannot listen on 127.0.0.1:" + std::to_string(port));
  }
  return socket;
}

int port_of(const Socket& socket) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

/// Ports in a row: the first is any free one; where a next one is taken, begins again.
std::vector<Socket> listen_in_a_row(int count) {
  for (int attempts_left = 100;; --attempts_left) {
    std::vector<Socket> sockets;
    try {
      sockets.push_back(listen_on(0));
      for (int i = 1; i < count; ++i) sockets.push_back(listen_on(port_of(sockets.back()) + 1));
      return sockets;
    } catch (const std::system_error&) {
      if (attempts_left == 0) throw;
    }
  }
}

/// True when something happened, false when it is time to stop.
bool wait_for(const Socket& socket, short event, const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    pollfd watched{socket.get(), event, 0};
    if (::poll(&watched, 1, static_cast<int>(tick.count())) > 0) return true;
  }
  return false;
}

/// Sends all of it, waiting where the job does not keep up. False: the job has gone, or it is time to stop.
bool send_all(const Socket& socket, std::string_view text, const std::stop_token& stop) {
  while (!text.empty()) {
    const ssize_t sent = ::send(socket.get(), text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) {
      text.remove_prefix(static_cast<std::size_t>(sent));
    } else if ((errno != EAGAIN && errno != EINTR) || !wait_for(socket, POLLOUT, stop)) {
      return false;
    }
  }
  return true;
}

void announce(const DayPart& part) {
  const auto minutes = static_cast<int>(std::lround(part.begins * 60));
  std::fprintf(stderr, "        -- %02d:%02d %.*s --\n", minutes / 60, minutes % 60, static_cast<int>(part.name.size()),
               part.name.data());
}

}  // namespace

Socket& Socket::operator=(Socket&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

Socket::~Socket() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

SensorServer::SensorServer(int sensors)
    : listeners_(listen_in_a_row(sensors)),
      lines_(listeners_.size()),
      port_(port_of(listeners_.front())),
      thread_([this](const std::stop_token& stop) { serve(stop); }) {}

bool SensorServer::accept_all(const std::stop_token& stop) {
  for (const Socket& listener : listeners_) {
    if (!wait_for(listener, POLLIN, stop)) return false;
    connections_.emplace_back(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
  }
  return true;
}

void SensorServer::serve(const std::stop_token& stop) {
  if (!accept_all(stop)) return;
  const WallClock::time_point start = WallClock::now();
  WallClock::time_point before = start;
  const DayPart* announced = nullptr;
  while (!stop.stop_requested()) {
    std::this_thread::sleep_until(before + tick);
    const WallClock::time_point now = WallClock::now();
    const double hour = first_hour + std::chrono::duration<double>(now - start).count() * hours_per_second;
    const TownTime time{std::fmod(hour, 24)};
    const DayPart& part = TownTraffic::part_of_day(time);
    if (announced == nullptr || announced->name != part.name) announce(part);
    announced = &part;
    if (!pass(std::chrono::duration<double>(now - before).count(), time, stop)) return;
    before = now;
  }
}

bool SensorServer::pass(double seconds, TownTime time, const std::stop_token& stop) {
  for (std::string& lines : lines_) lines.clear();
  for (int vehicles = traffic_.vehicles_within(seconds, time); vehicles > 0; --vehicles) {
    std::string& lines = lines_[random_() % lines_.size()];
    lines += traffic_.next_vehicle(time);
    lines += '\n';
  }
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    if (!send_all(connections_[i], lines_[i], stop)) return false;
  }
  return true;
}
