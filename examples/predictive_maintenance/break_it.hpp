// What a person who watches the demo can do to it: the console has a button for each.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <streamwork/streamwork.hpp>
#include <unordered_map>

#include "wear_watch.hpp"

namespace maintenance {

/// What is broken at the moment. Set by whoever presses a button, looked at by all instances.
struct Faults {
  std::atomic<bool> slow_historian = false;
  std::atomic<bool> late_gateway = false;
  std::atomic<std::int64_t> broken_readings = 0;  ///< so many are still to come
  std::atomic<bool> crash = false;

  /// The outside world: what becomes of a reading on its way from the machine.
  Reading deliver(Reading reading);
};

/// Adds the buttons.
void offer_experiments(sw::Job& job, const std::shared_ptr<Faults>& faults);

/// Refuses readings that cannot be true. Throws `BadEvent`.
Reading plausible(const Reading& reading);

/// A wear watch that can be made to crash.
class FragileWearWatch : public WearWatch {
 public:
  explicit FragileWearWatch(std::shared_ptr<Faults> faults) : faults_(std::move(faults)) {}
  void apply(const KnownWindow& window, sw::Output<Anomaly>& out);

 private:
  std::shared_ptr<Faults> faults_;
};

/// Where a plant keeps how its machines were; here the newest level of each machine is all that is kept.
class Historian {
 public:
  explicit Historian(std::shared_ptr<Faults> faults) : faults_(std::move(faults)) {}
  void write(const WearLevel& level);

 private:
  std::shared_ptr<Faults> faults_;
  std::unordered_map<std::int64_t, WearLevel> newest_;
};

}  // namespace maintenance
