// The test kit: whole jobs and single operators, deterministic and without waiting.
//
//   sw::testing::run(job, {.seed = 7});   // one thread, a seeded schedule, a manual clock
//   EXPECT_EQ(sw::testing::results_of(VehicleCounter{}, &Vehicle::type, vehicles), expected);   // four ways at once
//
// A failure comes with its seed; the same seed gives the same schedule again.
// Thread rule: each call works in the calling thread alone.
#pragma once

#include <cstdint>
#include <functional>
#include <stdexcept>
#include <streamwork/checkpoint_options.hpp>
#include <streamwork/job.hpp>
#include <streamwork/metrics.hpp>
#include <streamwork/state_options.hpp>
#include <streamwork/testing/manual_clock.hpp>
#include <streamwork/testing/operator_bench.hpp>
#include <string>
#include <utility>
#include <vector>

namespace streamwork::testing {

struct RunOptions {
  /// Chooses which task runs next and how long its slice is.
  std::uint64_t seed = 1;
  /// What the default parallelism is derived from; everything runs in one thread all the same.
  int workers = 2;
  /// Time stands still while a task is ready; when all wait, it jumps to the next timer. nullptr: a clock of the run's
  /// own.
  ManualClock* clock = nullptr;
  /// After so many slices the job is drained, as by a signal; 0: it runs to its end.
  std::uint64_t stop_after_slices = 0;
  /// The same for a suspension, with checkpoints.
  std::uint64_t suspend_after_slices = 0;
  /// Checkpoints, taken at seeded moments about `interval` apart; their files are written in seeded order beside the tasks.
  CheckpointOptions checkpoints{};
  StateOptions state{};
  /// Asked after every step: true ends the run there and then, as a crash of the process would. The result is `cancelled`.
  std::function<bool()> crashed = nullptr;
};

/// Runs a whole job in the calling thread under a seeded schedule. The order of tasks, the lengths of their slices and
/// so the sizes of batches depend on the seed alone, as long as the job's sources and sinks are deterministic. Throws
/// as `start` does, and `std::logic_error` if every task waits for another one (a deadlock, which is a bug of ours).
JobResult run(const Job& job, const RunOptions& options = {});

/// What an operator that is not grouped by key makes of `events`: the same all at once, one event per call, into an output
/// that refuses every second call, and when between calls it is saved as in a checkpoint and restored into a fresh
/// instance, so that whatever it keeps outside of its states is lost. Throws `std::logic_error` that tells the way if it is
/// not the same. All events have the event time 1970-01-01; the clock stands still.
template <class Operator, class T>
auto results_of(const Operator& prototype, const std::vector<T>& events) {
  const auto make_rows = [] { return typed::NoKey(); };
  OperatorBench<Operator, T, decltype(make_rows)> bench(prototype, make_rows,
                                                        [](const T&) { return std::uint32_t{0}; });
  return bench.results_of_all_ways(events);
}

/// As above for an operator behind `key_by(key)`. State that cannot be stored is copied in the fourth way.
template <class Operator, class KeyFunction, class T>
auto results_of(const Operator& prototype, KeyFunction key, const std::vector<T>& events) {
  using Key = std::remove_cvref_t<std::invoke_result_t<KeyFunction&, const T&>>;
  const auto make_rows = [key] { return typed::KeyedRows<Key, KeyFunction>(key); };
  OperatorBench<Operator, T, decltype(make_rows)> bench(
      prototype, make_rows, [key](const T& event) { return stable_hash(std::invoke(key, event)); });
  return bench.results_of_all_ways(events);
}

}  // namespace streamwork::testing
