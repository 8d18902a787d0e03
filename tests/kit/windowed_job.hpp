// A job that cuts events into windows of a kind chosen at run time, and what comes out of it.
// Thread rule: each call works in the calling thread alone, or starts a job and waits for it.
#pragma once

#include <cstdint>
#include <optional>
#include <streamwork/job.hpp>
#include <vector>

#include "kit/window_reference.hpp"

namespace streamwork::testkit {

/// Makes a `Content` of the events of a window.
struct Contents {
  using State = Content;
  static void add(State& state, const Timed& event) { state.add(event.id); }
  static void combine(State& state, const State& later) { state.add(later); }
  static const State& result(const State& state) { return state; }
};

struct WindowRun {
  int parallelism = 1;                ///< of the window operator
  std::optional<std::uint64_t> seed;  ///< of the schedule; nothing: real workers
};

/// Runs the job to its end.
WindowOutcome outcome_of_job(const WindowRules& rules, const std::vector<Timed>& events, const WindowRun& run);

}  // namespace streamwork::testkit
