// The benchmark's events as a source: made as they are read, or beforehand.
//
// A split is a residue class of event numbers: every event belongs to one, whatever the parallelism, and a position is the
// number that comes next. So any number of instances and any restart bring the same events.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <streamwork/streamwork.hpp>
#include <utility>
#include <vector>

#include "generator.hpp"

namespace nexmark {

using Events = std::vector<Event>;

class Source {
 public:
  using Event = nexmark::Event;
  struct Split {
    std::uint64_t next;
    std::uint64_t step;
    std::optional<sw::Pace> pace;
    std::uint64_t pace_begin;  ///< the event number that is due at the start
  };
  struct Position {
    std::uint64_t next;
    std::uint64_t step;
  };
  static constexpr sw::SplitOrder split_order = sw::SplitOrder::side_by_side;

  /// The events of the numbers before `count`, `throttle` per second of the wall clock (0: as fast as possible).
  Source(Generator generator, std::uint64_t count, double throttle)
      : generator_(std::move(generator)), count_(count), throttle_(throttle) {}

  /// Brings in these events, which were made beforehand, instead of making the same ones again.
  void use(std::shared_ptr<const Events> made) { made_ = std::move(made); }
  /// Keeps to a pace that others look at, too.
  void use(sw::Pace pace) { pace_ = std::move(pace); }

  std::vector<Split> splits(const sw::SplitRequest& request) const {
    const auto instances = static_cast<std::uint64_t>(request.parallelism);
    std::vector<Position> positions;
    for (std::uint64_t k = 0; k < instances; ++k) positions.push_back({k, instances});
    return splits_at(request, positions);
  }
  static Position position(const Split& split) { return {split.next, split.step}; }
  std::vector<Split> splits_at(const sw::SplitRequest&, const std::vector<Position>& positions) const {
    std::optional<sw::Pace> pace = pace_;
    if (!pace && throttle_ > 0) pace.emplace(throttle_);
    const std::uint64_t first = std::ranges::min(positions, {}, &Position::next).next;
    std::vector<Split> splits;
    for (const Position& position : positions) splits.push_back({position.next, position.step, pace, first});
    return splits;
  }

  class Reader {
   public:
    Reader(const Source& source, const Split& split, sw::SourceContext& context)
        : generator_(source.generator_), made_(source.made_), end_(source.count_), at_(split), context_(&context) {}

    template <class Push>
    [[gnu::always_inline]] sw::ReadStatus read(Push&& push, std::size_t limit) {
      const std::uint64_t due = at_.pace ? std::min(end_, events_due()) : end_;
      const std::uint64_t end = std::min(due, at_.next + limit * at_.step);
      bool room = true;
      if (made_) {
        room = push_made(push, end);
      } else {
        for (; at_.next < end && room; at_.next += at_.step) room = push(generator_.event(at_.next));
      }
      if (at_.next >= end_) return sw::ReadStatus::ended;
      if (at_.next < due || !room) return sw::ReadStatus::more;
      context_->wake_at(at_.pace->due(at_.next - at_.pace_begin));
      return sw::ReadStatus::waiting;
    }
    Position position() const { return {at_.next, at_.step}; }

   private:
    /// Pushes events that lie in memory. They are asked for before they are looked at: what is behind does too much per event
    /// for the processor to see far enough ahead by itself.
    template <class Push>
    [[gnu::always_inline]] bool push_made(Push& push, std::uint64_t end) {
      const nexmark::Event* const events = made_->data();
      const std::uint64_t step = at_.step;
      std::uint64_t next = at_.next;
      bool room = true;
      for (; next < end && room; next += step) {
        const auto* const ahead = reinterpret_cast<const std::byte*>(events + next + events_ahead * step);
        __builtin_prefetch(ahead);
        __builtin_prefetch(ahead + sizeof(nexmark::Event) - 8);
        at_.next = next + step;
        room = push(events[next]);
      }
      return room;
    }
    std::uint64_t events_due() {
      const sw::SteadyTime now = context_->clock().steady_now();
      at_.pace->begin(now);
      return at_.pace_begin + at_.pace->events_due(now);
    }

    static constexpr std::uint64_t events_ahead = 32;

    Generator generator_;
    std::shared_ptr<const Events> made_;
    std::uint64_t end_;
    Split at_;
    sw::SourceContext* context_;
  };
  Reader open(const Split& split, sw::SourceContext& context) const { return {*this, split, context}; }

 private:
  Generator generator_;
  std::uint64_t count_;
  double throttle_;
  std::optional<sw::Pace> pace_;
  std::shared_ptr<const Events> made_;
};

}  // namespace nexmark
