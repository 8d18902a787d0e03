#include "console/http_connection.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <exception>
#include <utility>

namespace streamwork::console {

namespace asio = boost::asio;
using boost::system::error_code;
using namespace std::chrono_literals;

namespace {

/// A request that was begun must be there by then.
constexpr auto patience_for_a_request = 15s;
/// A connection may wait so long for its next request.
constexpr auto patience_between_requests = 60s;
/// A reader who has not taken an answer or an event by then is gone.
constexpr auto patience_for_a_reader = 30s;
/// A stream that is quiet says something by then, so that who is in between does not take it for dead.
constexpr auto longest_silence = 15s;
/// What a refused client goes on sending is thrown away, so that it can read why: within limits.
constexpr auto patience_for_refused = 1s;
constexpr std::size_t most_refused_bytes = 1U << 20U;

/// What every answer says: nothing is loaded from elsewhere, nothing is embedded elsewhere, nothing is guessed or kept.
constexpr const char* headers_of_all =
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "X-Frame-Options: DENY\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n";

std::string head_of(const HttpResponse& response, bool keep_alive) {
  std::string head = "HTTP/1.1 " + std::to_string(response.status) + " ";
  head.append(reason_phrase(response.status)).append("\r\nContent-Type: ").append(response.content_type);
  head.append("\r\n").append(headers_of_all);
  bool cached = false;
  for (const auto& [name, value] : response.headers) {
    cached = cached || name == "Cache-Control";
    head.append(name).append(": ").append(value).append("\r\n");
  }
  if (!cached) head += "Cache-Control: no-store\r\n";
  if (!response.stream) {
    const std::size_t length = response.asset.empty() ? response.body.size() : response.asset.size();
    head += "Content-Length: " + std::to_string(length) + "\r\n";
  }
  return head + (keep_alive ? "\r\n" : "Connection: close\r\n\r\n");
}

}  // namespace

HttpConnection::HttpConnection(asio::ip::tcp::socket socket, Answer answer, Closed closed)
    : socket_(std::move(socket)),
      deadline_(socket_.get_executor()),
      reminder_(socket_.get_executor()),
      answer_(std::move(answer)),
      on_close_(std::move(closed)) {}

void HttpConnection::start() {
  error_code ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  expire_after(patience_for_a_request);
  read();
}

void HttpConnection::refuse(const HttpResponse& response) { respond(response, false, false); }

void HttpConnection::close() {
  if (std::exchange(closed_called_, true)) return;
  error_code ignored;
  socket_.close(ignored);
  deadline_.cancel();
  reminder_.cancel();
  on_close_(shared_from_this());
}

void HttpConnection::close_when_written() {
  ending_ = true;
  if (!writing_) close();
}

void HttpConnection::expire_after(std::chrono::steady_clock::duration time) {
  deadline_.expires_after(time);
  deadline_.async_wait([self = shared_from_this()](error_code stopped) {
    if (!stopped) self->close();
  });
}

// --- requests

void HttpConnection::read() {
  socket_.async_read_some(asio::buffer(chunk_), [self = shared_from_this()](error_code error, std::size_t bytes) {
    if (error) return self->close();
    self->take(bytes);
  });
}

void HttpConnection::take(std::size_t bytes) {
  if (input_.empty()) expire_after(patience_for_a_request);
  input_.append(chunk_.data(), bytes);
  act_on_input();
}

void HttpConnection::act_on_input() {
  ReadRequest read_result = read_request(input_);
  switch (read_result.outcome) {
    case ReadRequest::Outcome::incomplete:
      return read();
    case ReadRequest::Outcome::refused:
      return respond(problem(read_result.status, read_result.error), false, false);
    case ReadRequest::Outcome::complete:
      break;
  }
  input_.erase(0, read_result.used);
  const bool head_only = read_result.request.method == "HEAD";
  if (head_only) read_result.request.method = "GET";
  HttpResponse response;
  try {
    response = answer_(read_result.request);
  } catch (const std::exception& error) {
    response = problem(500, std::string("the console has failed: ") + error.what());
  }
  if (response.stream && !head_only) return begin_stream(std::move(response));
  response.stream = nullptr;
  respond(std::move(response), read_result.request.keep_alive, head_only);
}

// --- answers

void HttpConnection::respond(HttpResponse response, bool keep_alive, bool head_only) {
  response_ = std::move(response);
  keep_alive_ = keep_alive;
  head_ = head_of(response_, keep_alive);
  writing_ = true;
  const std::string_view body = head_only                 ? std::string_view()
                                : response_.asset.empty() ? std::string_view(response_.body)
                                                          : response_.asset;
  expire_after(patience_for_a_reader);
  const std::array<asio::const_buffer, 2> parts{asio::buffer(head_), asio::buffer(body)};
  asio::async_write(socket_, parts, [self = shared_from_this()](error_code error, std::size_t) {
    self->writing_ = false;
    if (error) return self->close();
    self->written();
  });
}

void HttpConnection::written() {
  response_ = {};
  if (ending_) return close();
  if (!keep_alive_) return linger();
  expire_after(input_.empty() ? std::chrono::steady_clock::duration(patience_between_requests)
                              : std::chrono::steady_clock::duration(patience_for_a_request));
  input_.empty() ? read() : act_on_input();
}

/// Ends our side and waits for the other: closing at once would take back what was just written, if there is input left.
void HttpConnection::linger() {
  error_code failed;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, failed);
  if (failed) return close();
  expire_after(patience_for_refused);
  if (!streaming_) watch_for_end();  // a stream has done so from its beginning
}

/// Throws away what comes until the other side ends.
void HttpConnection::watch_for_end() {
  socket_.async_read_some(asio::buffer(chunk_), [self = shared_from_this()](error_code error, std::size_t bytes) {
    self->lingered_ += bytes;
    if (error || self->lingered_ > most_refused_bytes) return self->close();
    self->watch_for_end();
  });
}

// --- streams

void HttpConnection::begin_stream(HttpResponse response) {
  response.content_type = "text/event-stream";
  streaming_ = true;
  deadline_.cancel();
  watch_for_end();
  write_event(std::make_shared<const std::string>(head_of(response, false)));
  response.stream(shared_from_this());
}

void HttpConnection::offer(const std::shared_ptr<const std::string>& event) {
  if (closed()) return;
  if (!writing_) return write_event(event);
  // The head is under way, or an event that the reader is slow to take: the newest look is the one worth having.
  last_event_ = event;
}

void HttpConnection::end(const std::shared_ptr<const std::string>& event) {
  if (closed()) return;
  ending_ = true;
  if (writing_) {
    last_event_ = event;
  } else {
    write_event(event);
  }
}

void HttpConnection::write_event(std::shared_ptr<const std::string> event) {
  event_ = std::move(event);
  writing_ = true;
  reminder_.cancel();
  expire_after(patience_for_a_reader);
  asio::async_write(socket_, asio::buffer(*event_), [self = shared_from_this()](error_code error, std::size_t) {
    self->writing_ = false;
    if (error) return self->close();
    self->deadline_.cancel();
    if (self->last_event_) return self->write_event(std::exchange(self->last_event_, nullptr));
    if (self->ending_) return self->linger();
    self->remind();
  });
}

void HttpConnection::remind() {
  reminder_.expires_after(longest_silence);
  reminder_.async_wait([self = shared_from_this()](error_code stopped) {
    if (!stopped && !self->writing_ && !self->closed())
      self->write_event(std::make_shared<const std::string>(": still here\n\n"));
  });
}

}  // namespace streamwork::console
