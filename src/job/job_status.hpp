// In which state a job is.
// Thread rule: plain values.
#pragma once

#include <cstdint>
#include <streamwork/time.hpp>
#include <string>

namespace streamwork::job {

enum class JobState : std::uint8_t { running, stopping, restarting, finished, suspended, failed, cancelled };

struct JobStatus {
  JobState state = JobState::running;
  std::string failure{};    ///< why it has failed, or is being started again after a failure
  std::uint64_t start = 1;  ///< the tasks at hand are those of this start
  ProcessingTime started{};

  bool ended() const { return state >= JobState::finished; }
};

struct FailureRecord {
  ProcessingTime time{};
  std::string message{};  ///< vertex, instance, reason
  bool restarted = false;
};

}  // namespace streamwork::job
