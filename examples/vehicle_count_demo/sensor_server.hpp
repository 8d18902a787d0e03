// The sensors of the demo: listens on one TCP port per sensor and sends whoever connects a line per vehicle that
// passes, for ever. It stands for the outside world and uses plain sockets on a thread of its own; the job is another
// matter.
#pragma once

#include <cstdint>
#include <string>
#include <thread>
#include <vector>
#include <vehicle_count_demo/town_traffic.hpp>

/// A file descriptor that closes itself.
class Socket {
 public:
  explicit Socket(int descriptor = -1) : descriptor_(descriptor) {}
  Socket(Socket&& other) noexcept : descriptor_(other.descriptor_) { other.descriptor_ = -1; }
  Socket& operator=(Socket&& other) noexcept;
  ~Socket();
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

class SensorServer {
 public:
  /// Listens on so many ports in a row of this machine, wherever they are free. Throws `std::system_error`.
  explicit SensorServer(int sensors);

  /// The first sensor's port.
  int port() const { return port_; }

 private:
  void serve(const std::stop_token& stop);
  bool accept_all(const std::stop_token& stop);
  /// Lets a moment pass in the town. False: the job has gone.
  bool pass(double seconds, TownTime time, const std::stop_token& stop);

  std::vector<Socket> listeners_;
  std::vector<Socket> connections_;  ///< one per sensor
  std::vector<std::string> lines_;   ///< what each sensor is about to send
  int port_ = 0;
  TownTraffic traffic_{2023};
  std::mt19937_64 random_{7};  ///< chooses the sensor that a vehicle passes
  std::jthread thread_;        ///< last: it uses all of the above
};
