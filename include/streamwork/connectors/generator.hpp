// A source that makes its events: each is a pure function of its sequence number.
//
//   struct Reading { std::uint64_t sensor; double celsius; };
//   job.source("sensors", sw::generate<Reading>([](std::uint64_t i) { return Reading{i % 100, 20.0 + i % 7}; },
//                                               {.count = 1'000'000}))
//
// Sequence numbers are 0, 1, 2, … Whatever the parallelism, each comes out exactly once: instance k of n makes the
// events k, k + n, k + 2n, … (one split each), in that order.
//
// Without a rate events come as fast as the job takes them. With a rate the source is open loop (pace.hpp): the rate is
// the total of all instances, and a job that cannot keep up gets late events, not fewer.
// Thread rule: every instance calls a copy of the function of its own.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <stdexcept>
#include <streamwork/connectors/pace.hpp>
#include <streamwork/source.hpp>
#include <type_traits>
#include <utility>
#include <vector>

namespace streamwork {

struct GenerateOptions {
  /// Number of events, of all instances together; without it the source never ends by itself.
  std::optional<std::uint64_t> count = std::nullopt;
  /// Events per second, of all instances together; without it as fast as the job takes them.
  std::optional<double> rate = std::nullopt;
};

namespace typed {

/// The function also wants to know when its event is due.
template <class Function, class T>
concept MakesTimedEvent = requires(const Function& function, std::uint64_t sequence, SteadyTime due) {
  { function(sequence, due) } -> std::convertible_to<T>;
};
template <class Function, class T>
concept MakesEvent = MakesTimedEvent<Function, T> || requires(const Function& function, std::uint64_t sequence) {
  { function(sequence) } -> std::convertible_to<T>;
};

/// Makes the events of one split.
template <class T, class Function>
class GeneratorReader {
 public:
  /// `pace_begin`: the sequence number that is due at once.
  GeneratorReader(Function function, std::uint64_t first, std::uint64_t step, std::uint64_t events,
                  std::optional<Pace> pace, std::uint64_t pace_begin, const Clock& clock)
      : function_(std::move(function)),
        next_(first),
        step_(step),
        left_(events),
        pace_(std::move(pace)),
        pace_begin_(pace_begin),
        clock_(&clock) {}

  template <class Push>
  ReadStatus read(Push&& push, std::size_t limit, SourceContext& context) {
    const std::uint64_t due = pace_ ? events_due() : left_;
    const std::uint64_t most = std::min<std::uint64_t>(limit, steps_to(stop_));
    const bool room = make(push, std::min(most, due));
    if (left_ == 0) return ReadStatus::ended;
    if (!pace_ || due >= most || !room) return ReadStatus::more;
    context.wake_at(due_time(next_));
    return ReadStatus::waiting;
  }
  std::uint64_t next() const { return next_; }
  /// The first of its sequence numbers that is `place` or greater.
  std::uint64_t next_from(std::uint64_t place) const { return next_ + steps_to(place) * step_; }
  void stop_at(std::uint64_t place) { stop_ = place; }

 private:
  /// Events before the place.
  std::uint64_t steps_to(std::uint64_t place) const { return place > next_ ? (place - next_ - 1) / step_ + 1 : 0; }

  SteadyTime due_time(std::uint64_t sequence) const { return pace_->due(sequence - pace_begin_); }
  /// How many of the events still to be made are due by now.
  std::uint64_t events_due() {
    const SteadyTime now = clock_->steady_now();
    pace_->begin(now);
    const std::uint64_t due = pace_begin_ + pace_->events_due(now);
    return due > next_ ? std::min((due - next_ - 1) / step_ + 1, left_) : 0;
  }

  /// Pushes the next `events` events, fewer if room runs out; then false. The number of turns is known before the loop
  /// and all it changes is local: where nothing behind it refuses events, the compiler can make several at a time.
  /// Inlined into the fused loop, which otherwise could not keep its parts in registers.
  template <class Push>
  [[gnu::always_inline]] bool make(Push& push, std::uint64_t events) {
    std::uint64_t sequence = next_;
    const std::uint64_t step = step_;
    std::uint64_t made = 0;
    bool room = true;
    while (made < events && room) {
      room = push(T(make_event(sequence)));
      sequence += step;
      ++made;
    }
    next_ = sequence;
    left_ -= made;
    return room;
  }
  decltype(auto) make_event(std::uint64_t sequence) const {
    if constexpr (MakesTimedEvent<Function, T>) {
      return function_(sequence, due_time(sequence));
    } else {
      return function_(sequence);
    }
  }

