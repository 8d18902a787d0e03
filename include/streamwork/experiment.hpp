// Experiments: what a person may do to a running job to see what comes of it, and how it recovers.
//
//   auto slow = std::make_shared<std::atomic<bool>>(false);    // the sink looks at it
//   job.experiment({.name = "slow the sink",
//                   .description = "The sink takes 20 ms for each event.",
//                   .watch = "Its queue fills up, and everything before it has to wait.",
//                   .begin = [slow] { *slow = true; },
//                   .end = [slow] { *slow = false; }});
//
// The console's page has a button for each, `streamwork experiment` does the same. Whoever may steer the job may do this.
// Thread rule: `begin` and `end` are called by a thread of the console while the job runs, never two of one job at a time;
// they return at once, so they set what the job's functions look at, and leave the rest to those.
#pragma once

#include <functional>
#include <string>

namespace streamwork {

struct Experiment {
  /// What a person does: "slow the sink". No two of one job have the same.
  std::string name{};
  /// What happens then, in one sentence.
  std::string description{};
  /// What there is to be seen, and how the job recovers.
  std::string watch{};
  std::function<void()> begin{};
  /// Undoes it. Without it the experiment is over as soon as it has begun, and can be begun again.
  std::function<void()> end{};
};

}  // namespace streamwork
