#include <streamwork/typed/batch.hpp>

namespace streamwork::typed {

BatchBase::BatchBase() = default;
BatchBase::~BatchBase() = default;

void BatchBase::add_marker(MarkerKind kind, EventTime time) {
  if (kind == MarkerKind::watermark && !markers_.empty() && markers_.back().position == size_ &&
      (markers_.back().kind == MarkerKind::watermark || markers_.back().kind == MarkerKind::idle)) {
    markers_.back() = {size_, kind, time};
  } else {
    markers_.push_back({size_, kind, time});
  }
}

void BatchBase::add_barrier(const Barrier& barrier) {
  markers_.push_back({size_, MarkerKind::barrier, beginning_of_time, barrier});
}

void BatchBase::add_latency(const LatencyMark& mark) {
  markers_.push_back({size_, MarkerKind::latency, beginning_of_time, {}, mark});
}

}  // namespace streamwork::typed
