#include "http_client.hpp"

#include <netdb.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <memory>
#include <system_error>
#include <utility>

namespace streamwork::cli {

namespace {

/// A console answers at once, and a stream says something every 15 seconds.
constexpr timeval patience{40, 0};
/// Far beyond what any answer has.
constexpr std::size_t most_answer_bytes = std::size_t{256} << 20U;

class Connection {
 public:
  explicit Connection(const ConsolePlace& place) : place_(place) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (const int error = ::getaddrinfo(place.host.c_str(), place.port.c_str(), &hints, &found); error != 0)
      throw NoConsole(place.url() + ": " + ::gai_strerror(error));
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses(found, ::freeaddrinfo);
    for (const addrinfo* address = found; address != nullptr; address = address->ai_next) {
      descriptor_ = ::socket(address->ai_family, address->ai_socktype | SOCK_CLOEXEC, address->ai_protocol);
      if (descriptor_ < 0) continue;
      ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
      if (::connect(descriptor_, address->ai_addr, address->ai_addrlen) == 0) return;
      ::close(std::exchange(descriptor_, -1));
    }
    throw NoConsole("no console answers at " + place.url() + ": " + std::generic_category().message(errno));
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  void send(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t sent = ::send(descriptor_, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent < 0) throw NoConsole(place_.url() + ": " + std::generic_category().message(errno));
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  /// Appends what has come. False: the other side has ended.
  bool receive(std::string& text) const {
    char chunk[16384];
    const ssize_t got = ::recv(descriptor_, chunk, sizeof chunk, 0);
    if (got < 0) throw NoConsole(place_.url() + " does not answer: " + std::generic_category().message(errno));
    text.append(chunk, static_cast<std::size_t>(got));
    if (text.size() > most_answer_bytes) throw NoConsole(place_.url() + " answers without an end");
    return got > 0;
  }

 private:
  const ConsolePlace& place_;
  int descriptor_ = -1;
};

std::string request_text(const ConsolePlace& place, const std::string& method, const std::string& path,
                         const std::string& body) {
  std::string text = method + " " + path + " HTTP/1.1\r\nHost: " + place.url().substr(7) + "\r\nConnection: close\r\n";
  if (!place.token.empty()) text += "Authorization: Bearer " + place.token + "\r\n";
  if (method == "POST")
    text += "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  return text + "\r\n" + body;
}

/// Reads up to the end of the head and returns the status; `text` is what came behind.
int read_head(const Connection& connection, const ConsolePlace& place, std::string& text, bool& stream) {
  std::size_t end = std::string::npos;
  while ((end = text.find("\r\n\r\n")) == std::string::npos) {
    if (!connection.receive(text)) break;
  }
  int status = 0;
  constexpr std::string_view version = "HTTP/1.1 ";
  if (end != std::string::npos && text.starts_with(version))
    std::from_chars(text.data() + version.size(), text.data() + end, status);
  if (status < 100) throw NoConsole("what answers at " + place.url() + " is no console");
  stream = text.substr(0, end).find("text/event-stream") != std::string::npos;
  text.erase(0, end + 4);
  return status;
}

}  // namespace

ConsolePlace read_place(const std::string& text) {
  constexpr std::string_view scheme = "http://";
  std::string rest = text.starts_with(scheme) ? text.substr(scheme.size()) : text;
  if (rest.ends_with('/')) rest.pop_back();
  ConsolePlace place;
  const std::size_t colon = rest.rfind(':');
  place.port = rest.substr(colon == std::string::npos ? 0 : colon + 1);
  if (colon != std::string::npos) place.host = rest.substr(0, colon);
  if (place.host.starts_with('[') && place.host.ends_with(']'))
    place.host = place.host.substr(1, place.host.size() - 2);
  const bool digits = !place.port.empty() && place.port.find_first_not_of("0123456789") == std::string::npos;
  if (!digits || place.host.empty())
    throw std::invalid_argument("'" + text +
                                "' is no place of a console: expected PORT, HOST:PORT or http://HOST:PORT");
  return place;
}

Answer ask(const ConsolePlace& place, const std::string& method, const std::string& path, const std::string& body) {
  const Connection connection(place);
  connection.send(request_text(place, method, path, body));
  Answer answer;
  bool stream = false;
  answer.status = read_head(connection, place, answer.body, stream);
  while (connection.receive(answer.body)) continue;
  return answer;
}

Answer follow(const ConsolePlace& place, const std::string& path,
              const std::function<bool(const std::string& name, const std::string& data)>& take) {
  const Connection connection(place);
  connection.send(request_text(place, "GET", path, {}));
  Answer answer;
  bool stream = false;
  answer.status = read_head(connection, place, answer.body, stream);
  if (!stream) {
    while (connection.receive(answer.body)) continue;
    return answer;
  }
  std::string name;
  std::string data;
  while (true) {
    std::size_t end = std::string::npos;
    while ((end = answer.body.find('\n')) == std::string::npos) {
      if (!connection.receive(answer.body)) throw NoConsole("the console at " + place.url() + " is gone");
    }
    const std::string line = answer.body.substr(0, end);
    answer.body.erase(0, end + 1);
    if (line.starts_with("event: ")) name = line.substr(7);
    if (line.starts_with("data: ")) data = line.substr(6);
    if (!line.empty() || name.empty()) continue;
    if (!take(name, data)) return answer;
    if (name == "end") return answer;
    name.clear();
  }
}

}  // namespace streamwork::cli
