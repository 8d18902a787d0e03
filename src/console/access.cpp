#include "console/access.hpp"

#include <algorithm>
#include <string_view>

namespace streamwork::console {

namespace {

bool same_text(std::string_view left, std::string_view right) {
  const auto lower = [](char byte) { return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte; };
  return std::ranges::equal(left, right, {}, lower, lower);
}

/// Takes as long for every text of the same length, so that it tells nothing about the token.
bool same_secret(std::string_view given, std::string_view token) {
  if (given.size() != token.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < token.size(); ++i)
    difference |= static_cast<unsigned char>(given[i]) ^ static_cast<unsigned char>(token[i]);
  return difference == 0;
}

/// "localhost" of "localhost:7000", "::1" of "[::1]:7000".
std::string_view host_name(std::string_view host) {
  if (host.starts_with('[')) return host.substr(1, std::min(host.find(']'), host.size()) - 1);
  return host.substr(0, host.find(':'));
}

/// Addresses need no name server that somebody could have changed.
bool is_address(std::string_view name) {
  const auto all_of = [&](std::string_view characters) {
    return !name.empty() && name.find_first_not_of(characters) == std::string_view::npos;
  };
  return all_of("0123456789.") || (all_of("0123456789abcdefABCDEF:.") && name.find(':') != std::string_view::npos);
}

bool reads_only(const HttpRequest& request) { return request.method == "GET" || request.method == "HEAD"; }

/// Whether a page asks that is not ours. Programs name no origin.
bool from_elsewhere(const HttpRequest& request, const std::string& host) {
  if (const std::string* origin = request.header("origin"))
    return !same_text(*origin, "http://" + host) && !same_text(*origin, "https://" + host);
  const std::string* site = request.header("sec-fetch-site");
  return site != nullptr && *site != "same-origin" && *site != "none";
}

}  // namespace

std::optional<HttpResponse> Access::refusal(const HttpRequest& request, bool open_to_all) const {
  const std::string* named = request.header("host");
  if (named == nullptr) return problem(400, "the request names no host");
  const std::string_view name = host_name(*named);
  if (!is_address(name) && !same_text(name, "localhost") && !same_text(name, host))
    return problem(403, "'" + std::string(name) +
                            "' is no name of this console: use its address, localhost, or the name it was opened with");
  // Links from elsewhere to the page are welcome.
  if (!(open_to_all && reads_only(request)) && from_elsewhere(request, *named))
    return problem(403, "requests from pages of other origins are refused");
  if (!token.empty() && !open_to_all) {
    const std::string* given = request.header("authorization");
    constexpr std::string_view scheme = "Bearer ";
    const bool bearer = given != nullptr && same_text(std::string_view(*given).substr(0, scheme.size()), scheme);
    if (!bearer || !same_secret(std::string_view(*given).substr(scheme.size()), token)) {
      HttpResponse response = problem(401, "a token is needed: send 'Authorization: Bearer TOKEN'");
      response.headers.emplace_back("WWW-Authenticate", "Bearer");
      return response;
    }
  }
  if (request.method != "POST") return std::nullopt;  // no other method changes anything
  const std::string* type = request.header("content-type");
  if (type == nullptr || !same_text(std::string_view(*type).substr(0, type->find(';')), "application/json"))
    return problem(415, "send it as JSON, with 'Content-Type: application/json'");
  return std::nullopt;
}

}  // namespace streamwork::console
