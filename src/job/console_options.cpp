#include "job/console_options.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <system_error>

namespace streamwork::job {

namespace {

bool is_port(const std::string& text) {
  std::uint16_t port = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, port);
  return error == std::errc{} && stopped == end;
}

}  // namespace

std::string take_console(const std::string& text, std::optional<ConsoleOptions>& console) {
  const std::string expected = "PORT (0: any that is free), HOST:PORT (an IPv6 address in brackets) or off";
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos) {
    if (text != "off" && !is_port(text)) return expected;
    console = text == "off" ? std::nullopt : std::optional(ConsoleOptions{.address = "127.0.0.1:" + text});
    return {};
  }
  const std::string host = text.substr(0, colon);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  const bool named = !host.empty() && host.find_first_of(":[] \t/") == std::string::npos;
  if (!is_port(text.substr(colon + 1)) || (!bracketed && !named)) return expected;
  console = ConsoleOptions{.address = text};
  return {};
}

std::string take_console_token(const std::string& path, std::string& token) {
  std::ifstream file(path);
  if (!std::getline(file, token)) return "a file whose first line is the token; it cannot be read";
  if (token.ends_with('\r')) token.pop_back();
  const bool visible = std::ranges::all_of(token, [](char byte) { return byte > ' ' && byte <= '~'; });
  return visible && token.size() >= 16 ? ""
                                       : "a file whose first line is a token of at least 16 visible ASCII characters";
}

std::string console_token(const std::string& given) {
  const char* variable = std::getenv("STREAMWORK_CONSOLE_TOKEN");
  return given.empty() && variable != nullptr ? variable : given;
}

}  // namespace streamwork::job
