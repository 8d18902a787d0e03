// filter: lets through the events for which a predicate is true.
#pragma once

#include <utility>

namespace streamwork::operators {

template <class Predicate>
class Filter {
 public:
  explicit Filter(Predicate predicate) : predicate_(std::move(predicate)) {}

  /// True if the event goes on. A stage with `passes` has no `push`: who asks also counts, without a branch.
  template <class Event>
  bool passes(const Event& event) {
    return predicate_(event);
  }

 private:
  [[no_unique_address]] Predicate predicate_;
};

}  // namespace streamwork::operators
