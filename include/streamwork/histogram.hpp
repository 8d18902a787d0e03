// A histogram of non-negative whole numbers (latencies in nanoseconds, sizes in bytes) over their full 64-bit range,
// with a fixed relative error, constant-time recording and exact merging.
//
//   sw::Histogram latencies;
//   latencies.record(nanoseconds);
//   latencies.quantile(0.99);            // 99 % of the values are at most this
//
// Layout: log-linear, as in HdrHistogram (Gil Tene). Values below 256 have a bucket each; above, every power of two is
// cut into 128 buckets of equal width. So a bucket is never wider than 1/128 of its smallest value, and what `quantile`
// returns, the greatest value of a bucket, is never too low and at most 0.8 % too high. Memory grows with the greatest
// value seen: 2 KiB for values below 256 and 1 KiB for each doubling above (25 KiB up to a second in nanoseconds), 58
// KiB at most.
//
// Thread rule: a plain value without locks. Let each thread record into its own and merge them: nothing is lost by
// that.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace streamwork {

class Histogram {
 public:
  /// Buckets per power of two; the relative error is at most one part in so many.
  static constexpr std::uint64_t precision = 128;
  static constexpr double relative_error = 1.0 / precision;

  /// Counts one value. About a nanosecond; allocates only where a value is greater than all before, by a power of two.
  void record(std::uint64_t value) { record(value, 1); }

  /// Counts a value `times` times.
  void record(std::uint64_t value, std::uint64_t times) {
    const std::size_t bucket = bucket_of(value);
    if (bucket >= counts_.size()) [[unlikely]]
      grow_for(bucket);
    counts_[bucket] += times;
    count_ += times;
    if (value > max_ && times > 0) max_ = value;
  }

  /// Adds all that `other` has counted: afterwards this equals one that has seen the values of both.
  void merge(const Histogram& other);

  /// Forgets all values and keeps the memory.
  void clear();

  /// Number of values counted.
  std::uint64_t count() const { return count_; }
  /// The greatest value, exactly; 0 if there is none.
  std::uint64_t max() const { return max_; }

  /// The value at rank ⌈fraction · count⌉ of the sorted values (at rank 1 for a fraction of 0): not below it, and at
  /// most `relative_error` above it. `quantile(1)` is `max()`. 0 if there are no values. Throws `std::invalid_argument`
  /// unless 0 <= fraction <= 1.
  std::uint64_t quantile(double fraction) const;

  /// Two histograms are equal if no function can tell them apart, whatever the order of recording.
  friend bool operator==(const Histogram& left, const Histogram& right);

 private:
  /// Bits that stand behind the leading one in the number of a bucket.
  static constexpr int precision_bits = std::countr_zero(precision);

  /// A value with its leading bit at position `precision_bits` or lower is its own bucket. Each bit more loses one bit
  /// at the lower end and moves on by `precision` buckets.
  static constexpr std::size_t bucket_of(std::uint64_t value) {
    const int excess = static_cast<int>(std::bit_width(value | precision)) - 1 - precision_bits;
    return static_cast<std::size_t>(excess) * precision + static_cast<std::size_t>(value >> excess);
  }
  static std::uint64_t greatest_in(std::size_t bucket);

  void grow_for(std::size_t bucket);

  std::vector<std::uint64_t> counts_;  ///< up to the power of two of the greatest value seen
  std::uint64_t count_ = 0;
  std::uint64_t max_ = 0;
};

}  // namespace streamwork
