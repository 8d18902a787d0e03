// Parts that many tests of whole jobs share.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <fstream>
#include <streamwork/connectors/generator.hpp>
#include <streamwork/job.hpp>
#include <streamwork/run.hpp>

namespace streamwork::kit {

/// A source of 0, 1, 2, … as long as `count` says.
inline auto numbers(std::optional<std::uint64_t> count = std::nullopt) {
  return generate<std::int64_t>([](std::uint64_t i) { return static_cast<std::int64_t>(i); }, {.count = count});
}

/// Runs a job to its end and expects it to be a good one.
inline JobResult finished(const Job& job, int workers = 2) {
  JobResult result = start(job, {.workers = workers}).wait();
  EXPECT_EQ(result.end, JobEnd::finished) << result.failure;
  return result;
}

/// Memory of this process that is in use.
inline std::int64_t resident_megabytes() {
  std::ifstream statm("/proc/self/statm");
  std::int64_t pages = 0;
  statm >> pages >> pages;
  return pages * 4096 >> 20;
}

}  // namespace streamwork::kit
