// The service of the example: who owns a machine. A question is a line "ID MACHINE", its answer, some time later and in
// any order, a line "ID OWNER", or "ID ?" if nobody owns it. It stands for the outside world: plain sockets, on a thread
// of its own; and it is not a good one, since it leaves some questions without an answer.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "socket.hpp"

class OwnerServer {
 public:
  struct Manners {
    std::chrono::microseconds delay{};  ///< of an answer: half of it up to one and a half, evenly
    int unanswered_in_100 = 0;
  };

  /// Listens on a free port of this machine. Throws `std::system_error`.
  explicit OwnerServer(Manners manners);

  std::uint16_t port() const { return port_; }

 private:
  using Clock = std::chrono::steady_clock;
  struct Connection {
    Socket socket;
    std::string received{};
    std::multimap<Clock::time_point, std::string> answers{};  ///< by when they are due
    bool gone = false;
  };

  void serve(const std::stop_token& stop);
  void read_questions(Connection& connection);
  static void send_due_answers(Connection& connection);

  Manners manners_;
  std::uint16_t port_ = 0;
  Socket listener_;
  std::vector<Connection> connections_;
  std::mt19937_64 random_{5};
  std::jthread thread_;  ///< last: it uses all of the above
};
