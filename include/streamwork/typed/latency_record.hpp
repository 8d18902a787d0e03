// How long events needed to come to a sink: what latency markers tell, by source, over the last minute.
//
// A minute is kept as four quarters, the oldest of which is forgotten when a new one begins: what is told covers 45 to 60
// seconds.
// Thread rule: recorded by the one task that runs the sink, read by anyone.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <streamwork/clock.hpp>
#include <streamwork/histogram.hpp>
#include <streamwork/typed/batch.hpp>

namespace streamwork::typed {

class LatencyRecord {
 public:
  LatencyRecord();
  LatencyRecord(const LatencyRecord&) = delete;
  LatencyRecord& operator=(const LatencyRecord&) = delete;
  ~LatencyRecord();

  /// A marker has arrived.
  void record(const LatencyMark& mark, SteadyTime arrived);
  /// By number of the source vertex, in nanoseconds. Sources of which nothing came lately are not in it.
  std::map<std::uint32_t, Histogram> look(SteadyTime now) const;

 private:
  struct Kept;
  std::unique_ptr<Kept> kept_;
};

}  // namespace streamwork::typed
