// Runs a job again and again under seeded schedules, each time until it crashes at a random step or between two file
// operations, and at last to its end.
// Thread rule: used by one thread.
#pragma once

#include <gtest/gtest.h>

#include <cerrno>
#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <streamwork/job.hpp>
#include <streamwork/testing.hpp>
#include <streamwork/testing/memory_file_system.hpp>
#include <string>

namespace streamwork::testkit {

struct CrashOptions {
  std::uint64_t seed = 1;
  Delivery delivery = Delivery::exactly_once;
  int crashes = 6;                ///< at most
  std::uint64_t steps = 600;      ///< at most, before a crash
  std::uint64_t file_calls = 60;  ///< the same
  bool checkpoints = true;
};

/// Returns how often it crashed. `make_job(random)` makes the job of each run.
inline int run_until_it_ends(const std::function<Job(std::mt19937_64&)>& make_job, const CrashOptions& crash) {
  std::mt19937_64 random(crash.seed);
  auto files = std::make_shared<testing::MemoryFileSystem>();
  for (int crashes = 0;; ++crashes) {
    const bool may_crash = crashes < crash.crashes;
    const std::uint64_t last_call = may_crash ? random() % crash.file_calls : ~0ULL;
    const std::uint64_t last_step = may_crash ? random() % crash.steps : ~0ULL;
    std::uint64_t calls = 0;
    std::uint64_t steps = 0;
    bool crashed = false;
    files->before_each_call([&](testing::MemoryFileSystem::Call, const std::string& path) {
      if (++calls > last_call) crashed = true;
      if (crashed) throw FileError("use", path, EIO);  // nothing reaches the disk any more
    });
    testing::RunOptions options{.seed = random()};
    if (crash.checkpoints) {
      options.checkpoints = {
          .directory = "checkpoints", .delivery = crash.delivery, .interval = std::chrono::nanoseconds(0)};
      options.checkpoints.file_system = files;
    }
    options.crashed = [&] { return crashed || ++steps > last_step; };
    JobResult result;
    try {
      result = testing::run(make_job(random), options);
    } catch (const std::exception& refused) {
      EXPECT_TRUE(crashed) << refused.what();
      result.end = JobEnd::cancelled;
      if (!crashed) return crashes;
    }
    files->before_each_call(nullptr);
    files->lose_unsynced_bytes();
    if (result.end != JobEnd::cancelled) {
      EXPECT_EQ(result.end, JobEnd::finished) << result.failure;
      return crashes;
    }
  }
}

}  // namespace streamwork::testkit
