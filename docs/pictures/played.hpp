// Events that are played to a job at moments of a clock that a test moves, and what the job then does with them, noted
// with its moment. The pictures are drawn from these notes.
#pragma once

#include <memory>
#include <streamwork/streamwork.hpp>
#include <streamwork/testing.hpp>
#include <string>
#include <utility>
#include <vector>

namespace pictures {

namespace sw = streamwork;

/// An event of a picture. Times are in seconds.
struct Event {
  std::string name;
  double time = 0;     ///< when it happened
  double arrival = 0;  ///< when it came

  sw::EventTime event_time() const { return sw::EventTime(ticks(time)); }
  sw::SteadyTime due() const { return sw::SteadyTime(ticks(arrival)); }

  static sw::Duration ticks(double seconds) {
    return std::chrono::duration_cast<sw::Duration>(std::chrono::duration<double>(seconds));
  }
};

inline double seconds_of(sw::EventTime time) { return std::chrono::duration<double>(time.time_since_epoch()).count(); }
inline double seconds_of(const sw::Clock& clock) {
  return std::chrono::duration<double>(clock.steady_now().time_since_epoch()).count();
}

/// A source that brings in each event at its moment, and ends at another.
class Played {
 public:
  using Event = pictures::Event;
  struct Split {};
  static constexpr sw::SplitOrder split_order = sw::SplitOrder::one_after_another;

  Played(std::vector<Event> events, double end) : events_(std::move(events)), end_(Event::ticks(end)) {}
  std::vector<Split> splits(const sw::SplitRequest&) const { return {Split()}; }

  class Reader {
   public:
    Reader(std::vector<Event> events, sw::SteadyTime end, sw::SourceContext& context)
        : events_(std::move(events)), end_(end), context_(&context) {}

    template <class Push>
    sw::ReadStatus read(Push&& push, std::size_t limit) {
      for (; limit > 0 && next_ < events_.size() && events_[next_].due() <= context_->clock().steady_now(); --limit) {
        if (!push(events_[next_++])) return sw::ReadStatus::more;
      }
      const sw::SteadyTime next = next_ < events_.size() ? events_[next_].due() : end_;
      if (next_ == events_.size() && next <= context_->clock().steady_now()) return sw::ReadStatus::ended;
      context_->wake_at(next);
      return sw::ReadStatus::waiting;
    }

   private:
    std::vector<Event> events_;
    std::size_t next_ = 0;
    sw::SteadyTime end_;
    sw::SourceContext* context_;
  };
  Reader open(const Split&, sw::SourceContext& context) const { return Reader(events_, end_, context); }

 private:
  std::vector<Event> events_;
  sw::SteadyTime end_;
};

/// From `arrival` on, event time has come to `watermark`.
struct Step {
  double arrival;
  double watermark;
};

/// Notes each watermark of bounded out-of-orderness, and when it came.
class Watched {
 public:
  Watched(sw::Duration bound, const sw::Clock& clock, std::vector<Step>& steps)
      : inner_(bound), clock_(&clock), steps_(&steps) {}
  sw::EventTime watermark(const Event& event, sw::EventTime time) {
    const sw::EventTime reached = inner_.watermark(event, time);
    steps_->push_back({seconds_of(*clock_), seconds_of(reached)});
    return reached;
  }

 private:
  sw::BoundedOutOfOrder inner_;
  const sw::Clock* clock_;
  std::vector<Step>* steps_;
};

}  // namespace pictures
