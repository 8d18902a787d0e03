// What goes wrong during one start of a simulated job, and before the next one.
// Thread rule: one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <random>
#include <streamwork/testing/memory_file_system.hpp>
#include <string>

namespace streamwork::testkit {

/// Drawn once per start.
struct FaultPlan {
  static constexpr std::uint64_t never = ~std::uint64_t{0};

  std::uint64_t crash_at_step = never;
  std::uint64_t crash_at_call = never;      ///< of the file system or of a ledger: nothing gets through from then on
  std::uint64_t failing_calls_in_1000 = 0;  ///< once each
  std::uint64_t failing_event = never;
  std::uint64_t suspend_after_slices = 0;
  std::chrono::nanoseconds checkpoint_timeout = std::chrono::minutes(10);
  int tolerated_failures = 100;

  static FaultPlan draw(std::mt19937_64& random);
};

/// Carries out a plan: is asked before each call of what is outside of the job, and after each step.
class Faults {
 public:
  Faults(const FaultPlan& plan, std::uint64_t seed) : plan_(plan), random_(seed) {}

  /// Throws `FileError` (or `ShortWrite`) if the call is to fail.
  void before_file_call(testing::MemoryFileSystem::Call call, const std::string& path);
  void before_ledger_call();
  /// True: the process is dead.
  bool after_step();

  bool crashed() const { return crashed_; }
  bool started() const { return steps_ > 0; }
  /// Some call failed that need not be the last one.
  bool any_failed() const { return failed_ > 0; }

 private:
  bool call_fails();

  const FaultPlan plan_;
  std::mt19937_64 random_;
  std::uint64_t steps_ = 0;
  std::uint64_t calls_ = 0;
  std::uint64_t failed_ = 0;
  bool crashed_ = false;
};

/// What the next start finds on disk after a crash of the process, or of the machine.
void lose_power(testing::MemoryFileSystem& disk, std::mt19937_64& random);

}  // namespace streamwork::testkit
