#include <algorithm>
#include <cassert>
#include <cmath>
#include <stdexcept>
#include <streamwork/histogram.hpp>

namespace streamwork {

std::uint64_t Histogram::greatest_in(std::size_t bucket) {
  if (bucket < 2 * precision) return bucket;
  const std::size_t excess = bucket / precision - 1;
  const std::uint64_t leading_bits = bucket - excess * precision;
  return ((leading_bits + 1) << excess) - 1;  // the last bucket's wraps around to the greatest number, as it should
}

void Histogram::grow_for(std::size_t bucket) {
  // In steps of a power of two of values, so that a slowly rising maximum does not move the buckets each time.
  counts_.resize(std::max((bucket / precision + 1) * precision, std::size_t{2 * precision}));
}

void Histogram::merge(const Histogram& other) {
  if (counts_.size() < other.counts_.size()) counts_.resize(other.counts_.size());
  for (std::size_t i = 0; i < other.counts_.size(); ++i) counts_[i] += other.counts_[i];
  count_ += other.count_;
  max_ = std::max(max_, other.max_);
}

void Histogram::clear() {
  std::ranges::fill(counts_, 0);
  count_ = 0;
  max_ = 0;
}

std::uint64_t Histogram::quantile(double fraction) const {
  if (!(fraction >= 0 && fraction <= 1)) throw std::invalid_argument("a quantile is a fraction from 0 to 1");
  if (count_ == 0) return 0;
  // Above 2^53 values the product is rounded, by less than one part in 2^52 of the rank.
  const double product = std::ceil(fraction * static_cast<double>(count_));
  const std::uint64_t rank =
      product >= static_cast<double>(count_) ? count_ : std::max(static_cast<std::uint64_t>(product), std::uint64_t{1});
  if (rank == count_) return max_;
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < counts_.size(); ++bucket) {
    seen += counts_[bucket];
    if (seen >= rank) return std::min(greatest_in(bucket), max_);
  }
  assert(false && "the buckets hold as many values as were counted");
  return max_;
}

bool operator==(const Histogram& left, const Histogram& right) {
  if (left.count_ != right.count_ || left.max_ != right.max_) return false;
  const auto& shorter = left.counts_.size() < right.counts_.size() ? left.counts_ : right.counts_;
  const auto& longer = left.counts_.size() < right.counts_.size() ? right.counts_ : left.counts_;
  const auto rest = longer.begin() + static_cast<std::ptrdiff_t>(shorter.size());
  return std::equal(shorter.begin(), shorter.end(), longer.begin()) &&
         std::all_of(rest, longer.end(), [](std::uint64_t count) { return count == 0; });
}

}  // namespace streamwork
