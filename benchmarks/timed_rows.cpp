#include "timed_rows.hpp"

#include <cstdint>
#include <optional>
#include <string>

#include "engine_timed_jobs.hpp"
#include "throughput_rows.hpp"
#include "timed_loops.hpp"

namespace benchmark {

namespace {

constexpr std::uint64_t millisecond = 1'000;
constexpr std::uint64_t second = 1'000'000;

/// A row, with what the budget (section 10 of the design) demands and how many events there are: enough for about a
/// second.
template <class Work>
struct Load {
  const char* name;
  const char* in_words;
  Work work;
  std::uint64_t events;
  std::optional<double> target;
};

/// A key has 100 events in a window, or 20.
constexpr Load<WindowWork> tumbling_loads[] = {
    {"tumbling_1k", "tumbling count of 1,000 keys", {1'000, 1, 100 * millisecond, 100 * millisecond}, 100'000'000, 0.7},
    {"tumbling_100k", "tumbling count of 100,000 keys", {100'000, 1, 2 * second, 2 * second}, 50'000'000, 0.8},
};

/// A key has 1,000 events in a window. A new window begins with every hundredth of them, every tenth, every single one.
constexpr Load<WindowWork> sliding_loads[] = {
    {"sliding_10", "sliding sum, 10 s by 1 s, 1,000 keys", {1'000, 10, 10 * second, second}, 100'000'000, 0.7},
    {"sliding_100", "sliding sum, 10 s by 100 ms, 1,000 keys", {1'000, 10, 10 * second, second / 10}, 50'000'000, {}},
    {"sliding_1000", "sliding sum, 10 s by 10 ms, 1,000 keys", {1'000, 10, 10 * second, second / 100}, 10'000'000, {}},
};

/// An event has two matches.
constexpr Load<JoinWork> join_loads[] = {
    {"join_1k", "interval join, 1,000 keys", {1'000, 10, 10 * millisecond}, 6'000'000, {}},
    {"join_1m", "interval join, 1,000,000 keys", {1'000'000, 10, 10 * second}, 4'000'000, {}},
};

Contest tumbling_count(const Load<WindowWork>& load, std::uint64_t events) {
  const WindowWork work = load.work;
  return {load.name,
          load.in_words,
          events,
          {{"plain loop", [=] { return plain_tumbling_count(events, work); }},
           {"engine", [=] { return engine_tumbling_count(events, work); }}},
          {{"engine", "plain loop", load.target}}};
}

Contest sliding_sum(const Load<WindowWork>& load, std::uint64_t events) {
  const WindowWork work = load.work;
  return {load.name,
          load.in_words,
          events,
          {{"plain loop", [=] { return plain_sliding_sum(events, work); }},
           {"tuned loop", [=] { return tuned_sliding_sum(events, work); }},
           {"engine", [=] { return engine_sliding_sum(events, work); }}},
          {{"engine", "plain loop", load.target}, {"engine", "tuned loop", {}}}};
}

Contest interval_join(const Load<JoinWork>& load, std::uint64_t events) {
  const JoinWork work = load.work;
  return {load.name,
          load.in_words,
          events,
          {{"plain loop", [=] { return plain_interval_join(events, work); }},
           {"engine", [=] { return engine_interval_join(events, work); }}},
          {{"engine", "plain loop", load.target}}};
}

}  // namespace

std::vector<Contest> timed_rows(bool quick) {
  const auto events = [=](std::uint64_t full) { return quick ? quick_events : full; };
  std::vector<Contest> rows;
  for (const auto& load : tumbling_loads) rows.push_back(tumbling_count(load, events(load.events)));
  for (const auto& load : sliding_loads) rows.push_back(sliding_sum(load, events(load.events)));
  for (const auto& load : join_loads) rows.push_back(interval_join(load, events(load.events)));
  return rows;
}

}  // namespace benchmark
