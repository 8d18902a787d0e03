// filter: lets through the events for which a predicate is true.
#pragma once

#include <utility>

namespace streamwork::operators {

template <class Predicate>
class Filter {
 public:
  explicit Filter(Predicate predicate) : predicate_(std::move(predicate)) {}

  template <class Event, class Next>
  bool push(Event&& event, Next&& next) {
    return predicate_(std::as_const(event)) ? next(std::forward<Event>(event)) : true;
  }

 private:
  [[no_unique_address]] Predicate predicate_;
};

}  // namespace streamwork::operators
