// A sample of the events that pass an edge, for those who look at it now.
// Thread rule: any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <streamwork/typed/edge_meter.hpp>
#include <string>

#include "runtime/monitor.hpp"

namespace streamwork::console {

class EdgeTap : public std::enable_shared_from_this<EdgeTap> {
 public:
  /// Events of a sample; a person reads a handful.
  static constexpr std::size_t most_events = 20;
  /// Of one batch, so that a sample is not all from the same moment.
  static constexpr std::uint32_t most_of_a_batch = 4;
  /// Longer events are cut off, and shown as a string.
  static constexpr std::size_t most_event_bytes = 2048;

  /// What looks at the batches from an instance to an instance.
  std::shared_ptr<typed::BatchViewer> viewer(std::int64_t from, std::int64_t to);
  /// What has passed since the last call, as a `TapSample`; empty if nothing has.
  std::string take(std::int64_t time_ms);

 private:
  class Viewer;
  void see(const typed::BatchBase& batch, std::int64_t from, std::int64_t to);

  runtime::Monitor monitor_;
  std::uint64_t passed_ = 0;
  std::size_t count_ = 0;
  std::string shown_;  ///< JSON objects, with commas between
};

}  // namespace streamwork::console
