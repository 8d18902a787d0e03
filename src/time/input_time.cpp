#include <streamwork/typed/input_time.hpp>

namespace streamwork::typed {

InputTime::InputTime(std::size_t left, std::size_t right)
    : merger_(left + right),
      left_merger_(left),
      right_merger_(right),
      left_(left),
      inputs_(left + right),
      several_(left + right > 1) {}
InputTime::~InputTime() = default;

const Marker* InputTime::take_next_marker(std::uint32_t position) {
  while (next_ < batch_->markers().size() && batch_->markers()[next_].position <= position) {
    at_hand_ = batch_->markers()[next_++];
    if (is_for_those_behind()) return &at_hand_;
  }
  return nullptr;
}

bool InputTime::is_for_those_behind() {
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

bool InputTime::merge() {
  if (!several_) return true;
  using Change = WatermarkMerger::Change;
  const Change side = input_ < left_ ? left_merger_.update(input_, at_hand_.kind, at_hand_.time)
                                     : right_merger_.update(input_ - left_, at_hand_.kind, at_hand_.time);
  const Change all = merger_.update(input_, at_hand_.kind, at_hand_.time);
  at_hand_.kind = all == Change::idle ? MarkerKind::idle : MarkerKind::watermark;
  at_hand_.time = merger_.watermark();
  return all != Change::nothing || side != Change::nothing;
}

}  // namespace streamwork::typed
