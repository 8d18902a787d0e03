// How a user's function is given an event: as `const T&` if it takes that (the event then stays whole, for instance for
// a dead letter), as an rvalue if it asks for one (`T&&`), to move from.
#pragma once

#include <concepts>
#include <functional>
#include <type_traits>
#include <utility>

namespace streamwork::operators {

template <class Function, class Event>
decltype(auto) invoke_on_event(Function& function, Event&& event) {
  using T = std::remove_cvref_t<Event>;
  if constexpr (std::invocable<Function&, const T&>) {
    return std::invoke(function, std::as_const(event));
  } else if constexpr (std::is_rvalue_reference_v<Event&&> && !std::is_const_v<std::remove_reference_t<Event>>) {
    return std::invoke(function, std::move(event));
  } else {
    return std::invoke(function, T(std::forward<Event>(event)));
  }
}

/// True if a function can be given events `T`, in either way.
template <class Function, class T>
concept EventFunction = std::invocable<Function&, const T&> || std::invocable<Function&, T&&>;

template <class Function, class T>
using EventResult = decltype(invoke_on_event(std::declval<Function&>(), std::declval<T>()));

}  // namespace streamwork::operators
