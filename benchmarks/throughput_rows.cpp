#include "throughput_rows.hpp"

#include <cstdint>
#include <string>
#include <utility>

#include "engine_checkpoints.hpp"
#include "engine_jobs.hpp"
#include "engine_watched.hpp"
#include "plain_loops.hpp"
#include "timed_rows.hpp"
#include "tuned_loops.hpp"

namespace benchmark {

namespace {

/// A number of keys, with what the budget (section 10 of the design) demands at it and how many events are counted:
/// enough for about a second. With five million keys every eighth event brings a new key, most of them in the
/// beginning: that all tables grow is part of the time.
struct KeyedLoad {
  const char* suffix;
  const char* keys_in_words;
  std::uint64_t keys;
  std::uint64_t events;
  double counted;    ///< keyed count, engine / plain loop
  double regrouped;  ///< two workers with a regrouping / plain loop
};
constexpr KeyedLoad keyed_loads[] = {
    {"1k", "1,000 keys", 1'000, 200'000'000, 0.8, 0.9},
    {"100k", "100,000 keys", 100'000, 100'000'000, 1.0, 1.2},
    {"5m", "5,000,000 keys", 5'000'000, 40'000'000, 1.5, 1.6},
};
constexpr double two_workers_over_one = 1.6;

Contest map_filter_sum(std::uint64_t events) {
  return {"map_filter_sum",
          "source, map, filter, sum, one worker",
          events,
          {{"plain loop", [=] { return plain_map_filter_sum(events); }},
           {"tuned loop", [=] { return tuned_map_filter_sum(events); }},
           {"engine", [=] { return engine_map_filter_sum(events); }}},
          {{"engine", "plain loop", 0.5}, {"engine", "tuned loop", {}}}};
}

Contest keyed_count(const KeyedLoad& load, std::uint64_t events) {
  const std::uint64_t keys = load.keys;
  return {std::string("keyed_count_") + load.suffix,
          std::string("running count of ") + load.keys_in_words + ", one worker",
          events,
          {{"plain loop", [=] { return plain_keyed_count(events, keys); }},
           {"tuned loop", [=] { return tuned_keyed_count(events, keys); }},
           {"engine", [=] { return engine_keyed_count(events, keys); }}},
          {{"engine", "plain loop", load.counted}, {"engine", "tuned loop", {}}}};
}

Contest regrouping(const KeyedLoad& load, std::uint64_t events) {
  const std::uint64_t keys = load.keys;
  return {std::string("regrouping_") + load.suffix,
          std::string("map, filter, regrouping, running count of ") + load.keys_in_words,
          events,
          {{"plain loop", [=] { return plain_map_filter_keyed_count(events, keys); }},
           {"tuned loop", [=] { return tuned_map_filter_keyed_count(events, keys); }},
           {"engine, one worker", [=] { return engine_map_filter_keyed_count(events, keys, 1); }},
           {"engine, two workers", [=] { return engine_map_filter_keyed_count(events, keys, 2); }}},
          {{"engine, two workers", "plain loop", load.regrouped},
           {"engine, two workers", "engine, one worker", two_workers_over_one},
           {"engine, two workers", "tuned loop", {}}}};
}

/// What a checkpoint every second costs: some ten of them in a run.
Contest checkpointed(const char* suffix, const char* keys_in_words, std::uint64_t keys, std::uint64_t events,
                     double target) {
  return {std::string("checkpoint_") + suffix,
          std::string("running count of ") + keys_in_words + ", exactly once, a checkpoint every second",
          events,
          {{"engine, no checkpoints", [=] { return engine_keyed_count_surviving(events, keys, false); }},
           {"engine, with checkpoints", [=] { return engine_keyed_count_surviving(events, keys, true); }}},
          {{"engine, with checkpoints", "engine, no checkpoints", target}}};
}

/// What the console costs a job while five browsers watch it.
Contest watched(std::uint64_t events) {
  constexpr std::uint64_t keys = 100'000;
  return {"console",
          "running count of 100,000 keys, watched through the console by five",
          events,
          {{"engine, no console", [=] { return engine_watched_keyed_count(events, keys, -1); }},
           {"engine, watched", [=] { return engine_watched_keyed_count(events, keys, 5); }}},
          {{"engine, watched", "engine, no console", 0.99}}};
}

Contest exchange(std::uint64_t events) {
  return {"exchange",
          "what forward() between map and sum costs on one worker",
          events,
          {{"engine, fused", [=] { return engine_map_sum(events, false); }},
           {"engine, two tasks", [=] { return engine_map_sum(events, true); }}},
          {},
          true};
}

}  // namespace

std::vector<Contest> throughput_rows(bool quick) {
  const auto events = [=](std::uint64_t full) { return quick ? quick_events : full; };
  std::vector<Contest> rows = {map_filter_sum(events(1'000'000'000))};
  for (const KeyedLoad& load : keyed_loads) rows.push_back(keyed_count(load, events(load.events)));
  for (const KeyedLoad& load : keyed_loads) rows.push_back(regrouping(load, events(load.events)));
  rows.push_back(exchange(events(400'000'000)));
  rows.push_back(checkpointed("100k", "100,000 keys", 100'000, events(600'000'000), 0.95));
  rows.push_back(checkpointed("5m", "5,000,000 keys", 5'000'000, events(200'000'000), 0.85));
  rows.push_back(watched(events(400'000'000)));
  for (Contest& contest : timed_rows(quick)) rows.push_back(std::move(contest));
  return rows;
}

}  // namespace benchmark
