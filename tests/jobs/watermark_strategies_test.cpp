// Watermarks that events carry themselves, and those of a strategy of one's own: windows close, and events are late, as they say.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <random>
#include <streamwork/connectors/collection.hpp>
#include <streamwork/testing.hpp>
#include <streamwork/windowed_stream.hpp>
#include <utility>
#include <vector>

#include "kit/scale.hpp"
#include "kit/window_reference.hpp"

namespace streamwork::testkit {
namespace {

using namespace std::chrono_literals;

/// Every fifth event says that event time has come up to 20 ms before it; sometimes further back than was said before.
std::optional<EventTime> mark_of(const Timed& event) {
  if (event.id % 5 != 0) return std::nullopt;
  return event.time - std::chrono::milliseconds(event.id % 3 * 10);
}

/// The time of the third to last event, be it as it may: it goes back whenever events are out of order.
struct ThirdToLast {
  std::vector<EventTime> times{};
  EventTime watermark(const Timed&, EventTime time) {
    times.push_back(time);
    if (times.size() > 3) times.erase(times.begin());
    return times.size() == 3 ? times.front() : EventTime::min();
  }
};

struct Outcome {
  std::map<std::pair<std::int64_t, EventTime>, std::int64_t> counts;  ///< by key and start
  std::vector<std::int64_t> late;
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

constexpr std::int64_t length_ms = 25;
constexpr std::int64_t granularity_ms = 5;

EventTime rounded_down(EventTime time, std::int64_t step_ms) {
  return EventTime(std::chrono::milliseconds(time.time_since_epoch() / 1ms / step_ms * step_ms));
}

/// `says(event)`: the strategy, after each event. Times are not negative.
template <class Says>
Outcome outcome_by_the_rules(const std::vector<Timed>& events, Says says) {
  Outcome outcome;
  EventTime reached = EventTime::min();
  for (const Timed& event : events) {
    const EventTime start = rounded_down(event.time, length_ms);
    if (start + std::chrono::milliseconds(length_ms) <= reached) {
      outcome.late.push_back(event.id);
    } else {
      ++outcome.counts[{event.key, start}];
    }
    if (const EventTime said = says(event); said >= EventTime{})
      reached = std::max(reached, rounded_down(said, granularity_ms));
  }
  std::ranges::sort(outcome.late);
  return outcome;
}

template <class Strategy>
Outcome outcome_of_job(const std::vector<Timed>& events, const Strategy& strategy, std::uint64_t seed) {
  Job job("strategies");
  const SideOutput<Timed> late("late");
  Collected<WindowResult<std::int64_t, std::int64_t>> results;
  Collected<Timed> late_events;
  const auto counts =
      job.source("events", from_vector(events))
          .event_time(&Timed::time, strategy, {.granularity = std::chrono::milliseconds(granularity_ms)})
          .key_by(&Timed::key, {.parallelism = static_cast<int>(seed % 4) + 1})
          .window(tumbling(std::chrono::milliseconds(length_ms)))
          .late(late)
          .aggregate("counts", count());
  counts.sink("results", collect(results));
  counts.side(late).sink("late events", collect(late_events));
  testing::run(job, {.seed = seed});
  Outcome outcome;
  for (const auto& row : results.take()) outcome.counts[{row.key, row.start}] += row.value;
  for (const Timed& event : late_events.take()) outcome.late.push_back(event.id);
  std::ranges::sort(outcome.late);
  return outcome;
}

std::vector<Timed> disordered(std::mt19937_64& random) {
  std::vector<Timed> events;
  for (std::int64_t i = 0; i < 300; ++i) {
    const std::int64_t back = random() % 4 == 0 ? static_cast<std::int64_t>(random() % 90) : 0;
    events.push_back(
        {static_cast<std::int64_t>(random() % 5), EventTime(std::chrono::milliseconds(100 + 3 * i - back)), i});
  }
  return events;
}

template <class Strategy, class Says>
void expect_as_by_the_rules(const Strategy& strategy, Says&& fresh_rule) {
  const std::uint64_t first = kit::seed();
  std::size_t late = 0;
  for (std::uint64_t seed = first; seed < first + kit::scaled(40); ++seed) {
    SCOPED_TRACE("STREAMWORK_TEST_SEED=" + std::to_string(seed));
    std::mt19937_64 random(seed);
    const std::vector<Timed> events = disordered(random);
    const Outcome expected = outcome_by_the_rules(events, fresh_rule());
    EXPECT_EQ(outcome_of_job(events, strategy, seed), expected);
    late += expected.late.size();
  }
  EXPECT_GT(late, 0U);
}

TEST(WatermarkStrategies, PunctuatedGoesByWhatEventsSay) {
  expect_as_by_the_rules(punctuated(mark_of),
                         [] { return [](const Timed& event) { return mark_of(event).value_or(EventTime::min()); }; });
}

TEST(WatermarkStrategies, OfOnesOwnMayGoBackAndTheWatermarkDoesNot) {
  expect_as_by_the_rules(ThirdToLast{}, [] {
    return [rule = ThirdToLast()](const Timed& event) mutable { return rule.watermark(event, event.time); };
  });
}

}  // namespace
}  // namespace streamwork::testkit
