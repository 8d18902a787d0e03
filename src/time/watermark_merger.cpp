#include <algorithm>
#include <streamwork/typed/watermark_merger.hpp>
#include <utility>

namespace streamwork::typed {

WatermarkMerger::WatermarkMerger(std::size_t inputs) : inputs_(inputs), open_(inputs) {}

std::size_t WatermarkMerger::add_input() {
  inputs_.emplace_back();
  ++open_;
  holder_ = static_cast<int>(inputs_.size()) - 1;
  return inputs_.size() - 1;
}

void WatermarkMerger::reopen(std::size_t input) {
  inputs_[input] = {};
  ++open_;
  holder_ = static_cast<int>(input);
}

WatermarkMerger::Change WatermarkMerger::update(std::size_t input, MarkerKind kind, EventTime time) {
  Input& at = inputs_[input];
  switch (kind) {
    case MarkerKind::watermark: {
      const bool resumed = at.life == Life::idle;
      at.life = Life::active;
      at.watermark = std::max(at.watermark, time);
      // Only the input that holds the others back can change anything by going on.
      if (!resumed && !idle_ && holder_ >= 0 && holder_ != static_cast<int>(input)) return Change::nothing;
      break;
    }
    case MarkerKind::idle:
      at.life = Life::idle;
      at.offer = std::max(at.offer, time);
      break;
    case MarkerKind::end:
      if (at.life != Life::ended) --open_;
      at.life = Life::ended;
      break;
    case MarkerKind::barrier:
    case MarkerKind::latency:
      return Change::nothing;
  }
  return recompute();
}

WatermarkMerger::Change WatermarkMerger::recompute() {
  if (open_ == 0) {
    holder_ = -1;
    idle_ = false;
    return advance_to(end_of_time);
  }
  holder_ = -1;
  EventTime least = end_of_time;
  EventTime least_offer = end_of_time;
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    const Input& input = inputs_[i];
    if (input.life == Life::idle) least_offer = std::min(least_offer, input.offer);
    if (input.life != Life::active || (holder_ >= 0 && input.watermark >= least)) continue;
    least = input.watermark;
    holder_ = static_cast<int>(i);
  }
  const bool was_idle = std::exchange(idle_, holder_ < 0);
  const Change advanced = advance_to(idle_ ? least_offer : least);
  if (idle_) return was_idle && advanced == Change::nothing ? Change::nothing : Change::idle;
  // Those behind must hear that the stream is alive again, also if its event time stays where it is.
  return was_idle ? Change::watermark : advanced;
}

WatermarkMerger::Change WatermarkMerger::advance_to(EventTime time) {
  if (time <= merged_) return Change::nothing;
  merged_ = time;
  return Change::watermark;
}

}  // namespace streamwork::typed
