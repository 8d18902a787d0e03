// The event loop of a worker: sockets, timers and wake-ups from other threads, on Boost.Asio.
// Thread rule: `wake` by any thread; the rest by the worker's thread.
#pragma once

#include <functional>
#include <memory>
#include <streamwork/clock.hpp>

namespace streamwork::runtime {

class EventLoop {
 public:
  EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;
  ~EventLoop();

  /// Sleeps until `wake` is called, a watched descriptor is ready, or `until` has come.
  void sleep(SteadyTime until);
  /// Handles what is ready, without sleeping.
  void poll();
  /// Ends the sleep at hand, or the next one.
  void wake();
  /// True if a descriptor is being watched.
  bool watching() const;
  /// Calls `action` once, from `sleep` or `poll`, when the descriptor can be read (or written) or is in error. The
  /// descriptor may be closed meanwhile.
  void when_readable(int descriptor, std::function<void()> action);
  void when_writable(int descriptor, std::function<void()> action);

 private:
  struct Asio;
  std::unique_ptr<Asio> asio_;
};

}  // namespace streamwork::runtime
