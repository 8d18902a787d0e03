#include "engine_watched.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <memory>
#include <optional>
#include <stdexcept>
#include <streamwork/console.hpp>
#include <streamwork/job.hpp>
#include <streamwork/run.hpp>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "engine_parts.hpp"

namespace benchmark {

namespace sw = streamwork;

namespace {

/// A connection to the console that asks for a stream and reads as long as there is something.
class Watcher {
 public:
  Watcher(std::uint16_t port, const std::string& path) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
      throw std::runtime_error("the console cannot be reached");
    const std::string request = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    if (::send(socket_, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size()))
      throw std::runtime_error("the console does not listen");
    if (!read_some().starts_with("HTTP/1.1 200")) throw std::runtime_error("the console does not show the job");
    thread_ = std::jthread([this] {
      while (!read_some().empty()) continue;
    });
  }
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;
  ~Watcher() {
    ::shutdown(socket_, SHUT_RDWR);
    thread_.join();
    ::close(socket_);
  }

 private:
  /// Empty: there is nothing more.
  std::string_view read_some() {
    const ssize_t got = ::recv(socket_, buffer_.data(), buffer_.size(), 0);
    return {buffer_.data(), got > 0 ? static_cast<std::size_t>(got) : 0};
  }

  int socket_;
  std::array<char, 65536> buffer_{};
  std::jthread thread_;
};

}  // namespace

std::uint64_t engine_watched_keyed_count(std::uint64_t events, std::uint64_t keys, int watchers) {
  std::atomic<std::uint64_t> total = 0;
  sw::Job job{"watched"};
  job.source("events", events_of(events, keys))
      .key_by(&Event::key, {.parallelism = 1})
      .apply("count", RunningCount())
      .sink("sum", SumSink<&KeyCount::count>(total));
  std::optional<sw::Console> console;
  if (watchers >= 0) console.emplace(sw::ConsoleOptions{.address = "127.0.0.1:0"});
  sw::JobHandle handle = sw::start(job, {.workers = 1});
  std::vector<std::unique_ptr<Watcher>> connections;
  if (console) {
    console->show(handle);
    for (int i = 0; i < watchers; ++i)
      connections.push_back(std::make_unique<Watcher>(console->port(), "/api/v1/jobs/1/metrics/stream"));
  }
  const sw::JobResult result = handle.wait();
  if (result.end != sw::JobEnd::finished) throw std::runtime_error("job watched: " + result.failure);
  return total;
}

}  // namespace benchmark
