#include <streamwork/typed/call_order.hpp>

namespace streamwork::typed {

namespace {

/// True if a marker says nothing any more when `later` follows at once: a watermark outdoes a lower one and ends idleness.
bool outdone(const Marker& marker, const Marker& later) {
  if (later.kind == MarkerKind::watermark)
    return marker.kind == MarkerKind::watermark || marker.kind == MarkerKind::idle;
  return later.kind == MarkerKind::idle && marker.kind == MarkerKind::idle;
}

}  // namespace

void CallOrder::add_event(std::uint32_t place) {
  if (stretches_.empty() || one_by_one_ || stretches_.back().marker) stretches_.emplace_back();
  ++stretches_.back().open;
  if (place >= events_.size()) events_.resize(place + 1);
  events_[place] = {first_stretch_ + stretches_.size() - 1, none};
}

void CallOrder::add_marker(const Marker& marker) {
  while (!stretches_.empty() && stretches_.back().marker && outdone(*stretches_.back().marker, marker)) {
    stretches_.back().marker.reset();
    if (!stretches_.back().events_out()) break;
    stretches_.pop_back();
  }
  if (stretches_.empty() || stretches_.back().marker) stretches_.emplace_back();
  stretches_.back().marker = marker;
}

void CallOrder::set_done(std::uint32_t place) {
  Stretch& stretch = stretches_[events_[place].stretch - first_stretch_];
  --stretch.open;
  (stretch.last_done == none ? stretch.first_done : events_[stretch.last_done].next) = place;
  stretch.last_done = place;
}

void CallOrder::pop_event() {
  Stretch& stretch = stretches_.front();
  stretch.first_done = events_[stretch.first_done].next;
  if (stretch.first_done == none) stretch.last_done = none;
  pop_stretch_if_out();
}

void CallOrder::pop_marker() {
  stretches_.front().marker.reset();
  pop_stretch_if_out();
}

void CallOrder::pop_stretch_if_out() {
  if (!stretches_.front().events_out() || stretches_.front().marker) return;
  stretches_.pop_front();
  ++first_stretch_;
}

}  // namespace streamwork::typed
