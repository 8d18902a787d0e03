#include <streamwork/typed/pending_ranges.hpp>
#include <utility>

namespace streamwork::typed {

PendingRanges::PendingRanges() = default;
PendingRanges::~PendingRanges() = default;

void PendingRanges::add(std::unique_ptr<PendingRange> range) { ranges_.push_back(std::move(range)); }

void PendingRanges::draw(BatchBase& batch, std::uint32_t limit) {
  while (!ranges_.empty() && batch.size() < limit) {
    if (ranges_.front()->draw(batch, limit)) ranges_.pop_front();
  }
}

}  // namespace streamwork::typed
