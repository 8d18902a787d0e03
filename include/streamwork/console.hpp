// The console: a web page and an HTTP API over running jobs. `run` opens one for its job; a program that starts jobs by
// itself opens one for as many as it likes:
//
//   sw::Console console({.address = "127.0.0.1:7000"});
//   sw::JobHandle handle = sw::start(job);
//   console.show(handle);
//
// Who can reach the address can see the job and steer it, so an address beyond this machine wants a token. The API is
// described in src/console/api.yaml; docs/guide/console.md shows how to use it.
// Thread rule: any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>

namespace streamwork {

class JobHandle;

/// A console could not be opened: the port is taken, the host is unknown, a token is missing.
class ConsoleError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct ConsoleOptions {
  /// "HOST:PORT", an IPv6 address in brackets; port 0: any that is free.
  std::string address = "127.0.0.1:7000";
  /// If the port is taken, the next one that is free is used.
  bool next_free_port = false;
  /// What requests must show ("Authorization: Bearer TOKEN"): at least 16 visible ASCII characters. Empty: nothing, which is
  /// refused beyond the machine itself.
  std::string token{};
};

/// An open console. Destroying it closes its connections; the jobs go on.
class Console {
 public:
  /// Throws `ConsoleError`.
  explicit Console(const ConsoleOptions& options = {});
  Console(Console&&) noexcept;
  Console& operator=(Console&&) noexcept;
  ~Console();

  /// Shows a job from now on, also for a while after it has ended. The handle may be destroyed before the console.
  void show(const JobHandle& job);

  /// "http://127.0.0.1:7000"
  const std::string& url() const;
  std::uint16_t port() const;

 private:
  struct Open;
  std::unique_ptr<Open> open_;
};

}  // namespace streamwork
