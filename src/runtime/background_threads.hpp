// Threads for work that must not hold up a worker.
// Thread rule: `run` by any thread.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <streamwork/typed/background_work.hpp>
#include <string>
#include <thread>
#include <vector>

namespace streamwork::runtime {

class BackgroundThreads final : public typed::BackgroundWork {
 public:
  /// REQUIRES: `threads` is at least 1. Throws `std::system_error` if the system gives no more threads.
  BackgroundThreads(const std::string& name, int threads);
  ~BackgroundThreads() override;

  void run(std::function<void()> work) override;

 private:
  void serve();
  void end();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> waiting_;
  bool ending_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace streamwork::runtime
