#include <algorithm>
#include <deque>
#include <mutex>
#include <streamwork/json.hpp>
#include <streamwork/typed/refused_samples.hpp>
#include <utility>

namespace streamwork::typed {

struct RefusedSamples::Kept {
  std::mutex mutex;
  std::deque<RefusedSample> samples;
};

RefusedSamples::RefusedSamples() : kept_(std::make_unique<Kept>()) {}
RefusedSamples::~RefusedSamples() = default;

void RefusedSamples::keep(RefusedSample sample) {
  sample.refused = clock_->now();
  if (sample.event.size() > most_event_bytes) sample.event = to_json(sample.event.substr(0, most_event_bytes) + "…");
  const std::lock_guard lock(kept_->mutex);
  std::deque<RefusedSample>& samples = kept_->samples;
  samples.push_back(std::move(sample));
  if (std::ranges::count(samples, samples.back().kind, &RefusedSample::kind) > most)
    samples.erase(std::ranges::find(samples, samples.back().kind, &RefusedSample::kind));
}

std::vector<RefusedSample> RefusedSamples::look() {
  const std::lock_guard lock(kept_->mutex);
  for (auto& wanted : wanted_) wanted.store(most, std::memory_order_relaxed);
  return {kept_->samples.begin(), kept_->samples.end()};
}

}  // namespace streamwork::typed
