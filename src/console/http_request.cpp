#include "console/http_request.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <system_error>

namespace streamwork::console {

namespace {

constexpr std::string_view line_end = "\r\n";
constexpr std::size_t most_headers = 100;

struct Refusal {
  int status;
  std::string error;
};

[[noreturn]] void refuse(const std::string& error, int status = 400) { throw Refusal{status, error}; }

bool is_token_character(char byte) {
  return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
         std::string_view("!#$%&'*+-.^_`|~").find(byte) != std::string_view::npos;
}
bool is_token(std::string_view text) { return !text.empty() && std::ranges::all_of(text, is_token_character); }

char lower(char byte) { return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte; }
std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](char byte) { return lower(byte); });
  return result;
}

int digit_of(char byte) {
  if (byte >= '0' && byte <= '9') return byte - '0';
  byte = lower(byte);
  return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/// Without "%20" and the like; a byte 0 or half an escape is refused.
std::string decoded(std::string_view text, bool plus_is_space) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char byte = text[i];
    if (byte == '+' && plus_is_space) byte = ' ';
    if (byte == '%') {
      const int high = i + 2 < text.size() ? digit_of(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? digit_of(text[i + 2]) : -1;
      if (high < 0 || low < 0) refuse("the address has a '%' that is not followed by two hexadecimal digits");
      byte = static_cast<char>(high * 16 + low);
      i += 2;
    }
    if (byte == '\0') refuse("the address has a byte 0");
    result += byte;
  }
  return result;
}

/// The parts of `text` between separators, at least one.
std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

void read_target(std::string_view target, HttpRequest& request) {
  const bool plain = std::ranges::all_of(target, [](char byte) { return byte > ' ' && byte <= '~'; });
  if (!target.starts_with('/') || !plain) refuse("the address must begin with '/' and be plain ASCII");
  target = target.substr(0, target.find('#'));
  const std::size_t question = target.find('?');
  for (const std::string_view part : split(target.substr(1, question == target.npos ? question : question - 1), '/'))
    request.path.push_back(decoded(part, false));
  if (question == std::string_view::npos) return;
  for (const std::string_view pair : split(target.substr(question + 1), '&')) {
    const std::size_t equals = pair.find('=');
    request.query.emplace_back(decoded(pair.substr(0, equals), true),
                               equals == pair.npos ? std::string() : decoded(pair.substr(equals + 1), true));
  }
}

void read_request_line(std::string_view line, HttpRequest& request) {
  const std::vector<std::string_view> parts = split(line, ' ');
  if (parts.size() != 3 || !is_token(parts[0])) refuse("this is no HTTP request: expected METHOD ADDRESS HTTP/1.1");
  if (parts[2] != "HTTP/1.1" && parts[2] != "HTTP/1.0") {
    refuse("this server speaks HTTP/1.1", parts[2].starts_with("HTTP/") ? 505 : 400);
  }
  request.keep_alive = parts[2] == "HTTP/1.1";
  request.method = parts[0];
  read_target(parts[1], request);
}

void read_header(std::string_view line, HttpRequest& request) {
  const std::size_t colon = line.find(':');
  const std::string_view name = line.substr(0, colon);
  if (colon == std::string_view::npos || !is_token(name)) refuse("a header must be written NAME: VALUE");
  std::string_view value = line.substr(colon + 1);
  const std::size_t begin = std::min(value.find_first_not_of(" \t"), value.size());
  value.remove_prefix(begin);
  value = value.substr(0, value.find_last_not_of(" \t") + 1);
  const bool visible = std::ranges::all_of(
      value, [](char byte) { return byte == '\t' || (static_cast<unsigned char>(byte) >= ' ' && byte != 127); });
  if (!visible) refuse("header '" + std::string(name) + "' has a control character");
  if (request.headers.size() == most_headers) refuse("there are more than 100 headers", 431);
  request.headers.emplace_back(lower(name), value);
}

void require_at_most_one(const HttpRequest& request, std::string_view name) {
  const auto same_name = [&](const auto& header) { return header.first == name; };
  if (std::ranges::count_if(request.headers, same_name) > 1) refuse("header '" + std::string(name) + "' comes twice");
}

/// Throws `Refusal` if the length of the body cannot be told.
std::size_t body_length(const HttpRequest& request) {
  if (request.header("transfer-encoding") != nullptr) refuse("send the body whole, with Content-Length", 411);
  const std::string* header = request.header("content-length");
  if (header == nullptr) return 0;
  std::size_t length = 0;
  const char* end = header->data() + header->size();
  const auto [stopped, error] = std::from_chars(header->data(), end, length);
  if (error != std::errc{} && error != std::errc::result_out_of_range) refuse("Content-Length is no number");
  if (error == std::errc{} && stopped != end) refuse("Content-Length is no number");
  if (error != std::errc{} || length > most_body_bytes) refuse("the body is longer than 64 KiB", 413);
  return length;
}

void read_head(std::string_view head, HttpRequest& request) {
  const std::size_t first_end = head.find(line_end);
  read_request_line(head.substr(0, first_end), request);
  head.remove_prefix(first_end + line_end.size());
  while (!head.empty()) {
    const std::size_t end = head.find(line_end);
    read_header(head.substr(0, end), request);
    head.remove_prefix(end + line_end.size());
  }
  for (const std::string_view name : {"host", "content-length", "authorization", "origin"})
    require_at_most_one(request, name);
  const std::string* connection = request.header("connection");
  if (connection != nullptr && lower(*connection).find("close") != std::string::npos) request.keep_alive = false;
}

}  // namespace

const std::string* HttpRequest::header(std::string_view name) const {
  const auto found = std::ranges::find(headers, name, &std::pair<std::string, std::string>::first);
  return found == headers.end() ? nullptr : &found->second;
}

const std::string* HttpRequest::parameter(std::string_view name) const {
  const auto found = std::ranges::find(query, name, &std::pair<std::string, std::string>::first);
  return found == query.end() ? nullptr : &found->second;
}

ReadRequest read_request(std::string_view bytes) {
  ReadRequest read;
  try {
    const std::size_t head_end = bytes.substr(0, most_head_bytes).find("\r\n\r\n");
    if (head_end == std::string_view::npos) {
      if (bytes.size() >= most_head_bytes) refuse("address and headers are longer than 16 KiB", 431);
      // What cannot become a request is not waited for.
      if (!bytes.empty() && !is_token_character(bytes.front())) refuse("this is no HTTP request");
      return read;
    }
    read_head(bytes.substr(0, head_end + line_end.size()), read.request);
    const std::size_t length = body_length(read.request);
    const std::size_t body_begin = head_end + 2 * line_end.size();
    if (bytes.size() - body_begin < length) return read;
    read.request.body = bytes.substr(body_begin, length);
    read.used = body_begin + length;
    read.outcome = ReadRequest::Outcome::complete;
  } catch (const Refusal& refusal) {
    read.outcome = ReadRequest::Outcome::refused;
    read.status = refusal.status;
    read.error = refusal.error;
  }
  return read;
}

}  // namespace streamwork::console
