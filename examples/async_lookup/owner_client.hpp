// A client that never waits: many questions over one connection, answered by a thread that reads whatever comes. Most
// clients of databases and services work like this.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "socket.hpp"

class OwnerClient {
 public:
  /// Called once, from the client's thread; nothing: nobody owns the machine.
  using Answered = std::function<void(std::optional<std::string> owner)>;

  /// Connects to a port of this machine. Throws `std::system_error`.
  explicit OwnerClient(std::uint16_t port);
  OwnerClient(const OwnerClient&) = delete;
  OwnerClient& operator=(const OwnerClient&) = delete;
  /// Ends the connection; questions that have no answer are dropped.
  ~OwnerClient();

  /// Asks and returns at once. Thread rule: any thread.
  void ask(int machine, Answered answered);

 private:
  void read_answers();

  Socket socket_;
  std::mutex mutex_;
  std::uint64_t last_id_ = 0;
  std::map<std::uint64_t, Answered> asked_;
  std::thread reader_;
};
