// Who may ask, and who may steer.
//
// A page of another origin can send requests from the browser of somebody who can reach the console, though not read the
// answers, and a host name that its owner points at 127.0.0.1 (DNS rebinding) makes it the same origin. So the host a request
// names must be ours: an address as such, "localhost", or the name the console was opened with. What changes something must
// come from our own page or from no page at all.
// Thread rule: plain value.
#pragma once

#include <optional>
#include <string>

#include "console/http_request.hpp"
#include "console/http_response.hpp"

namespace streamwork::console {

struct Access {
  std::string host{};   ///< the console was opened with
  std::string token{};  ///< empty: none is asked for

  /// The refusal, or nothing. `open_to_all`: without a token, as the files of the page are.
  std::optional<HttpResponse> refusal(const HttpRequest& request, bool open_to_all) const;
};

}  // namespace streamwork::console
