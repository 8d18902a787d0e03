// One connection to the console: reads requests, writes answers or a stream, and gives up on those who are too slow.
// Thread rule: the server's thread.
#pragma once

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <string>

#include "console/http_request.hpp"
#include "console/http_response.hpp"

namespace streamwork::console {

class HttpConnection final : public EventStream, public std::enable_shared_from_this<HttpConnection> {
 public:
  using Answer = std::function<HttpResponse(const HttpRequest&)>;
  using Closed = std::function<void(const std::shared_ptr<HttpConnection>&)>;

  HttpConnection(boost::asio::ip::tcp::socket socket, Answer answer, Closed closed);

  void start();
  /// Answers with this instead of reading, and closes.
  void refuse(const HttpResponse& response);
  void close();
  /// Closes at once, unless something is being written.
  void close_when_written();

  // EventStream

  void offer(const std::shared_ptr<const std::string>& event) override;
  void end(const std::shared_ptr<const std::string>& event) override;
  bool closed() const override { return closed_called_ || ending_; }

 private:
  void read();
  void take(std::size_t bytes);
  void act_on_input();
  void respond(HttpResponse response, bool keep_alive, bool head_only);
  void written();
  void begin_stream(HttpResponse response);
  void write_event(std::shared_ptr<const std::string> event);
  void remind();
  void linger();
  void watch_for_end();
  void expire_after(std::chrono::steady_clock::duration time);

  boost::asio::ip::tcp::socket socket_;
  boost::asio::steady_timer deadline_;
  boost::asio::steady_timer reminder_;  ///< of a stream that is quiet
  Answer answer_;
  Closed on_close_;
  std::array<char, 4096> chunk_;
  std::string input_;
  std::string head_;
  HttpResponse response_;
  bool keep_alive_ = false;
  bool writing_ = false;
  bool streaming_ = false;
  bool ending_ = false;  ///< closes when the last thing is written
  bool closed_called_ = false;
  std::shared_ptr<const std::string> event_;       ///< being written
  std::shared_ptr<const std::string> last_event_;  ///< to be written behind it
  std::size_t lingered_ = 0;
};

}  // namespace streamwork::console
