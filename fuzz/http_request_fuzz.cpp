// Any bytes from the network: a request, its refusal, or not yet one; never a crash. A request that is read does not depend on how
// its bytes arrive, and whoever may not steer a job cannot, whatever else the request says.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "console/access.hpp"
#include "console/http_request.hpp"

namespace {

using namespace streamwork::console;
using Outcome = ReadRequest::Outcome;

void require(bool holds) {
  if (!holds) std::abort();
}

/// Some beginnings of a request: all of the last bytes, where its end is, and a few others.
void check_beginnings(std::string_view bytes, std::size_t used) {
  const std::size_t step = std::max<std::size_t>(1, used / 8);
  for (std::size_t length = 0; length < used; length += length + 8 < used ? step : 1)
    require(read_request(bytes.substr(0, length)).outcome == Outcome::incomplete);
}

void check_access(const HttpRequest& request) {
  const Access open{"127.0.0.1", {}};
  const Access locked{"plant.example", "a-token-of-some-length"};
  const auto without = open.refusal(request, false);
  const auto with = locked.refusal(request, false);
  if (!with) require(request.header("authorization") != nullptr);
  if (request.method == "POST" && !without) require(request.header("content-type") != nullptr);
  require(request.header("host") != nullptr || (without && with));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const ReadRequest read = read_request(bytes);
  require(read.used <= size);
  if (read.outcome == Outcome::refused) require(read.status >= 400 && !read.error.empty());
  if (read.outcome != Outcome::complete) return 0;
  check_beginnings(bytes, read.used);
  check_access(read.request);
  return 0;
}
