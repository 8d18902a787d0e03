// What limits a job, and whom that holds up.
// Thread rule: pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <streamwork/metrics.hpp>
#include <string>

namespace streamwork::job {

struct Bottleneck {
  enum class Kind : std::uint8_t {
    none,     ///< the job keeps up
    busy,     ///< a chain has too much to do
    calls,    ///< a service that is called
    outside,  ///< what a sink writes to
  };

  Kind kind = Kind::none;
  std::string text{};                     ///< one sentence, without a full stop
  std::string vertex{};                   ///< the first of the chain that limits; empty if none does
  std::optional<std::size_t> instance{};  ///< if it is one alone
  std::string victim{};                   ///< the first of the chain that waits for it most; empty if none does
};

/// Between two looks at a job.
Bottleneck find_bottleneck(const JobMetrics& before, const JobMetrics& now);

}  // namespace streamwork::job
