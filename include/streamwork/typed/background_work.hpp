// Work that leaves the worker: calls that block, the writing of files. It is handed over through this interface, so that
// the seeded scheduler of the tests can run it at moments of its choice (DESIGN 7).
#pragma once

#include <functional>

namespace streamwork::typed {

class BackgroundWork {
 public:
  BackgroundWork() = default;
  BackgroundWork(const BackgroundWork&) = delete;
  BackgroundWork& operator=(const BackgroundWork&) = delete;
  /// Waits for work that has begun; what has not begun is dropped.
  virtual ~BackgroundWork() = default;

  /// Runs `work` once, soon, in no particular order with other work, and returns at once. What it comes to it tells by
  /// ways of its own that are safe from any thread. Any thread. REQUIRES: `work` throws nothing.
  virtual void run(std::function<void()> work) = 0;
};

}  // namespace streamwork::typed
