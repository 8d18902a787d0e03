#include "console/http_server.hpp"

#include <fcntl.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <set>
#include <streamwork/console.hpp>
#include <utility>

#include "console/http_connection.hpp"
#include "runtime/background_threads.hpp"

namespace streamwork::console {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using namespace std::chrono_literals;

namespace {

/// Ports that are tried if the first is taken.
constexpr int ports_to_try = 100;
/// As many as are served at a time: each may hold some 100 KiB, and descriptors that the job may need.
constexpr std::size_t most_connections = 256;
/// Without descriptors nothing can be accepted: a pause, so that waiting does not turn into work.
constexpr auto pause_without_descriptors = 200ms;
/// How long a stop waits for readers to take the last words.
constexpr auto patience_at_the_end = 300ms;

tcp::endpoint resolve(asio::io_context& io, const std::string& host, std::uint16_t port) {
  tcp::resolver resolver(io);
  error_code error;
  const auto found = resolver.resolve(host, std::to_string(port), tcp::resolver::passive, error);
  if (error || found.empty())
    throw ConsoleError("console: '" + host + "' is no address of this machine: " + error.message());
  return found.begin()->endpoint();
}

/// The port is taken if this is false; all else throws.
bool try_listen(tcp::acceptor& acceptor, const tcp::endpoint& endpoint) {
  error_code error;
  acceptor.open(endpoint.protocol(), error);
  // Left over connections of an earlier run do not block the port. Two listeners still cannot have it, unlike with
  // SO_REUSEPORT.
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(tcp::acceptor::max_listen_connections, error);
  if (!error) {
    ::fcntl(acceptor.native_handle(), F_SETFD, FD_CLOEXEC);
    return true;
  }
  acceptor.close();
  if (error == asio::error::address_in_use) return false;
  throw ConsoleError("console: cannot listen on " + endpoint.address().to_string() + ":" +
                     std::to_string(endpoint.port()) + ": " + error.message());
}

}  // namespace

struct HttpServer::Serving {
  asio::io_context io{1};  // run by one thread
  asio::executor_work_guard<asio::io_context::executor_type> work = asio::make_work_guard(io);
  tcp::acceptor acceptor{io};
  asio::steady_timer tick_timer{io};
  asio::steady_timer pause{io};
  HttpSite* site = nullptr;
  std::set<std::shared_ptr<HttpConnection>> connections;
  bool closing = false;
  std::unique_ptr<runtime::BackgroundThreads> thread;

  void accept() {
    acceptor.async_accept([this](error_code error, tcp::socket socket) {
      // What was ready when all was closed is still told, without an error.
      if (closing || error == asio::error::operation_aborted) return;
      if (error) {
        pause.expires_after(pause_without_descriptors);
        pause.async_wait([this](error_code stopped) {
          if (!stopped && !closing) accept();
        });
        return;
      }
      ::fcntl(socket.native_handle(), F_SETFD, FD_CLOEXEC);
      open(std::move(socket));
      accept();
    });
  }

  void open(tcp::socket socket) {
    const auto connection = std::make_shared<HttpConnection>(
        std::move(socket), [this](const HttpRequest& request) { return site->answer(request); },
        [this](const std::shared_ptr<HttpConnection>& closed) {
          connections.erase(closed);
          if (closing && connections.empty()) pause.cancel();
        });
    connections.insert(connection);
    if (connections.size() > most_connections) {
      connection->refuse(problem(503, "there are too many connections"));
    } else {
      connection->start();
    }
  }

  void tick() {
    tick_timer.expires_after(site->tick());
    tick_timer.async_wait([this](error_code stopped) {
      if (!stopped && !closing) tick();
    });
  }

  void close() {
    closing = true;
    acceptor.close();
    tick_timer.cancel();
    pause.cancel();
    work.reset();
    for (const auto& connection : std::set(connections)) connection->close_when_written();
    if (connections.empty()) return;
    // Whoever does not take the last words is left behind.
    pause.expires_after(patience_at_the_end);
    pause.async_wait([this](error_code) {
      for (const auto& connection : std::set(connections)) connection->close();
    });
  }
};

HttpServer::HttpServer(const std::string& host, std::uint16_t port, bool next_free_port)
    : serving_(std::make_unique<Serving>()) {
  tcp::endpoint endpoint = resolve(serving_->io, host, port);
  for (int tries = next_free_port && port != 0 ? ports_to_try : 1; !try_listen(serving_->acceptor, endpoint); --tries) {
    if (tries <= 1 || endpoint.port() == 65535) {
      throw ConsoleError("console: port " + std::to_string(port) + " of " + host + " is taken" +
                         (next_free_port ? ", and so are the next ones" : ": choose another, or end who uses it"));
    }
    endpoint.port(static_cast<std::uint16_t>(endpoint.port() + 1));
  }
}

HttpServer::~HttpServer() {
  if (serving_->thread) stop([] {});
}

std::uint16_t HttpServer::port() const { return serving_->acceptor.local_endpoint().port(); }

bool HttpServer::loopback() const { return serving_->acceptor.local_endpoint().address().is_loopback(); }

void HttpServer::start(HttpSite& site) {
  serving_->site = &site;
  serving_->thread = std::make_unique<runtime::BackgroundThreads>("console", 1);
  serving_->thread->run([serving = serving_.get()] {
    serving->accept();
    serving->tick();
    serving->io.run();
  });
}

void HttpServer::post(std::function<void()> action) { asio::post(serving_->io, std::move(action)); }

void HttpServer::stop(const std::function<void()>& last_words) {
  if (!serving_->thread) return;
  post([serving = serving_.get(), &last_words] {
    last_words();
    serving->close();
  });
  serving_->thread.reset();  // waits for it
}

}  // namespace streamwork::console
