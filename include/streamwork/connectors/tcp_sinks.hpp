// Sinks that send lines over TCP: the job connects as a client, each instance with a connection of its own.
//
//   $ nc -l 9995
//   counts.sink("send", sw::tcp_json_lines("127.0.0.1", 9995));
//
// A slow receiver slows the job down. Plain TCP confirms nothing: what had left when a connection broke may be lost,
// and the job ends with an error that names host and port. Thread rule: descriptions; instances belong to their tasks
// and never block their worker.
#pragma once

#include <chrono>
#include <memory>
#include <streamwork/connectors/text_sinks.hpp>
#include <streamwork/connectors/text_target.hpp>
#include <string>
#include <utility>

namespace streamwork {

struct TcpTargetOptions {
  /// An attempt to connect that takes longer has failed.
  std::chrono::milliseconds connect_timeout{10'000};
};

/// A target for any sink of text. The host's name is resolved when the job starts; a failure to do so, or to connect,
/// throws `std::runtime_error`. Throws `std::invalid_argument` for a port out of range.
std::shared_ptr<const TextTarget> tcp_target(std::string host, int port, TcpTargetOptions options = {});

/// Sends events as JSON lines.
inline TextSink<JsonFormat> tcp_json_lines(std::string host, int port, TcpTargetOptions options = {}) {
  return {tcp_target(std::move(host), port, options), {}};
}

/// Sends what `function(const T&)` returns, a text, as one line per event.
template <class Function>
TextSink<FunctionFormat<Function>> tcp_text(std::string host, int port, Function function,
                                            TcpTargetOptions options = {}) {
  return {tcp_target(std::move(host), port, options), {std::move(function)}};
}

}  // namespace streamwork
