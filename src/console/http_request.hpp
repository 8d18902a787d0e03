// HTTP/1.1 requests, read strictly: what is not plainly a request is refused, and nothing grows without a limit (RFC 9112).
// Thread rule: pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace streamwork::console {

struct HttpRequest {
  std::string method{};
  std::vector<std::string> path{};  ///< the parts between slashes, decoded; "/" is one empty part
  std::vector<std::pair<std::string, std::string>> query{};
  std::vector<std::pair<std::string, std::string>> headers{};  ///< names in lower case
  std::string body{};
  bool keep_alive = true;

  /// The value of the only header of this name (in lower case), or nullptr.
  const std::string* header(std::string_view name) const;
  const std::string* parameter(std::string_view name) const;
};

/// A request line with headers of some browsers and a token is about 2 KiB.
inline constexpr std::size_t most_head_bytes = 16U << 10U;
/// Requests of the API are objects of some fields.
inline constexpr std::size_t most_body_bytes = 64U << 10U;

struct ReadRequest {
  enum class Outcome : std::uint8_t { incomplete, complete, refused };

  Outcome outcome = Outcome::incomplete;
  std::size_t used = 0;  ///< bytes of the request, if it is complete
  HttpRequest request{};
  int status = 0;       ///< why it was refused
  std::string error{};  ///< the same for people
};

/// Reads the request that `bytes` begin with.
ReadRequest read_request(std::string_view bytes);

}  // namespace streamwork::console
