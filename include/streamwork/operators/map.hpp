// map: turns every event into one other.
#pragma once

#include <streamwork/operators/invoke.hpp>
#include <utility>

namespace streamwork::operators {

template <class Function>
class Map {
 public:
  explicit Map(Function function) : function_(std::move(function)) {}

  template <class Event, class Next>
  bool push(Event&& event, Next&& next) {
    return next(invoke_on_event(function_, std::forward<Event>(event)));
  }

 private:
  [[no_unique_address]] Function function_;
};

}  // namespace streamwork::operators
