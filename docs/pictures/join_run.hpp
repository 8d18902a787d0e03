// One run of a job with a join, noted.
#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "played.hpp"

namespace pictures {

struct JoinRow {
  double arrival;
  std::optional<Event> left;
  std::optional<Event> right;
};

struct JoinRun {
  std::vector<Event> left;
  std::vector<Event> right;
  std::vector<Step> left_steps;
  std::vector<Step> right_steps;
  std::vector<JoinRow> rows;
  double end;
};

/// Plays both inputs to a join; `make(pairs)` gives the stream of its rows.
template <class Make>
JoinRun run_join(const std::vector<Event>& left, const std::vector<Event>& right, double out_of_order, Make make) {
  sw::testing::ManualClock clock;
  JoinRun run{left, right, {}, {}, {}, std::max(left.back().arrival, right.back().arrival) + 1};
  sw::Job job{"join"};
  const auto input = [&](const char* name, const std::vector<Event>& events, std::vector<Step>& steps) {
    return job.source(name, Played(events, run.end))
        .event_time(&Event::event_time, Watched(Event::ticks(out_of_order), clock, steps),
                    {.granularity = std::chrono::milliseconds(1)})
        .key_by([](const Event&) { return 0; }, {.parallelism = 1});
  };
  const auto pairs = sw::join(input("left", left, run.left_steps), input("right", right, run.right_steps));
  make(pairs).sink(
      "rows", sw::for_each([&](const auto& row) { run.rows.push_back({seconds_of(clock), row.left, row.right}); }));
  sw::testing::run(job, {.workers = 1, .clock = &clock});
  return run;
}

}  // namespace pictures
