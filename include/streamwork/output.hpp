// Where an operator puts its results.
//
// `emit` appends and never refuses: the task makes room for the results of one event before it gives the event to the
// operator. Many results from one event are written `emit_all(range)`: the task keeps the range and draws from it as
// room allows, also across back-pressure, so that one event may become ten million in bounded memory.
// Thread rule: used only inside the call it was given to, by the instance it belongs to.
#pragma once

#include <cstdint>
#include <memory>
#include <ranges>
#include <stdexcept>
#include <streamwork/time.hpp>
#include <streamwork/typed/batch.hpp>
#include <streamwork/typed/pending_ranges.hpp>
#include <type_traits>
#include <utility>

namespace streamwork {

namespace typed {

template <class T, class Range>
class PendingRangeOf final : public PendingRange {
 public:
  /// All its events have the event time `time`.
  PendingRangeOf(Range range, EventTime time)
      : range_(std::move(range)), next_(std::ranges::begin(range_)), time_(time) {}
  bool draw(BatchBase& target, std::uint32_t limit) override {
    auto& batch = static_cast<Batch<T>&>(target);
    for (; batch.size() < limit && next_ != std::ranges::end(range_); ++next_) {
      if constexpr (std::constructible_from<T, std::ranges::range_reference_t<Range>>) {
        batch.append(*next_, time_);
      } else {
        auto&& [event, time] = *next_;
        batch.append(std::forward<decltype(event)>(event), time);
      }
    }
    return next_ == std::ranges::end(range_);
  }

 private:
  Range range_;
  std::ranges::iterator_t<Range> next_;
  EventTime time_;
};

/// One event that was emitted behind a range.
template <class T>
class PendingEvent final : public PendingRange {
 public:
  PendingEvent(T event, EventTime time) : event_(std::move(event)), time_(time) {}
  bool draw(BatchBase& batch, std::uint32_t) override {
    static_cast<Batch<T>&>(batch).append(std::move(event_), time_);
    return true;
  }

 private:
  T event_;
  EventTime time_;
};

}  // namespace typed

/// More results than this from one call of `apply`, without `emit_all`, end the job with an error: room for them is
/// made beforehand, and a limit is what keeps memory bounded. 65,536 events of 64 bytes are 4 MiB, as much as an
/// exchange holds.
inline constexpr std::uint32_t emit_limit = 65'536;

template <class T>
class Output {
 public:
  /// An output that collects up to `capacity` events between two calls of the task, with their event times if `timed`:
  /// what `time` is when they are emitted. REQUIRES: it outlives the output.
  Output(std::uint32_t capacity, bool timed, const EventTime& time = typed::beginning_of_time)
      : batch_(capacity, {.times = timed}), soft_limit_(capacity), time_(&time) {}
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  /// Appends one event. Its event time is that of the event at hand; in `on_timer`, the timer's.
  /// Throws `std::length_error` when one call of `apply` emits more than `emit_limit` events.
  void emit(T event) {
    if (batch_.size() == end_) [[unlikely]]
      return emit_beyond(std::move(event), *time_);
    batch_.append(std::move(event), *time_);
  }
  /// As above, with an event time of its own.
  void emit(T event, EventTime time) {
    if (batch_.size() == end_) [[unlikely]]
      return emit_beyond(std::move(event), time);
    batch_.append(std::move(event), time);
  }

  /// Emits every element of a range, lazily: a container is moved in (an lvalue container is copied), a view is kept as
  /// it is, and must not refer to anything that ends with the call. Later `emit`s of the same call come after it.
  template <std::ranges::input_range Range>
    requires std::constructible_from<T, std::ranges::range_reference_t<Range>> ||
             std::convertible_to<std::ranges::range_reference_t<Range>, std::pair<T, EventTime>>
  void emit_all(Range&& range) {
    emit_all(std::forward<Range>(range), *time_);
  }
  /// As above, with an event time of their own; the elements of a range of pairs (event, time) bring theirs.
  template <std::ranges::input_range Range>
    requires std::constructible_from<T, std::ranges::range_reference_t<Range>> ||
             std::convertible_to<std::ranges::range_reference_t<Range>, std::pair<T, EventTime>>
  void emit_all(Range&& range, EventTime time) {
    using Kept = std::remove_cvref_t<Range>;
    auto rest = std::make_unique<typed::PendingRangeOf<T, Kept>>(Kept(std::forward<Range>(range)), time);
    if (pending_.empty() && batch_.size() < soft_limit_ && rest->draw(batch_, soft_limit_)) return;
    pending_.add(std::move(rest));
    set_limits();
  }

  // For the task.

  typed::Batch<T>& batch() { return batch_; }
  /// True if no range is pending: a marker may be put behind what was emitted.
  bool may_mark() const { return pending_.empty(); }
  /// True if the results of one more event may be appended.
  bool has_room() const { return batch_.size() < room_end_; }
  /// Takes away what was handed on, then draws from ranges that were kept. REQUIRES: the batch was used up.
  void refill() {
    batch_.clear();
    if (!pending_.empty()) pending_.draw(batch_, soft_limit_);
    set_limits();
  }

 private:
  /// While a range is pending there is no room, and the next `emit` takes the slow path, behind the range.
  void set_limits() {
    end_ = pending_.empty() ? batch_.capacity() : batch_.size();
    room_end_ = pending_.empty() ? soft_limit_ : 0;
  }

  /// Emits where there is no place. Out of line, as it is rare: the caller keeps its registers.
  [[gnu::noinline]] void emit_beyond(T event, EventTime time) {
    if (!pending_.empty()) return pending_.add(std::make_unique<typed::PendingEvent<T>>(std::move(event), time));
    grow();
    batch_.append(std::move(event), time);
  }
  void grow() {
    if (batch_.capacity() >= soft_limit_ + emit_limit) {
      throw std::length_error(
          "one call emitted more than 65536 events; give the range to out.emit_all(range) instead, which the task "
          "draws "
          "from as room allows");
    }
    batch_.grow(std::min(batch_.capacity() * 2, soft_limit_ + emit_limit));
    end_ = batch_.capacity();
  }

  typed::Batch<T> batch_;
  std::uint32_t soft_limit_;
  std::uint32_t end_ = batch_.capacity();
  std::uint32_t room_end_ = soft_limit_;
  const EventTime* time_;
  typed::PendingRanges pending_;
};

}  // namespace streamwork
