#include "runtime/signal_watch.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace streamwork::runtime {

namespace {

// What a signal handler may touch: these two and write(2).
std::atomic<int> relay_pipe{-1};
std::atomic<int> handlers_running{0};
static_assert(std::atomic<int>::is_always_lock_free);

constexpr char signal_came = 's';
constexpr char relay_ends = 'e';

extern "C" void streamwork_pass_signal_on(int) {
  const int error = errno;
  handlers_running.fetch_add(1);
  if (const int pipe = relay_pipe.load(); pipe >= 0) {
    // A full pipe holds thousands of signals already; one more says nothing new.
    [[maybe_unused]] const auto written = ::write(pipe, &signal_came, 1);
  }
  handlers_running.fetch_sub(1);
  errno = error;
}

/// Replaces the disposition of a signal for a while.
class Disposition {
 public:
  Disposition(int signal, void (*handler)(int)) : signal_(signal), handler_(handler) {
    struct sigaction ours = {};
    ours.sa_handler = handler;
    ours.sa_flags = SA_RESTART;
    sigemptyset(&ours.sa_mask);
    ::sigaction(signal, &ours, &before_);
  }
  Disposition(const Disposition&) = delete;
  Disposition& operator=(const Disposition&) = delete;
  ~Disposition() {
    struct sigaction now = {};
    ::sigaction(signal_, nullptr, &now);
    const bool still_ours = (now.sa_flags & SA_SIGINFO) == 0 && now.sa_handler == handler_;
    if (still_ours) ::sigaction(signal_, &before_, nullptr);  // else the program has set another one meanwhile
  }

 private:
  const int signal_;
  void (*const handler_)(int);
  struct sigaction before_ = {};
};

}  // namespace

/// Takes what the handler wrote into the pipe, and calls all watches.
class SignalRelay {
 public:
  SignalRelay() {
    if (::pipe2(ends_.data(), O_CLOEXEC | O_NONBLOCK) != 0) {
      throw std::system_error(errno, std::generic_category(), "cannot make a pipe for signals");
    }
    // The handler must not wait, the thread must.
    ::fcntl(ends_[0], F_SETFL, ::fcntl(ends_[0], F_GETFL) & ~O_NONBLOCK);
    try {
      start_thread();
    } catch (...) {
      close_pipe();
      throw;
    }
    pthread_setname_np(thread_.native_handle(), "signals");
    relay_pipe.store(ends_[1]);
    dispositions_ = std::make_unique<Dispositions>();
  }
  SignalRelay(const SignalRelay&) = delete;
  SignalRelay& operator=(const SignalRelay&) = delete;
  ~SignalRelay() {
    dispositions_.reset();
    relay_pipe.store(-1);
    while (handlers_running.load() > 0) std::this_thread::yield();  // one may hold the number of the pipe still
    while (::write(ends_[1], &relay_ends, 1) < 0 && (errno == EINTR || errno == EAGAIN)) std::this_thread::yield();
    thread_.join();
    close_pipe();
  }

  void add(SignalWatch& watch) {
    const std::lock_guard lock(mutex_);
    watches_.push_back(&watch);
  }
  void remove(SignalWatch& watch) {
    const std::lock_guard lock(mutex_);
    std::erase(watches_, &watch);
  }
  void set_action(SignalWatch& watch, SignalWatch::Action action) {
    const std::lock_guard lock(mutex_);
    watch.action_ = std::move(action);
    for (int count = 1; count <= watch.count_; ++count) watch.action_(count);
  }
  bool unused() {
    const std::lock_guard lock(mutex_);
    return watches_.empty();
  }

 private:
  struct Dispositions {
    Disposition interrupt{SIGINT, streamwork_pass_signal_on};
    Disposition terminate{SIGTERM, streamwork_pass_signal_on};
    Disposition broken_pipe{SIGPIPE, SIG_IGN};
  };

  /// The thread takes no signals itself: they would interrupt the very call that waits for them.
  void start_thread() {
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    try {
      thread_ = std::thread([this] { run(); });
    } catch (...) {
      pthread_sigmask(SIG_SETMASK, &before, nullptr);
      throw;
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }

  void run() {
    while (true) {
      char what = 0;
      if (::read(ends_[0], &what, 1) != 1) continue;  // interrupted
      if (what == relay_ends) return;
      const std::lock_guard lock(mutex_);
      for (SignalWatch* watch : watches_) {
        ++watch->count_;
        if (watch->action_) watch->action_(watch->count_);
      }
    }
  }

  void close_pipe() {
    ::close(ends_[0]);
    ::close(ends_[1]);
  }

  std::array<int, 2> ends_{};
  std::mutex mutex_;
  std::vector<SignalWatch*> watches_;
  std::thread thread_;
  std::unique_ptr<Dispositions> dispositions_;
};

namespace {

std::mutex relay_mutex;  // held while the relay comes and goes, so that dispositions are saved and restored in turn
std::unique_ptr<SignalRelay> relay;

}  // namespace

SignalWatch::SignalWatch() {
  const std::lock_guard lock(relay_mutex);
  if (relay == nullptr) relay = std::make_unique<SignalRelay>();
  relay->add(*this);
}

SignalWatch::~SignalWatch() {
  const std::lock_guard lock(relay_mutex);
  relay->remove(*this);
  if (relay->unused()) relay.reset();
}

void SignalWatch::call(Action action) { relay->set_action(*this, std::move(action)); }

}  // namespace streamwork::runtime
