// A TCP connection as a client that never waits: each call does what can be done now.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <streamwork/clock.hpp>
#include <string>

#include "tcp_peer.hpp"

namespace streamwork {

class TcpConnection {
 public:
  enum class Progress : std::uint8_t {
    open,
    waiting,  ///< until `descriptor()` can be written, `deadline()` at the latest
    failed,   ///< no address works; `failure()` says why, and the next call begins anew
  };

  TcpConnection(std::shared_ptr<const TcpPeer> peer, std::chrono::nanoseconds timeout)
      : peer_(std::move(peer)), timeout_(timeout) {}
  TcpConnection(const TcpConnection&) = delete;
  TcpConnection& operator=(const TcpConnection&) = delete;
  ~TcpConnection() { close(); }

  /// Goes on connecting, one address of the peer after another.
  Progress connect(SteadyTime now);
  bool is_open() const { return state_ == State::open; }
  /// Says that nothing more will be sent. True: the other side has confirmed every byte. Until then a `close` could
  /// lose some: when bytes come that nobody reads any more, the system ends a connection the hard way. What has come is
  /// dropped. Throws `std::runtime_error` if the connection breaks. REQUIRES: `is_open()`.
  bool finish_sending();
  /// Ends the connection and every wait for it.
  void close();

  int descriptor() const { return descriptor_; }
  SteadyTime deadline() const { return deadline_; }
  const std::string& name() const { return peer_->name; }
  /// Why connecting failed: one sentence that names host and port.
  std::string failure() const;
  /// That the open connection failed with `error`: "connection to 127.0.0.1:9990 broke" and the reason.
  std::string breakage(int error) const;

 private:
  enum class State : std::uint8_t { closed, connecting, open };

  bool begin(const TcpAddress& address, SteadyTime now);
  bool is_connected_to_itself() const;
  void give_up_address(int error);

  std::shared_ptr<const TcpPeer> peer_;
  std::chrono::nanoseconds timeout_;
  State state_ = State::closed;
  int descriptor_ = -1;
  std::size_t next_address_ = 0;
  SteadyTime deadline_{};
  bool finished_sending_ = false;
  int error_ = 0;  ///< of the last address that failed
};

}  // namespace streamwork
