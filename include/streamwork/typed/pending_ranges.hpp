// What is left of the ranges that were given to `emit_all`, without the types of their events.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <streamwork/typed/batch.hpp>

namespace streamwork::typed {

/// The rest of one range.
class PendingRange {
 public:
  PendingRange() = default;
  PendingRange(const PendingRange&) = delete;
  PendingRange& operator=(const PendingRange&) = delete;
  virtual ~PendingRange() = default;
  /// Appends to `batch`, which is one of its events, until it holds `limit` of them. True: the range is used up.
  /// REQUIRES: the batch holds fewer.
  virtual bool draw(BatchBase& batch, std::uint32_t limit) = 0;
};

/// Those of one output, in the order in which they were emitted.
class PendingRanges {
 public:
  PendingRanges();
  PendingRanges(const PendingRanges&) = delete;
  PendingRanges& operator=(const PendingRanges&) = delete;
  ~PendingRanges();

  bool empty() const { return ranges_.empty(); }
  void add(std::unique_ptr<PendingRange> range);
  /// Appends to `batch` until it holds `limit` events or nothing is left.
  void draw(BatchBase& batch, std::uint32_t limit);

 private:
  std::deque<std::unique_ptr<PendingRange>> ranges_;
};

}  // namespace streamwork::typed
