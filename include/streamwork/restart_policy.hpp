// Whether and when a job that has failed goes on from its last checkpoint, in the same process.
//
//   sw::start(job, {.checkpoints = {.directory = "checkpoints"}, .restart = sw::restart_at_fixed_delay(5, 2s)})
//
// Thread rule: a plain value.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <streamwork/clock.hpp>
#include <vector>

namespace streamwork {

class RestartPolicy {
 public:
  enum class Kind : std::uint8_t { never, fixed_delay, exponential, failure_rate };

  /// How long to wait before the next start, given when the job has failed so far (the last time just now); nothing: it
  /// stays failed.
  std::optional<std::chrono::nanoseconds> delay(const std::vector<SteadyTime>& failures) const;

 private:
  friend RestartPolicy never_restart();
  friend RestartPolicy restart_at_fixed_delay(int restarts, std::chrono::nanoseconds delay);
  friend RestartPolicy restart_with_backoff(int restarts, std::chrono::nanoseconds first, double factor,
                                            std::chrono::nanoseconds longest, std::chrono::nanoseconds calm);
  friend RestartPolicy restart_at_failure_rate(int failures, std::chrono::nanoseconds within,
                                               std::chrono::nanoseconds delay);

  Kind kind_ = Kind::never;
  int limit_ = 0;
  std::chrono::nanoseconds delay_{};
  std::chrono::nanoseconds within_{};
  double factor_ = 1;
  std::chrono::nanoseconds longest_{};
};

/// A failure ends the job.
RestartPolicy never_restart();
/// At most so many restarts, each after the same time.
RestartPolicy restart_at_fixed_delay(int restarts, std::chrono::nanoseconds delay);
/// At most so many restarts without a calm time between them; the first after `first`, each further one after `factor` times as
/// long, at most `longest`. A job that ran for `calm` without a failure has all restarts again.
RestartPolicy restart_with_backoff(int restarts = 3, std::chrono::nanoseconds first = std::chrono::milliseconds(100),
                                   double factor = 2.0, std::chrono::nanoseconds longest = std::chrono::minutes(1),
                                   std::chrono::nanoseconds calm = std::chrono::minutes(10));
/// As long as there were at most `failures` of them `within` the last stretch of time.
RestartPolicy restart_at_failure_rate(int failures, std::chrono::nanoseconds within, std::chrono::nanoseconds delay);

}  // namespace streamwork
