// The engine with checkpoints: the same running count, with a checkpoint every second and without.
#pragma once

#include <cstdint>
#include <streamwork/histogram.hpp>

namespace benchmark {

/// How long the sink had to wait between two looks at the clock, in nanoseconds: whatever stands still shows there.
struct Pauses {
  streamwork::Histogram gaps{};
  std::uint64_t checkpoints = 0;
  double megabytes = 0;  ///< of the newest checkpoint
  double seconds = 0;
};

/// source, key_by, running count, sum on one worker; `checkpoints`: exactly once, one a second, on the disk.
/// Adds to `pauses` if it is not nullptr.
std::uint64_t engine_keyed_count_surviving(std::uint64_t events, std::uint64_t keys, bool checkpoints,
                                           Pauses* pauses = nullptr);

/// How a job with so many keys comes back.
struct Restored {
  double suspend_seconds = 0;  ///< from the wish to the last checkpoint
  double restore_seconds = 0;  ///< from the start to the first event at the sink
  double checkpoint_megabytes = 0;
  double resident_megabytes = 0;  ///< when the first event is there
};
Restored measure_restore_of(std::uint64_t keys);

/// Bytes per second that the disk takes where checkpoints are written, in millions, with one fsync at the end.
double disk_speed();

}  // namespace benchmark
