#include "owner_client.hpp"

#include <netinet/in.h>

#include <cerrno>
#include <sstream>
#include <stdexcept>
#include <system_error>
#include <utility>

OwnerClient::OwnerClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw std::system_error(errno, std::generic_category(), "the owner server is not there");
  socket_.send_without_delay();
  reader_ = std::thread([this] { read_answers(); });
}

OwnerClient::~OwnerClient() {
  ::shutdown(socket_.get(), SHUT_RDWR);
  reader_.join();
}

void OwnerClient::ask(int machine, Answered answered) {
  const std::lock_guard lock(mutex_);
  asked_.emplace(++last_id_, std::move(answered));
  if (!socket_.send(std::to_string(last_id_) + " " + std::to_string(machine) + "\n")) {
    asked_.erase(last_id_);
    throw std::runtime_error("the owner server has gone");
  }
}

void OwnerClient::read_answers() {
  for (std::string received; socket_.receive(received);) {
    for (std::string line; take_line(received, line);) {
      std::istringstream answer(line);
      std::uint64_t id = 0;
      std::string owner;
      answer >> id >> owner;
      Answered answered;
      {
        const std::lock_guard lock(mutex_);
        const auto found = asked_.find(id);
        if (found == asked_.end()) continue;
        answered = std::move(found->second);
        asked_.erase(found);
      }
      answered(owner == "?" ? std::nullopt : std::optional(owner));
    }
  }
  std::map<std::uint64_t, Answered> dropped;  // their replies with them: these attempts have failed
  const std::lock_guard lock(mutex_);
  dropped.swap(asked_);
}
