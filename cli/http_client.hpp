// Asks a console: one request per connection, answers whole or as a stream of events.
// Thread rule: one thread.
#pragma once

#include <functional>
#include <stdexcept>
#include <string>

namespace streamwork::cli {

/// Nobody answers, or not as a console does.
class NoConsole : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Where a console is.
struct ConsolePlace {
  std::string host = "127.0.0.1";
  std::string port = "7000";
  std::string token{};  ///< empty: none

  std::string url() const { return "http://" + (host.find(':') == host.npos ? host : "[" + host + "]") + ":" + port; }
};

/// Reads "7000", "HOST:7000" or "http://HOST:7000". Throws `std::invalid_argument`.
ConsolePlace read_place(const std::string& text);

struct Answer {
  int status = 0;
  std::string body{};
};

/// Throws `NoConsole`.
Answer ask(const ConsolePlace& place, const std::string& method, const std::string& path, const std::string& body = {});

/// Calls `take(name, data)` for each event until it returns false or the stream ends. Returns the answer if it is no stream.
/// Throws `NoConsole`, also if the stream breaks off.
Answer follow(const ConsolePlace& place, const std::string& path,
              const std::function<bool(const std::string& name, const std::string& data)>& take);

}  // namespace streamwork::cli
