#include "owner_server.hpp"

#include <netinet/in.h>
#include <poll.h>

#include <cerrno>
#include <sstream>
#include <system_error>
#include <utility>

namespace {

Socket listening_socket(std::uint16_t& port) {
  Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(socket.get(), generic, length) != 0 || ::listen(socket.get(), 16) != 0 ||
      ::getsockname(socket.get(), generic, &length) != 0) {
    throw std::system_error(errno, std::generic_category(), "the owner server cannot listen");
  }
  port = ntohs(address.sin_port);
  return socket;
}

/// Machines are numbered; those that end in 13 belong to nobody.
std::string owner_of(const std::string& machine) {
  if (machine.ends_with("13")) return "?";
  return "plant-" + machine.substr(machine.size() - 1);
}

}  // namespace

OwnerServer::OwnerServer(Manners manners)
    : manners_(manners),
      listener_(listening_socket(port_)),
      thread_([this](const std::stop_token& stop) { serve(stop); }) {}

void OwnerServer::serve(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    std::vector<pollfd> watched{{listener_.get(), POLLIN, 0}};
    for (const Connection& connection : connections_) watched.push_back({connection.socket.get(), POLLIN, 0});
    ::poll(watched.data(), watched.size(), 1);  // a millisecond is fine enough for answers that are due
    for (std::size_t i = 0; i < connections_.size(); ++i) {
      if (watched[i + 1].revents != 0) read_questions(connections_[i]);
      send_due_answers(connections_[i]);
    }
    std::erase_if(connections_, [](const Connection& connection) { return connection.gone; });
    if (watched[0].revents == 0) continue;
    connections_.push_back({Socket(::accept(listener_.get(), nullptr, nullptr))});
    connections_.back().socket.send_without_delay();
  }
}

void OwnerServer::read_questions(Connection& connection) {
  if (!connection.socket.receive(connection.received)) connection.gone = true;
  for (std::string line; take_line(connection.received, line);) {
    if (static_cast<int>(random_() % 100) < manners_.unanswered_in_100) continue;
    std::istringstream question(line);
    std::string id;
    std::string machine;
    if (!(question >> id >> machine)) continue;
    const auto delay = manners_.delay.count();
    const std::chrono::microseconds wait(delay / 2 +
                                         static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(delay + 1)));
    connection.answers.emplace(Clock::now() + wait, id + " " + owner_of(machine) + "\n");
  }
}

void OwnerServer::send_due_answers(Connection& connection) {
  const auto due = connection.answers.upper_bound(Clock::now());
  for (auto answer = connection.answers.begin(); answer != due; ++answer) {
    if (!connection.socket.send(answer->second)) connection.gone = true;
  }
  connection.answers.erase(connection.answers.begin(), due);
}
