// A small HTTP/1.1 server in one thread: a connection is a socket and a buffer, so that many open streams, half-open requests
// and slow readers cost memory only, and hold up nobody.
//
// Chosen over cpp-httplib, which is a thread per connection: with 50 streams and 40 half-open requests its pool must have
// more than 90 threads, and one more half-open request than it has threads stops it.
// Thread rule: `post` by any thread; the site is called by the server's thread only.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "console/http_request.hpp"
#include "console/http_response.hpp"

namespace streamwork::console {

/// What is served.
class HttpSite {
 public:
  HttpSite() = default;
  HttpSite(const HttpSite&) = delete;
  HttpSite& operator=(const HttpSite&) = delete;
  virtual ~HttpSite() = default;

  virtual HttpResponse answer(const HttpRequest& request) = 0;
  /// Does what is due. Returns the time until it is to be called again.
  virtual std::chrono::milliseconds tick() = 0;
};

class HttpServer {
 public:
  /// Opens the port; port 0: any. `next_free_port`: if it is taken, the first free one of the next hundred.
  /// Throws `ConsoleError`.
  HttpServer(const std::string& host, std::uint16_t port, bool next_free_port);
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  ~HttpServer();

  std::uint16_t port() const;
  /// Whether only this machine can reach it.
  bool loopback() const;

  /// Begins to serve. REQUIRES: called once; `site` lives until `stop` has returned.
  void start(HttpSite& site);
  /// Has the server's thread call `action` soon.
  void post(std::function<void()> action);
  /// Calls `last_words` in the server's thread, gives what is being written a moment, and closes everything.
  void stop(const std::function<void()>& last_words);

 private:
  struct Serving;
  std::unique_ptr<Serving> serving_;
};

}  // namespace streamwork::console
