#include <streamwork/console.hpp>

#include <algorithm>
#include <charconv>
#include <streamwork/run.hpp>
#include <system_error>
#include <utility>

#include "console/http_server.hpp"
#include "console/registration.hpp"
#include "console/site.hpp"
#include "job/execution.hpp"

namespace streamwork {

namespace {

using console::Access;
using console::HttpServer;
using console::Registration;
using console::Site;

/// Shorter ones could be guessed.
constexpr std::size_t shortest_token = 16;

struct Place {
  std::string host;
  std::uint16_t port = 0;
};

Place read_address(const std::string& address) {
  const std::size_t colon = address.rfind(':');
  Place place;
  const char* end = address.data() + address.size();
  const char* digits = colon == std::string::npos ? end : address.data() + colon + 1;
  const auto [stopped, error] = std::from_chars(digits, end, place.port);
  if (error != std::errc{} || stopped != end || colon == 0)
    throw ConsoleError("console: '" + address + "' is no address: expected HOST:PORT");
  place.host = address.substr(0, colon);
  if (place.host.size() > 2 && place.host.front() == '[' && place.host.back() == ']')
    place.host = place.host.substr(1, place.host.size() - 2);
  return place;
}

void check_token(const std::string& token) {
  const bool visible = std::ranges::all_of(token, [](char byte) { return byte > ' ' && byte <= '~'; });
  if (!token.empty() && (!visible || token.size() < shortest_token))
    throw ConsoleError("console: the token must have at least 16 characters, all of them visible ASCII");
}

std::string url_of(const std::string& host, std::uint16_t port) {
  const bool colons = host.find(':') != std::string::npos;
  return "http://" + (colons ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

}  // namespace

struct Console::Open {
  Open(const ConsoleOptions& options, const Place& place)
      : server(place.host, place.port, options.next_free_port),
        site(Access{place.host, options.token}),
        url(url_of(place.host, server.port())) {
    check_token(options.token);
    if (options.token.empty() && !server.loopback()) {
      throw ConsoleError(
          "console: " + options.address +
          " can be reached from other machines, which wants a token: give one (--console-token FILE, or the "
          "variable STREAMWORK_CONSOLE_TOKEN), or listen on 127.0.0.1");
    }
    registration.emplace(url, !options.token.empty());
    server.start(site);
  }
  ~Open() {
    server.stop([this] { site.look_once_more(); });
  }

  HttpServer server;
  Site site;
  std::string url;
  std::optional<Registration> registration;
};

Console::Console(const ConsoleOptions& options)
    : open_(std::make_unique<Open>(options, read_address(options.address))) {}
Console::Console(Console&&) noexcept = default;
Console& Console::operator=(Console&&) noexcept = default;
Console::~Console() = default;

void Console::show(const JobHandle& job) {
  open_->server.post([site = &open_->site, gate = job.execution_->gate()] { site->show(gate); });
}

const std::string& Console::url() const { return open_->url; }
std::uint16_t Console::port() const { return open_->server.port(); }

}  // namespace streamwork
