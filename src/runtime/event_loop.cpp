#include "runtime/event_loop.hpp"

#include <fcntl.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <system_error>
#include <utility>

namespace streamwork::runtime {

namespace asio = boost::asio;

struct EventLoop::Asio {
  asio::io_context io{1};  // run by one thread
  asio::executor_work_guard<asio::io_context::executor_type> work = asio::make_work_guard(io);
  asio::steady_timer timer{io};
  std::size_t watched = 0;

  std::mutex mutex;
  std::condition_variable woken_up;
  bool woken = false;           ///< guarded by the mutex
  bool sleeps_in_asio = false;  ///< guarded by the mutex

  /// One system call, where Asio needs four to sleep with a timer.
  void sleep_without_descriptors(SteadyTime until) {
    std::unique_lock lock(mutex);
    const auto is_woken = [this] { return woken; };
    if (until == SteadyTime::max()) {
      woken_up.wait(lock, is_woken);
    } else {
      woken_up.wait_until(lock, until, is_woken);
    }
    woken = false;
  }
  /// True: it has not been woken meanwhile.
  bool begin_sleep_in_asio() {
    const std::lock_guard lock(mutex);
    sleeps_in_asio = !woken;
    return sleeps_in_asio;
  }
  void end_sleep_in_asio() {
    const std::lock_guard lock(mutex);
    woken = sleeps_in_asio = false;
  }

  void watch(int descriptor, asio::posix::stream_descriptor::wait_type event, std::function<void()> action) {
    // A descriptor of our own on the same file: the user may close theirs while we wait.
    const int own = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
    if (own < 0) throw std::system_error(errno, std::generic_category(), "cannot watch a file descriptor");
    auto watched_descriptor = std::make_shared<asio::posix::stream_descriptor>(io, own);
    ++watched;
    // Asio makes it non-blocking; but that belongs to the open file, hence to every program that shares it, as the shell
    // shares its terminal. We only wait through Asio, so it can stay as it was.
    const int flags = ::fcntl(own, F_GETFL);
    watched_descriptor->async_wait(event,
                                   [this, watched_descriptor, action = std::move(action)](boost::system::error_code) {
                                     --watched;
                                     action();
                                   });
    ::fcntl(own, F_SETFL, flags);
  }
};

EventLoop::EventLoop() : asio_(std::make_unique<Asio>()) {}
EventLoop::~EventLoop() = default;

void EventLoop::sleep(SteadyTime until) {
  if (!watching()) return asio_->sleep_without_descriptors(until);
  if (asio_->begin_sleep_in_asio()) {
    if (until != SteadyTime::max()) {
      asio_->timer.expires_at(until);
      asio_->timer.async_wait([](boost::system::error_code) {});
    }
    asio_->io.run_one();
    if (until != SteadyTime::max()) asio_->timer.cancel();
  }
  asio_->end_sleep_in_asio();
  asio_->io.poll();
}

void EventLoop::poll() { asio_->io.poll(); }

void EventLoop::wake() {
  const std::lock_guard lock(asio_->mutex);
  asio_->woken = true;
  if (asio_->sleeps_in_asio) asio::post(asio_->io, [] {});
  asio_->woken_up.notify_one();
}

bool EventLoop::watching() const { return asio_->watched > 0; }

void EventLoop::when_readable(int descriptor, std::function<void()> action) {
  asio_->watch(descriptor, asio::posix::stream_descriptor::wait_read, std::move(action));
}

void EventLoop::when_writable(int descriptor, std::function<void()> action) {
  asio_->watch(descriptor, asio::posix::stream_descriptor::wait_write, std::move(action));
}

}  // namespace streamwork::runtime
