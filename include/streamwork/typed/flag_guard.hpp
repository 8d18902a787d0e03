// A guard for a few instructions or one copy: waits until a flag is free, and holds it for its own life time. Where it
// is enough it spares headers and the engine's lower folders <mutex>.
#pragma once

#include <atomic>

namespace streamwork::typed {

class FlagGuard {
 public:
  explicit FlagGuard(std::atomic_flag& busy) : busy_(busy) {
    while (busy_.test_and_set(std::memory_order_acquire)) busy_.wait(true, std::memory_order_relaxed);
  }
  FlagGuard(const FlagGuard&) = delete;
  FlagGuard& operator=(const FlagGuard&) = delete;
  ~FlagGuard() {
    busy_.clear(std::memory_order_release);
    busy_.notify_one();
  }

 private:
  std::atomic_flag& busy_;
};

}  // namespace streamwork::typed
