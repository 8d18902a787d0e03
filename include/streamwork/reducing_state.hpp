// What was added for a key, folded as it comes: into one value of the same type, or as an aggregate of a window does.
//
//   largest_ = context.reducing_state<double>("largest", [](double a, double b) { return std::max(a, b); });
//   average_ = context.aggregating_state<Reading>("average", sw::average(&Reading::value));
//   ...
//   largest_.add(reading.value);
//   average_.add(reading);
//   if (const std::optional<double> average = average_.result()) ...
//
//   sw::ReducingState<double> largest_;
//   sw::AggregatingState<Reading, double> average_;   // what is added, what comes out
//
// What is stored is the folded value, or the aggregate's `State`; the function may change from one version of the program to the
// next.
// Thread rule: used only inside the calls of the operator instance it was opened for.
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <streamwork/aggregates.hpp>
#include <streamwork/state.hpp>
#include <type_traits>
#include <utility>

namespace streamwork {

namespace typed {

/// A value that is nothing until something is added; with a lifetime or without.
template <class T, class Lifetime>
class Folded {
  using Value = ValueState<std::optional<T>, Lifetime>;

 public:
  using Column = typename Value::Column;

  Folded() = default;
  explicit Folded(const StatePlace<Column>& place) : value_(place) {}

  const std::optional<T>& get() const {
    if constexpr (std::is_same_v<Lifetime, Expiring>) {
      return value_.get();
    } else {
      return *value_;
    }
  }
  std::optional<T>& change() const { return *value_; }
  bool empty() const {
    if constexpr (std::is_same_v<Lifetime, Expiring>) {
      return value_.empty();
    } else {
      return !value_->has_value();
    }
  }
  void clear() const { value_.clear(); }

 private:
  Value value_;
};

}  // namespace typed

/// REQUIRES of all uses: the handle was opened, and an event is at hand.
template <class T, class Lifetime = Forever>
class ReducingState {
 public:
  using Function = std::function<T(const T& folded, const T& added)>;

  /// A handle that must be assigned from `OperatorContext::reducing_state` before it is used.
  ReducingState() = default;

  void add(const T& value) const {
    std::optional<T>& folded = folded_.change();
    folded = folded ? (*function_)(*folded, value) : value;
  }
  /// What was added, folded; nothing if nothing was.
  const std::optional<T>& get() const { return folded_.get(); }
  bool empty() const { return folded_.empty(); }
  void clear() const { folded_.clear(); }

  // For the engine.
  using Folded = typed::Folded<T, Lifetime>;
  ReducingState(Folded folded, Function function)
      : folded_(folded), function_(std::make_shared<const Function>(std::move(function))) {}

 private:
  Folded folded_;
  std::shared_ptr<const Function> function_;
};

namespace typed {

/// An aggregate and its state, without their types.
template <class T, class R>
class StateAggregate {
 public:
  StateAggregate() = default;
  StateAggregate(const StateAggregate&) = delete;
  StateAggregate& operator=(const StateAggregate&) = delete;
  virtual ~StateAggregate() = default;
  virtual void add(const T& event, EventTime time) const = 0;
  virtual std::optional<R> result() const = 0;
  virtual bool empty() const = 0;
  virtual void clear() const = 0;
};

template <class T, class R, class Aggregate, class Lifetime>
class StateAggregateOf final : public StateAggregate<T, R> {
 public:
  using Folded = typed::Folded<typename Aggregate::State, Lifetime>;

  StateAggregateOf(Aggregate aggregate, Folded state) : aggregate_(std::move(aggregate)), state_(state) {}
  void add(const T& event, EventTime time) const override {
    std::optional<typename Aggregate::State>& state = state_.change();
    if (!state) state.emplace();
    aggregates::add(aggregate_, *state, event, time);
  }
  std::optional<R> result() const override {
    const std::optional<typename Aggregate::State>& state = state_.get();
    return state ? std::optional<R>(aggregate_.result(*state)) : std::nullopt;
  }
  bool empty() const override { return state_.empty(); }
  void clear() const override { state_.clear(); }

 private:
  Aggregate aggregate_;
  Folded state_;
};

/// What an aggregate of events `T` gives out without a window.
template <class T, class Aggregate>
using AggregateResult = std::remove_cvref_t<decltype(std::declval<const Aggregate&>().result(
    std::declval<const typename Aggregate::State&>()))>;

}  // namespace typed

/// `T` is what is added, `R` what the aggregate gives out. REQUIRES of all uses: the handle was opened, and an event is at hand.
template <class T, class R, class Lifetime = Forever>
class AggregatingState {
 public:
  /// A handle that must be assigned from `OperatorContext::aggregating_state` before it is used.
  AggregatingState() = default;

  /// The event's time, which `first` and `last` go by, is that of the event at hand.
  void add(const T& event) const { aggregate_->add(event, clock_->event_time); }
  /// Nothing if nothing was added.
  std::optional<R> result() const { return aggregate_->result(); }
  bool empty() const { return aggregate_->empty(); }
  void clear() const { aggregate_->clear(); }

  // For the engine.
  AggregatingState(std::shared_ptr<const typed::StateAggregate<T, R>> aggregate, const typed::OperatorClock& clock)
      : aggregate_(std::move(aggregate)), clock_(&clock) {}

 private:
  std::shared_ptr<const typed::StateAggregate<T, R>> aggregate_;
  const typed::OperatorClock* clock_ = nullptr;
};

}  // namespace streamwork
