#include "engine_checkpoints.hpp"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <streamwork/clock.hpp>
#include <streamwork/file_system.hpp>
#include <streamwork/job.hpp>
#include <streamwork/run.hpp>
#include <string>
#include <thread>

#include <unistd.h>

#include "engine_parts.hpp"
#include "idle.hpp"

namespace benchmark {

namespace sw = streamwork;
using namespace std::chrono_literals;

namespace {

/// Adds up, and looks at the clock every thousand events.
class WatchingSum {
 public:
  WatchingSum(std::atomic<std::uint64_t>& total, Pauses* pauses) : total_(&total), pauses_(pauses) {}
  void write(const KeyCount& counted) {
    sum_ += counted.count;
    if (pauses_ != nullptr && ++since_look_ == look_every) look();
  }
  void close() { *total_ += sum_; }

 private:
  static constexpr std::uint32_t look_every = 1024;

  void look() {
    since_look_ = 0;
    const sw::SteadyTime now = sw::SystemClock::instance().steady_now();
    if (last_look_ != sw::SteadyTime{}) pauses_->gaps.record(static_cast<std::uint64_t>((now - last_look_).count()));
    last_look_ = now;
  }

  std::atomic<std::uint64_t>* total_;
  Pauses* pauses_;
  std::uint64_t sum_ = 0;
  std::uint32_t since_look_ = 0;
  sw::SteadyTime last_look_{};
};

/// A directory that is gone afterwards, beside the program: on a disk, unlike /tmp on some machines.
class Scratch {
 public:
  Scratch() : path_("benchmark-checkpoints-" + std::to_string(::getpid())) { std::filesystem::remove_all(path_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }
  /// Of the largest checkpoint in it.
  double megabytes() const {
    double largest = 0;
    for (const auto& checkpoint : std::filesystem::directory_iterator(path_)) {
      double bytes = 0;
      if (!checkpoint.is_directory()) continue;
      for (const auto& file : std::filesystem::directory_iterator(checkpoint.path()))
        bytes += static_cast<double>(file.file_size());
      largest = std::max(largest, bytes);
    }
    return largest / 1e6;
  }

 private:
  std::string path_;
};

}  // namespace

std::uint64_t engine_keyed_count_surviving(std::uint64_t events, std::uint64_t keys, bool checkpoints, Pauses* pauses) {
  std::atomic<std::uint64_t> total = 0;
  sw::Job job{"keyed_count"};
  job.source("events", events_of(events, keys))
      .key_by(&Event::key, {.parallelism = 1})
      .apply("count", RunningCount())
      .sink("sum", WatchingSum(total, pauses));
  const Scratch scratch;
  sw::JobOptions options{.workers = 1};
  if (checkpoints) options.checkpoints = {.directory = scratch.path(), .interval = 1s};
  const sw::JobResult result = sw::start(job, options).wait();
  if (result.end != sw::JobEnd::finished) throw std::runtime_error("job " + job.name() + ": " + result.failure);
  if (pauses != nullptr) {
    pauses->checkpoints += result.metrics.checkpoints.completed;
    pauses->seconds += std::chrono::duration<double>(result.metrics.running_for).count();
    if (checkpoints) pauses->megabytes = scratch.megabytes();
  }
  return total;
}

Restored measure_restore_of(std::uint64_t keys) {
  std::atomic<std::uint64_t> total = 0;
  sw::Job job{"keyed_count"};
  job.source("events", events_of(std::uint64_t{1} << 60U, keys))
      .key_by(&Event::key, {.parallelism = 1})
      .apply("count", RunningCount())
      .sink("sum", WatchingSum(total, nullptr));
  const Scratch scratch;
  const sw::JobOptions options{.workers = 1, .checkpoints = {.directory = scratch.path(), .interval = 1h}};
  const auto count = [](const sw::JobHandle& handle) { return handle.metrics().vertex("sum").events_in(); };
  const auto now = [] { return std::chrono::steady_clock::now(); };
  const auto seconds = [](auto from, auto to) { return std::chrono::duration<double>(to - from).count(); };
  Restored restored;
  {
    sw::JobHandle first = sw::start(job, options);
    while (count(first) < keys * 20) std::this_thread::sleep_for(10ms);  // then all but a few keys have come
    const auto begin = now();
    first.suspend();
    if (first.wait().end != sw::JobEnd::suspended) throw std::runtime_error("the job could not be suspended");
    restored.suspend_seconds = seconds(begin, now());
    restored.checkpoint_megabytes = scratch.megabytes();
  }
  const auto begin = now();
  sw::JobHandle second = sw::start(job, options);
  while (count(second) == 0 && second.running()) std::this_thread::sleep_for(1ms);
  restored.restore_seconds = seconds(begin, now());
  restored.resident_megabytes = resident_megabytes();
  second.cancel();
  return restored;
}

double disk_speed() {
  const Scratch scratch;
  sw::RealFileSystem files;
  files.create_directories(scratch.path());
  const std::string piece(std::size_t{1} << 20U, 'x');
  constexpr int pieces = 256;
  const auto start = std::chrono::steady_clock::now();
  const auto file = files.create(scratch.path() + "/speed");
  for (int i = 0; i < pieces; ++i) file->append(piece);
  file->sync();
  file->close();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  return pieces * static_cast<double>(piece.size()) / took.count() / 1e6;
}

}  // namespace benchmark
