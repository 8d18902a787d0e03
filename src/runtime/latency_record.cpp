#include <algorithm>
#include <array>
#include <mutex>
#include <streamwork/typed/latency_record.hpp>

namespace streamwork::typed {

namespace {

constexpr std::chrono::seconds quarter_length{15};

struct Quarter {
  std::int64_t number = -1;  ///< of all quarters since the clock's beginning
  Histogram latencies;
};

std::int64_t quarter_of(SteadyTime time) { return time.time_since_epoch() / quarter_length; }

}  // namespace

struct LatencyRecord::Kept {
  std::mutex mutex;
  std::map<std::uint32_t, std::array<Quarter, 4>> by_source;
};

LatencyRecord::LatencyRecord() : kept_(std::make_unique<Kept>()) {}
LatencyRecord::~LatencyRecord() = default;

void LatencyRecord::record(const LatencyMark& mark, SteadyTime arrived) {
  const std::int64_t number = quarter_of(arrived);
  const auto needed = std::max(SteadyTime::duration::zero(), arrived - mark.sent);
  const std::lock_guard lock(kept_->mutex);
  auto& quarters = kept_->by_source[mark.source];
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
  const std::lock_guard lock(kept_->mutex);
  for (const auto& [source, quarters] : kept_->by_source) {
    for (const Quarter& quarter : quarters) {
      if (newest - quarter.number < static_cast<std::int64_t>(quarters.size()) && quarter.latencies.count() > 0)
        told[source].merge(quarter.latencies);
    }
  }
  return told;
}

}  // namespace streamwork::typed