  Function function_;
  std::uint64_t next_;  ///< sequence number of the next event
  std::uint64_t step_;
  std::uint64_t left_;  ///< events still to be made
  std::uint64_t stop_ = std::numeric_limits<std::uint64_t>::max();
  std::optional<Pace> pace_;
  std::uint64_t pace_begin_;
  const Clock* clock_;
};

}  // namespace typed

/// What `generate` returns.
template <class T, class Function>
class Generator {
 public:
  using Event = T;
  /// The sequence numbers that leave the remainder `first` when divided by `step`.
  struct Split {
    std::uint64_t first;
    std::uint64_t step;
    std::optional<Pace> pace;      ///< the same for all splits of one start
    std::uint64_t pace_begin = 0;  ///< the sequence number that is due at the start
  };
  /// The next sequence number, and the distance to those that follow it.
  struct Position {
    std::uint64_t next;
    std::uint64_t step;
  };
  static constexpr SplitOrder split_order = SplitOrder::side_by_side;

  Generator(Function function, GenerateOptions options) : function_(std::move(function)), options_(options) {
    if (options_.rate) static_cast<void>(Pace(*options_.rate));  // a bad rate is refused where it was written
    if (typed::MakesTimedEvent<Function, T> && !options_.rate) {
      throw std::invalid_argument("generate: a function of (sequence number, due time) needs a rate");
    }
  }

  std::vector<Split> splits(const SplitRequest& request) const {
    const auto parallelism = static_cast<std::uint64_t>(request.parallelism);
    const std::optional<Pace> pace = options_.rate ? std::optional<Pace>(*options_.rate) : std::nullopt;
    std::vector<Split> splits;
    for (std::uint64_t k = 0; k < parallelism; ++k) splits.push_back({k, parallelism, pace});
    return splits;
  }

  Position position(const Split& split) const { return {split.first, split.step}; }
  std::vector<Split> splits_at(const SplitRequest&, const std::vector<Position>& positions) const {
    const std::optional<Pace> pace = options_.rate ? std::optional<Pace>(*options_.rate) : std::nullopt;
    const auto first = std::ranges::min_element(positions, {}, &Position::next);
    std::vector<Split> splits;
    for (const Position& position : positions) splits.push_back({position.next, position.step, pace, first->next});
    return splits;
  }

  class Reader {
   public:
    Reader(const Generator& source, const Split& split, SourceContext& context)
        : context_(&context),
          step_(split.step),
          end_(source.options_.count.value_or(std::numeric_limits<std::uint64_t>::max())),
          events_(source.function_, split.first, split.step, source.events_of(split), split.pace, split.pace_begin,
                  context.clock()) {}
    template <class Push>
    ReadStatus read(Push&& push, std::size_t limit) {
      return events_.read(push, limit, *context_);
    }
    Position position() const { return {events_.next(), step_}; }

    // Places are sequence numbers.
    std::uint64_t place() const { return events_.next(); }
    std::uint64_t end_place() const { return end_; }
    Position position_at(std::uint64_t place) const { return {events_.next_from(place), step_}; }
    void stop_at(std::uint64_t place) { events_.stop_at(place); }

   private:
    SourceContext* context_;
    std::uint64_t step_;
    std::uint64_t end_;
    typed::GeneratorReader<T, Function> events_;
  };
  Reader open(const Split& split, SourceContext& context) const { return Reader(*this, split, context); }

 private:
  std::uint64_t events_of(const Split& split) const {
    if (!options_.count) return std::numeric_limits<std::uint64_t>::max();
    return *options_.count > split.first ? (*options_.count - split.first - 1) / split.step + 1 : 0;
  }

  Function function_;
  GenerateOptions options_;
};

/// A source of the events `function(0)`, `function(1)`, …
/// `function` takes a sequence number, or a sequence number and the `SteadyTime` at which the event is due (then a rate
/// is required); it must be pure: after a restart the same number must give the same event. Throws
/// `std::invalid_argument` for a rate that `Pace` refuses, or one that is missing.
template <class T, typed::MakesEvent<T> Function>
Generator<T, Function> generate(Function function, GenerateOptions options = {}) {
  return Generator<T, Function>(std::move(function), options);
}

}  // namespace streamwork
