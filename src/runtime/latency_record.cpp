#include <algorithm>
#include <streamwork/typed/latency_record.hpp>

namespace streamwork::typed {

namespace {

std::int64_t quarter_of(SteadyTime time) { return time.time_since_epoch() / LatencyRecord::quarter; }

}  // namespace

void LatencyRecord::record(const LatencyMark& mark, SteadyTime arrived) {
  const std::int64_t number = quarter_of(arrived);
  const auto needed = std::max(SteadyTime::duration::zero(), arrived - mark.sent);
  const std::lock_guard lock(mutex_);
  auto& quarters = by_source_[mark.source];
  Quarter& quarter = quarters[static_cast<std::uint64_t>(number) % quarters.size()];
  if (quarter.number != number) {
    quarter.number = number;
    quarter.latencies.clear();
  }
  quarter.latencies.record(static_cast<std::uint64_t>(needed.count()));
}

std::map<std::uint32_t, Histogram> LatencyRecord::look(SteadyTime now) const {
  std::map<std::uint32_t, Histogram> told;
  const std::int64_t newest = quarter_of(now);
  const std::lock_guard lock(mutex_);
  for (const auto& [source, quarters] : by_source_) {
    for (const Quarter& quarter : quarters) {
      if (newest - quarter.number < static_cast<std::int64_t>(quarters.size()) && quarter.latencies.count() > 0)
        told[source].merge(quarter.latencies);
    }
  }
  return told;
}

}  // namespace streamwork::typed
