// Lines that come over TCP: the job connects as a client, and each line the other side sends is an event.
//
//   $ nc -lk 9990                                  # something that listens; what is typed there becomes events
//   job.source("sensor reader", sw::tcp_lines(9990), {.parallelism = 2})
//
// Instance i connects to port + i, so two instances read 9990 and 9991. A TCP connection cannot be read again from an
// earlier place: what was under way when something broke is lost, and a job that reads one is at most once.
// Thread rule: the source is a description; readers belong to their instances and never block their worker.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <streamwork/connectors/line_reader.hpp>
#include <streamwork/line.hpp>
#include <streamwork/source.hpp>
#include <string>
#include <vector>

namespace streamwork {

struct TcpPeer;

struct TcpLinesOptions {
  /// Connect again, after a pause, when the connection is refused or breaks. An unfinished line is dropped then; the
  /// next connection begins with a line of its own, at position 0. Without it, both end the job with an error.
  bool reconnect = false;
  /// The other side closes the connection in order: the source has ended. False: connect again, if `reconnect` is set
  /// (for servers that are stopped and started while the job goes on).
  bool end_at_close = true;
  /// The pause before the first new attempt; each further one doubles it. Once bytes have come it starts anew.
  std::chrono::milliseconds first_backoff{100};
  std::chrono::milliseconds greatest_backoff{10'000};
  /// An attempt to connect that takes longer has failed.
  std::chrono::milliseconds connect_timeout{10'000};
  /// A longer line ends the job with an error that names the connection and the offset.
  std::size_t greatest_line_bytes = std::size_t{16} << 20U;
};

/// What `tcp_lines` returns.
class TcpLines {
 public:
  using Event = Line;  ///< with the position in its connection
  /// One connection.
  struct Split {
    std::shared_ptr<const TcpPeer> peer;
  };
  static constexpr SplitOrder split_order = SplitOrder::side_by_side;

  TcpLines(std::string host, int port, TcpLinesOptions options);
  /// Resolves the host's name, once per start. Throws `std::runtime_error` if that fails, and `std::invalid_argument`
  /// if the last instance's port would be above 65535.
  std::vector<Split> splits(const SplitRequest& request) const;
  LineReader open(const Split& split, SourceContext& context) const;

 private:
  std::string host_;
  int port_;
  TcpLinesOptions options_;
};

/// A source of the lines that come from `host`, ports `port`, `port` + 1, … (one per instance).
/// Throws `std::invalid_argument` for a port or a back-off out of range. While it runs it throws `std::runtime_error` that names host
/// and port: refused, timed out, broken (with the number of bytes that had come), line too long.
TcpLines tcp_lines(std::string host, int port, TcpLinesOptions options = {});
/// From this machine (127.0.0.1).
TcpLines tcp_lines(int port, TcpLinesOptions options = {});

}  // namespace streamwork
