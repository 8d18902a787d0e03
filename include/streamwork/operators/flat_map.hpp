// flat_map: turns every event into none, one or many others.
//
// The function returns a `std::optional` (none or one) or a range (many). A range is lazy: the stage keeps it, with the
// event it may refer to, and draws from it as room allows, so that one event may become ten million in bounded memory.
#pragma once

#include <memory>
#include <optional>
#include <ranges>
#include <streamwork/operators/invoke.hpp>
#include <type_traits>
#include <utility>

namespace streamwork::operators {

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

/// flat_map with a function that returns a `std::optional`.
template <class Function>
class FlatMapOptional {
 public:
  explicit FlatMapOptional(Function function) : function_(std::move(function)) {}

  template <class Event, class Next>
  bool push(Event&& event, Next&& next) {
    auto result = invoke_on_event(function_, std::forward<Event>(event));
    return result ? next(*std::move(result)) : true;
  }

 private:
  [[no_unique_address]] Function function_;
};

/// flat_map with a function that returns a range, from events `T`.
template <class T, class Function>
class FlatMapRange {
  using Range = std::remove_cvref_t<EventResult<Function, T>>;

 public:
  explicit FlatMapRange(Function function) : function_(std::move(function)) {}
  FlatMapRange(const FlatMapRange& other) : function_(other.function_) {}
  FlatMapRange(FlatMapRange&&) noexcept = default;
  FlatMapRange& operator=(FlatMapRange&&) = delete;
  ~FlatMapRange() = default;

  template <class Event, class Next>
  bool push(Event&& event, Next&& next) {
    if (slot_ == nullptr) slot_ = std::make_unique<std::optional<Pending>>();
    slot_->emplace(function_, std::forward<Event>(event));
    return resume(next);
  }

  /// Goes on with the range at hand. False: there was no room for all of it, or it is time to look at the clock.
  template <class Next>
  bool resume(Next&& next) {
    if (!pending()) return true;
    Pending& at = **slot_;
    for (int drawn = 0; at.next != std::ranges::end(at.range); ++drawn) {
      if (drawn == most_drawn) return false;
      const bool room = next(element(at));
      ++at.next;
      if (!room) return false;
    }
    slot_->reset();
    return true;
  }

  /// True if a range is not used up.
  bool pending() const { return slot_ != nullptr && slot_->has_value(); }
  /// Drops the rest of the range: it threw.
  void abandon() { slot_->reset(); }

 private:
  /// Behind a sink or a filter nothing ever runs out of room, and a task's call must not last as long as a range.
  static constexpr int most_drawn = 1024;

  /// The range stands in one place in memory together with the event, to which it may refer.
  struct Pending {
    template <class Event>
    Pending(Function& function, Event&& source)
        : event(std::forward<Event>(source)),
          range(invoke_on_event(function, std::move(event))),
          next(std::ranges::begin(range)) {}
    T event;
    Range range;
    std::ranges::iterator_t<Range> next;
  };

  /// A container that belongs to the stage is moved out of, element by element; a view may show what others own.
  static decltype(auto) element(Pending& at) {
    if constexpr (std::ranges::view<Range>) {
      return *at.next;
    } else {
      return std::ranges::iter_move(at.next);
    }
  }

  Function function_;
  std::unique_ptr<std::optional<Pending>> slot_;  // made once, reused by every event
};

}  // namespace streamwork::operators
