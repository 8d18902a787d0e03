// Windows whose bounds are the same for every key: tumbling, sliding, cumulative, calendar days.
//
// Events are aggregated in slices, which all windows they belong to share (typed/slices.hpp). A key has one timer at a
// time, for the end of its next window; firing it sets the next one as long as there is something to tell.
#pragma once

#include <optional>
#include <streamwork/aggregates.hpp>
#include <streamwork/operators/window_time.hpp>
#include <streamwork/side_output.hpp>
#include <streamwork/typed/slices.hpp>
#include <streamwork/window_result.hpp>
#include <utility>

namespace streamwork::operators {

template <class T, class K, class Windows, class Time, class Aggregate>
class SlicedWindows {
  static constexpr bool one_slice = requires { Windows::one_slice; };
  using Slices = std::conditional_t<
      one_slice, typed::SingleSlices<Aggregate>,
      std::conditional_t<aggregates::Invertible<Aggregate>, typed::SharedSlices<Aggregate, typed::SliceSum>,
                         typed::SharedSlices<Aggregate, typed::SliceStacks>>>;
  using State = typename Aggregate::State;
  using Value = aggregates::ResultOf<Aggregate, K>;
  using Result = WindowResult<K, Value>;

 public:
  /// `late` takes the events that no window of theirs takes any more.
  SlicedWindows(Windows windows, Aggregate aggregate, Duration lateness, std::optional<SideOutput<T>> late)
      : windows_(std::move(windows)),
        aggregate_(std::move(aggregate)),
        lateness_(lateness.count()),
        late_tag_(std::move(late)) {}

  void open(OperatorContext& context) {
    time_.open(context);
    key_ = context.current_key<K>();
    slices_ = context.value_state<Slices>("slices");
    if (late_tag_) late_ = &context.side_output(*late_tag_);
  }

  void apply(const T& event, Output<Result>& out) {
    const std::int64_t now = time_.now();
    if (now < slice_start_ || now >= slice_end_) [[unlikely]]
      look_up_slice(now);
    if (first_end_ <= time_.reached()) [[unlikely]]
      return apply_late(event, out);
    State& state = slices_->at(slice_start_, [this] { time_.set_timer(first_end_); });
    aggregates::add(aggregate_, state, event, time_.event_time());
  }

  void on_timer(typename Time::TimePoint at, Output<Result>& out) {
    const std::int64_t now = at.time_since_epoch().count();
    time_.note_timer(now);
    Slices& slices = *slices_;
    if (slices.empty()) return key_.forget();  // nothing came for a whole window
    if (windows_.is_end(now)) fire(now, false, out);
    while (!slices.empty() && windows_.last_end(slices.first()) + lateness_ <= now) slices.drop_first(aggregate_);
    const std::int64_t next = windows_.next_end(now);
    if (slices.empty()) {
      time_.set_timer(next);  // the key stays until then: most keys that had an event will have another
      return;
    }
    if (const std::int64_t* slice = slices.first_from(windows_.start_of(next)))
      time_.set_timer(std::max(next, windows_.first_end(*slice)));
    if (lateness_ > 0) time_.set_timer(windows_.last_end(slices.first()) + lateness_);
  }

 private:
  void look_up_slice(std::int64_t time) {
    slice_start_ = windows_.slice_start(time);
    slice_end_ = windows_.slice_end(slice_start_);
    first_end_ = windows_.first_end(slice_start_);
  }

  /// An event of which at least one window has closed.
  void apply_late(const T& event, Output<Result>& out) {
    const std::int64_t reached = time_.reached();
    const std::int64_t slice = slice_start_;
    const std::int64_t last_end = windows_.last_end(slice);
    if (last_end + lateness_ <= reached) {
      time_.count_late(event);
      if (late_ != nullptr) late_->emit(event);
      return;
    }
    // Which of its closed windows had a result already must be known before the event is added.
    std::vector<std::pair<std::int64_t, bool>> closed;
    std::int64_t end = first_end_;
    for (; end <= last_end && end <= reached; end = windows_.next_end(end)) {
      if (end + lateness_ > reached) closed.emplace_back(end, has_events(end));
    }
    State& state = slices_->at(slice, [&] {
      if (end <= last_end) time_.set_timer(end);
      if (lateness_ > 0) time_.set_timer(last_end + lateness_);
    });
    aggregates::add(aggregate_, state, event, time_.event_time());
    for (const auto& [closed_end, update] : closed) fire(closed_end, update, out);
  }

  bool has_events(std::int64_t end) const {
    const std::int64_t* slice = slices_->first_from(windows_.start_of(end));
    return slice != nullptr && *slice < end;
  }

  void fire(std::int64_t end, bool update, Output<Result>& out) {
    const TimeWindow window{EventTime(Duration(windows_.start_of(end))), EventTime(Duration(end))};
    slices_->over(aggregate_, windows_.start_of(end), end, [&](const State& state) {
      out.emit(Result{*key_, window.start, window.end, aggregates::result(aggregate_, state, *key_, window), update},
               window.end - Duration(1));
    });
  }

  Windows windows_;
  Aggregate aggregate_;
  std::int64_t lateness_;
  std::optional<SideOutput<T>> late_tag_;
  Time time_;
  CurrentKey<K> key_;
  ValueState<Slices> slices_;
  Output<T>* late_ = nullptr;
  // The slice of the event before: most often that of the next one too.
  std::int64_t slice_start_ = 0;
  std::int64_t slice_end_ = 0;
  std::int64_t first_end_ = 0;
};

}  // namespace streamwork::operators
