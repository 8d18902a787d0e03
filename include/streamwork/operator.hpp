// What an operator class looks like, and what it is given.
//
//   class VehicleCounter {
//    public:
//     void open(sw::OperatorContext& context) { count_ = context.value_state<std::int64_t>("count"); }   // optional
//     void apply(const Vehicle& vehicle, sw::Output<VehicleCount>& out) { out.emit({vehicle.type, ++*count_}); }
//     void on_timer(sw::EventTime time, sw::Output<VehicleCount>& out) {}        // if it sets timers (timers.hpp)
//     void on_timer(sw::ProcessingTime time, sw::Output<VehicleCount>& out) {}
//     void finish(sw::Output<VehicleCount>& out) {}   // optional: input has ended, last results
//     void close() {}                                 // optional: give back what `open` took; always called
//    private:
//     sw::ValueState<std::int64_t> count_;
//   };
//
// No base class is needed. Each parallel instance works on its own copy of the object that was given to `.apply`.
// Thread rule: one instance is called by one thread at a time, never by two.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <streamwork/clock.hpp>
#include <streamwork/output.hpp>
#include <streamwork/side_output.hpp>
#include <streamwork/state.hpp>
#include <streamwork/timers.hpp>
#include <streamwork/typed/side_outputs.hpp>
#include <streamwork/typed/state_layout.hpp>
#include <string>
#include <utility>

namespace streamwork {

class OperatorContext {
 public:
  /// The vertex' name as given in the job.
  const std::string& vertex() const { return vertex_.name; }
  /// This instance, from 0.
  std::int64_t instance() const { return vertex_.instance; }
  /// Number of parallel instances of the vertex.
  std::int64_t parallelism() const { return vertex_.parallelism; }
  /// The engine's clock; a test may move it by hand.
  const Clock& clock() const { return *time_->clock; }

  /// A handle to one value of type `T` per key, found again by `name`; unseen keys hold `initial`.
  /// Throws `std::logic_error` if the operator's input is not grouped by key, or a state of that name exists.
  template <std::copy_constructible T>
  ValueState<T> value_state(const std::string& name, T initial = T{}) {
    typed::StateLayout& layout = keyed("state '" + name + "'");
    return ValueState<T>(layout.cursor(), layout.add(name, std::move(initial)));
  }

  /// A handle to the key of the event at hand. `K` is the key's type; `std::string` for keys that only refer to
  /// characters. Throws `std::logic_error` if it is another one, or there is no key.
  template <class K>
  CurrentKey<K> current_key() {
    typed::StateLayout& layout = keyed("the current key");
    if (layout.key_type() != typeid(K)) throw std::logic_error("the key of '" + vertex() + "' is of another type");
    return CurrentKey<K>(layout.cursor());
  }

  /// Timers of the key at hand. Throws `std::logic_error` if the operator's input is not grouped by key.
  EventTimers event_timers() { return timers<EventTime>(typed::StateLayout::TimerKind::event); }
  ProcessingTimers processing_timers() { return timers<ProcessingTime>(typed::StateLayout::TimerKind::processing); }
  RightEventTimers right_event_timers() { return timers<RightEventTime>(typed::StateLayout::TimerKind::right_event); }

  /// What time it is: of the event at hand, by the watermark, by the wall clock.
  OperatorTime time() const { return OperatorTime(*time_); }

  /// The output behind the side output `tag`; valid as long as the operator. Events emitted to a side output from which
  /// no stream was made are counted and dropped.
  template <class T>
  Output<T>& side_output(const SideOutput<T>& tag) {
    return side_outputs_->template claim<T>(tag.name());
  }

  // For the engine.
  OperatorContext(const typed::VertexInstance& vertex, const typed::OperatorClock& time,
                  typed::SideOutputs& side_outputs, typed::StateLayout* state)
      : vertex_(vertex), time_(&time), side_outputs_(&side_outputs), state_(state) {}

 private:
  typed::StateLayout& keyed(const std::string& what) {
    if (state_ == nullptr)
      throw std::logic_error(what + " needs a key: write .key_by(…) before .apply(\"" + vertex() + "\", …)");
    return *state_;
  }
  template <class TimePoint>
  TimersOf<TimePoint> timers(typed::StateLayout::TimerKind kind) {
    typed::StateLayout& layout = keyed("a timer");
    typed::StateLayout::Timers& timers = layout.use_timers(kind);
    return TimersOf<TimePoint>(timers.queue, layout.cursor(), timers.offset);
  }

  const typed::VertexInstance& vertex_;
  const typed::OperatorClock* time_;
  typed::SideOutputs* side_outputs_;
  typed::StateLayout* state_;
};

namespace typed {

/// Finds `R` in the `Output<R>&` that an operator's `apply` takes.
template <class Member>
struct ApplySignature;
template <class Operator, class Event, class Result>
struct ApplySignature<void (Operator::*)(Event, Output<Result>&)> {
  using result = Result;
};
template <class Operator, class Event, class Result>
struct ApplySignature<void (Operator::*)(Event, Output<Result>&) const> {
  using result = Result;
};
template <class Operator, class Event, class Result>
struct ApplySignature<void (Operator::*)(Event, Output<Result>&) noexcept> {
  using result = Result;
};

template <class Operator>
concept HasOneApply = requires { typename ApplySignature<decltype(&Operator::apply)>::result; };

}  // namespace typed

/// An operator of events `T`: it has one, not overloaded, `void apply(const T&, Output<R>&)`.
template <class Operator, class T>
concept OperatorOf =
    typed::HasOneApply<Operator> && std::copy_constructible<Operator> &&
    requires(Operator op, const T& event,
             Output<typename typed::ApplySignature<decltype(&Operator::apply)>::result>& out) { op.apply(event, out); };

}  // namespace streamwork
