// A service whose calls a test answers by hand.
// Thread rule: any thread. Copies share the calls.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <streamwork/async.hpp>
#include <thread>
#include <utility>
#include <vector>

namespace streamwork::kit {

/// Waits until `condition` holds; throws if it does not for long.
inline void wait_until(const std::function<bool()>& condition, const char* what) {
  for (int i = 0; i < 30'000; ++i) {
    if (condition()) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  throw std::runtime_error(std::string("waited in vain: ") + what);
}

class HeldCalls {
 public:
  struct Call {
    std::int64_t number;
    Reply<std::int64_t> reply;
  };

  void operator()(const std::int64_t& number, Reply<std::int64_t> reply) {
    const std::lock_guard lock(shared_->mutex);
    shared_->calls.push_back({number, std::move(reply)});
    ++shared_->made;
  }

  /// Calls made so far.
  std::size_t made() const {
    const std::lock_guard lock(shared_->mutex);
    return shared_->made;
  }
  /// The calls that were not taken before.
  std::vector<Call> take() const {
    const std::lock_guard lock(shared_->mutex);
    return std::exchange(shared_->calls, {});
  }
  std::vector<Call> take_when_made(std::size_t count) const {
    wait_until([&] { return made() >= count; }, "calls");
    return take();
  }

 private:
  struct Shared {
    std::mutex mutex;
    std::vector<Call> calls;
    std::size_t made = 0;
  };
  std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
};

}  // namespace streamwork::kit
