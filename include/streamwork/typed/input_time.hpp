// The markers of a segment that works on batches: those of the batch at hand, merged over its inputs.
#pragma once

#include <algorithm>
#include <cstdint>
#include <streamwork/typed/watermark_merger.hpp>

namespace streamwork::typed {

class InputTime {
 public:
  /// Number of ports that batches come from; each has its own event time. An operator with two sides has `right` ports
  /// more, and the event time of these alone is told too.
  explicit InputTime(std::size_t left, std::size_t right = 0);
  InputTime(const InputTime&) = delete;
  InputTime& operator=(const InputTime&) = delete;
  ~InputTime();

  EventTime left_watermark() const { return left_merger_.watermark(); }
  EventTime right_watermark() const { return right_merger_.watermark(); }

  /// Begins with the markers of a batch.
  void accept(BatchBase& batch, std::size_t input) {
    batch_ = &batch;
    input_ = input;
    next_ = 0;
  }

  /// Up to where events may be taken before the next marker, at most `end`.
  std::uint32_t next_stop(std::uint32_t end) const {
    return next_ == batch_->markers().size() ? end : std::min(end, batch_->markers()[next_].position);
  }

  /// The next marker to act upon that stands before the event at `position`, or nullptr. Its time is that of all
  /// inputs. Valid until the next call.
  const Marker* take_marker(std::uint32_t position) {
    return next_ < batch_->markers().size() ? take_next_marker(position) : nullptr;
  }

 private:
  const Marker* take_next_marker(std::uint32_t position);
  bool is_for_those_behind();
  /// Puts what all inputs have come to in the marker's place. False: nothing new for those behind.
  bool merge();

  WatermarkMerger merger_;
  WatermarkMerger left_merger_;
  WatermarkMerger right_merger_;
  std::size_t left_;
  std::size_t inputs_;
  std::size_t barriers_ = 0;  ///< so far; each comes once by every input, and is acted upon the last time
  bool several_;
  BatchBase* batch_ = nullptr;
  std::size_t input_ = 0;
  std::size_t next_ = 0;
  Marker at_hand_{};
};

}  // namespace streamwork::typed
