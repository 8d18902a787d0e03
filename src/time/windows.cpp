#include <streamwork/duration_text.hpp>
#include <streamwork/windows.hpp>

namespace streamwork {

namespace windows {

std::int64_t length_of(Duration duration, const char* what) {
  if (duration <= Duration::zero() || duration > longest_duration)
    throw std::invalid_argument(std::string(what) + " must be more than nothing, and at most 36,000 years");
  return duration.count();
}

namespace {

std::int64_t offset_of(Duration offset) {
  if (offset < -longest_duration || offset > longest_duration)
    throw std::invalid_argument("the offset of a window must be at most 36,000 years");
  return offset.count();
}

}  // namespace

Sliding::Sliding(Duration length, Duration slide)
    : length_(length_of(length, "the length of a window")),
      slide_(length_of(slide, "the slide of a window")),
      slice_(std::gcd(length_, slide_)) {
  if (slide_ > length_) {
    throw std::invalid_argument(
        "the slide of a window must be at most its length: otherwise events between two windows would belong to none");
  }
}

Sliding Sliding::offset(Duration offset) const {
  Sliding moved = *this;
  moved.offset_ = offset_of(offset) % slide_;
  return moved;
}

WindowShape Sliding::shape() const {
  const Duration length{length_};
  const Duration slide{slide_};
  return {.text = "sliding " + duration_text(length) + " by " + duration_text(slide),
          .step = slide,
          .length = length,
          .offset = Duration(offset_)};
}

Tumbling::Tumbling(Duration length) : length_(length_of(length, "the length of a window")) {}

Tumbling Tumbling::offset(Duration offset) const {
  Tumbling moved = *this;
  moved.offset_ = offset_of(offset) % length_;
  return moved;
}

WindowShape Tumbling::shape() const {
  const Duration length{length_};
  return {.text = "tumbling " + duration_text(length), .step = length, .length = length, .offset = Duration(offset_)};
}

Cumulative::Cumulative(Duration greatest, Duration step)
    : greatest_(length_of(greatest, "the greatest length of a window")),
      step_(length_of(step, "the step of a window")) {
  if (greatest_ % step_ != 0)
    throw std::invalid_argument("the greatest length of a cumulative window must be a multiple of its step");
}

Cumulative Cumulative::offset(Duration offset) const {
  Cumulative moved = *this;
  moved.offset_ = offset_of(offset) % greatest_;
  return moved;
}

WindowShape Cumulative::shape() const {
  const Duration greatest{greatest_};
  const Duration step{step_};
  return {.text = "cumulative " + duration_text(greatest) + " by " + duration_text(step),
          .step = step,
          .length = greatest,
          .offset = Duration(offset_),
          .cumulative = true};
}

WindowShape FixedGap::shape() const { return {.text = "session " + duration_text(length)}; }

WindowShape Count::shape() const {
  return {.text = "every " + std::to_string(step) + " events" +
                  (step == events ? "" : ", the last " + std::to_string(events))};
}

}  // namespace windows

windows::Count count_windows(std::int64_t events) { return count_windows(events, events); }

windows::Count count_windows(std::int64_t events, std::int64_t step) {
  if (events < 1 || step < 1) throw std::invalid_argument("a count window has at least one event, and a step of one");
  if (step > events) throw std::invalid_argument("the step of a count window must be at most its number of events");
  return {events, step};
}

}  // namespace streamwork
