// One run of a job with windows, noted.
#pragma once

#include <vector>

#include "played.hpp"

namespace pictures {

/// A result of a window.
struct Firing {
  double arrival;
  double start;
  double end;
  std::vector<Event> events;
  bool update;
  bool retract;
};

struct WindowRun {
  std::vector<Event> events;
  std::vector<Step> steps;
  std::vector<Firing> firings;
  std::vector<Event> late;
  double lateness;
  double end;  ///< when the input ended
};

struct WindowSetting {
  double out_of_order = 0;
  double lateness = 0;
};

/// Plays the events to windows over the whole stream.
template <class Windows>
WindowRun run_windows(const std::vector<Event>& events, const Windows& windows, const WindowSetting& setting) {
  sw::testing::ManualClock clock;
  WindowRun run{events, {}, {}, {}, setting.lateness, events.back().arrival + 1};
  const sw::SideOutput<Event> late("late");
  sw::Job job{"windows"};
  const auto results =
      job.source("events", Played(events, run.end))
          .event_time(&Event::event_time, Watched(Event::ticks(setting.out_of_order), clock, run.steps),
                      {.granularity = std::chrono::milliseconds(1)})
          .window(windows)
          .allowed_lateness(Event::ticks(setting.lateness))
          .late(late)
          .process("windows",
                   [](const sw::NoKeyAtAll&, const sw::TimeWindow&, const std::vector<Event>& all) { return all; });
  results.sink("results", sw::for_each([&](const auto& result) {
                 run.firings.push_back({seconds_of(clock), seconds_of(result.start), seconds_of(result.end),
                                        result.value, result.update, result.retract});
               }));
  results.side(late).sink("late", sw::for_each([&](const Event& event) { run.late.push_back(event); }));
  sw::testing::run(job, {.workers = 1, .clock = &clock});
  return run;
}

}  // namespace pictures
