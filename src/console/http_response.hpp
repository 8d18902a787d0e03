// What is answered to a request: a whole text, or a stream of events that goes on.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace streamwork::console {

/// Server-sent events to one reader.
/// Thread rule: the console's thread.
class EventStream {
 public:
  EventStream() = default;
  EventStream(const EventStream&) = delete;
  EventStream& operator=(const EventStream&) = delete;
  virtual ~EventStream() = default;

  /// Sends an event, if the reader has taken the last one: who is slow misses some. `event` may go to many readers.
  virtual void offer(const std::shared_ptr<const std::string>& event) = 0;
  /// Sends a last event behind the one that is under way, and ends.
  virtual void end(const std::shared_ptr<const std::string>& event) = 0;
  /// True when it has ended, or the reader is gone.
  virtual bool closed() const = 0;
};

/// An event as it is sent: "event: NAME", "data: JSON".
std::shared_ptr<const std::string> event_text(std::string_view name, std::string_view json);

struct HttpResponse {
  int status = 200;
  std::string content_type = "application/json";
  std::string body{};
  std::string_view asset{};  ///< instead of the body; lives as long as the program
  std::vector<std::pair<std::string, std::string>> headers{};
  /// If set: what follows is a stream. Called once the head is on its way.
  std::function<void(std::shared_ptr<EventStream>)> stream{};
};

/// {"error": …}
HttpResponse problem(int status, const std::string& error);

/// "Not Found"
std::string_view reason_phrase(int status);

}  // namespace streamwork::console
