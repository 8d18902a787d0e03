// How many inputs an operator has, and which of its functions takes the events of each.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <streamwork/operator.hpp>
#include <type_traits>

namespace streamwork::typed {

/// What the graph says about the place of an operator.
struct OperatorPlace {
  std::size_t left_inputs = 1;   ///< ports its events come from; of the left side, if it has two
  std::size_t right_inputs = 0;  ///< ports of the right side
  bool timed = false;            ///< its results have event times
  bool blocking = false;
};

/// How far event time has come behind the operator.
template <class Operator>
EventTime passed_on(const Operator& user_operator, EventTime watermark) {
  if constexpr (requires { user_operator.passes_on(watermark); }) return user_operator.passes_on(watermark);
  return watermark;
}

[[noreturn]] inline void refuse_timers() {
  throw std::logic_error(
      "the operator uses timers of a kind for which it has no function: write `void on_timer(sw::EventTime, "
      "sw::Output<Result>&)`, or with sw::ProcessingTime or sw::RightEventTime");
}

/// One input of events `T`, taken by `apply`.
template <class T>
struct OneInput {
  static constexpr std::size_t sides = 1;
  template <std::size_t side>
  using Event = T;
  template <class Operator>
  using Result = typename ApplySignature<decltype(&Operator::apply)>::result;

  template <std::size_t side, class Operator, class Out>
  static void apply(Operator& to, const T& event, Out& out) {
    to.apply(event, out);
  }
};

/// Two inputs, taken by `apply_left` and `apply_right`.
template <class L, class R>
struct TwoInputs {
  static constexpr std::size_t sides = 2;
  template <std::size_t side>
  using Event = std::conditional_t<side == 0, L, R>;
  template <class Operator>
  using Result = typename ApplySignature<decltype(&Operator::apply_left)>::result;

  template <std::size_t side, class Operator, class Out>
  static void apply(Operator& to, const Event<side>& event, Out& out) {
    if constexpr (side == 0) {
      to.apply_left(event, out);
    } else {
      to.apply_right(event, out);
    }
  }
};

}  // namespace streamwork::typed
