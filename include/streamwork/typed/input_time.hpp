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
  explicit InputTime(std::size_t left, std::size_t right = 0)
      : merger_(left + right),
        left_merger_(left),
        right_merger_(right),
        left_(left),
        inputs_(left + right),
        several_(left + right > 1) {}

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
    while (next_ < batch_->markers().size() && batch_->markers()[next_].position <= position) {
      at_hand_ = batch_->markers()[next_++];
      if (is_for_those_behind()) return &at_hand_;
    }
    return nullptr;
  }

 private:
  bool is_for_those_behind() {
    switch (at_hand_.kind) {
      case MarkerKind::barrier:
        return ++barriers_ % inputs_ == 0;
      case MarkerKind::latency:
        return true;
      case MarkerKind::end:
        return false;
      case MarkerKind::watermark:
      case MarkerKind::idle:
        break;
    }
    return merge();
  }

  /// Puts what all inputs have come to in the marker's place. False: nothing new for those behind.
  bool merge() {
    if (!several_) return true;
    using Change = WatermarkMerger::Change;
    const Change side = input_ < left_ ? left_merger_.update(input_, at_hand_.kind, at_hand_.time)
                                       : right_merger_.update(input_ - left_, at_hand_.kind, at_hand_.time);
    const Change all = merger_.update(input_, at_hand_.kind, at_hand_.time);
    at_hand_.kind = all == Change::idle ? MarkerKind::idle : MarkerKind::watermark;
    at_hand_.time = merger_.watermark();
    return all != Change::nothing || side != Change::nothing;
  }

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
