// State larger than memory: RocksDB beside memory, and RocksDB with state several times what the process may take.
//
//   state_benchmark compare [EVENTS]      the same running count with either backend, at 100,000 and at 5,000,000 keys
//   state_benchmark limit MIB [KEYS]      rows of 128 bytes under a memory limit of so many MiB, then small changes and checkpoints
//
// Debian's RocksDB is built with its assertions on, which costs it about half its speed: figures say so.
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <functional>
#include <optional>
#include <stdexcept>
#include <streamwork/connectors/collection.hpp>
#include <streamwork/connectors/generator.hpp>
#include <streamwork/job.hpp>
#include <streamwork/operator.hpp>
#include <streamwork/run.hpp>
#include <string>
#include <thread>

#include "engine_parts.hpp"
#include "event.hpp"
#include "memory_limit.hpp"

namespace benchmark {

namespace sw = streamwork;
using namespace std::chrono_literals;

namespace {

using SteadyClock = std::chrono::steady_clock;

double seconds_since(SteadyClock::time_point start) {
  return std::chrono::duration<double>(SteadyClock::now() - start).count();
}

sw::StateOptions rocksdb(std::uint64_t memory_bytes) {
  return {.backend = sw::StateBackend::rocksdb, .memory_bytes = memory_bytes};
}

// --- compare

std::pair<std::uint64_t, double> count(std::uint64_t events, std::uint64_t keys, const sw::StateOptions& state) {
  std::atomic<std::uint64_t> total = 0;
  sw::Job job{"keyed_count"};
  job.source("events", events_of(events, keys))
      .key_by(&Event::key, {.parallelism = 1})
      .apply("count", RunningCount())
      .sink("sum", SumSink<&KeyCount::count>(total));
  const auto start = SteadyClock::now();
  const sw::JobResult result = sw::start(job, {.workers = 1, .state = state}).wait();
  if (result.end != sw::JobEnd::finished) throw std::runtime_error(result.failure);
  return {total.load(), static_cast<double>(events) / seconds_since(start) / 1e6};
}

void compare(std::uint64_t events) {
  std::printf("running count, one worker, %.1f M events; RocksDB of Debian, built with assertions\n",
              static_cast<double>(events) / 1e6);
  for (const std::uint64_t keys : {std::uint64_t{100'000}, std::uint64_t{5'000'000}}) {
    const auto [expected, in_memory] = count(events, keys, {});
    const auto [large_total, in_large_cache] = count(events, keys, rocksdb(std::uint64_t{1} << 30U));
    const auto [small_total, in_small_cache] = count(events, keys, rocksdb(std::uint64_t{64} << 20U));
    if (large_total != expected || small_total != expected) throw std::runtime_error("the backends do not agree");
    std::printf("%8llu keys: memory %.2f, rocksdb with 1 GiB %.2f, with 64 MiB %.2f M events/s\n",
                static_cast<unsigned long long>(keys), in_memory, in_large_cache, in_small_cache);
  }
}

// --- limit

/// A row of 128 bytes that do not compress.
struct Profile {
  std::uint64_t count = 0;
  std::array<std::uint64_t, 14> numbers{};
};

class Profiler {
 public:
  void open(sw::OperatorContext& context) { profile_ = context.value_state<Profile>("profile"); }
  void apply(const Event& event, sw::Output<KeyCount>& out) {
    std::uint64_t number = event.sequence;
    for (std::uint64_t& word : profile_->numbers) word ^= number = (number + 1) * 0x9E3779B97F4A7C15U;
    out.emit({event.key, ++profile_->count});
  }

 private:
  sw::ValueState<Profile> profile_;
};

/// First each of `keys` keys once, in no order; then, for ever, those of one of a hundred.
Event touch(std::uint64_t sequence, std::uint64_t keys) {
  const std::uint64_t at = sequence < keys ? sequence : sequence % (keys / 100) * 100;
  Event event = make_event(sequence, keys);
  event.key = at * 0x9E3779B97F4A7C15U;
  return event;
}

class LimitedRun {
 public:
  LimitedRun(std::uint64_t limit_bytes, std::uint64_t keys, std::string directory) {
    job_.source("events", sw::generate<Event>([keys](std::uint64_t sequence) { return touch(sequence, keys); }))
        .key_by(&Event::key, {.parallelism = 1})
        .apply("profile", Profiler())
        .sink("sum", SumSink<&KeyCount::count>(total_));
    handle_.emplace(sw::start(job_, {.workers = 1,
                                     .checkpoints = {.directory = std::move(directory), .interval = 1h},
                                     .state = rocksdb(limit_bytes / 2)}));
  }
  void wait_for(std::uint64_t events) {
    while (handle_->metrics().vertex("profile").events_in() < events) {
      if (!handle_->running()) throw std::runtime_error(handle_->wait().failure);
      std::this_thread::sleep_for(10ms);
    }
  }
  std::uint64_t events() { return handle_->metrics().vertex("profile").events_in(); }
  /// A checkpoint that has every change up to now.
  sw::CheckpointMetrics take() {
    const std::uint64_t before = handle_->metrics().checkpoints.completed;
    handle_->take_savepoint();
    while (handle_->metrics().checkpoints.completed == before) {
      const sw::CheckpointMetrics now = handle_->metrics().checkpoints;
      if (!handle_->running() || now.failed > 0) throw std::runtime_error("no checkpoint: " + now.last_failure);
      std::this_thread::sleep_for(10ms);
    }
    return handle_->metrics().checkpoints;
  }

 private:
  std::atomic<std::uint64_t> total_ = 0;
  sw::Job job_{"profiles"};
  std::optional<sw::JobHandle> handle_;
};

void limit(std::uint64_t mebibytes, std::uint64_t keys, const std::string& directory) {
  const std::uint64_t limit_bytes = mebibytes << 20U;
  if (keys == 0) keys = limit_bytes * 4 / 128;
  const MemoryLimit limited(limit_bytes);
  std::printf("%llu keys of 128 bytes, %.0f MB, under a limit of %.0f MB; RocksDB of Debian, built with assertions\n",
              static_cast<unsigned long long>(keys), static_cast<double>(keys) * 128 / 1e6,
              static_cast<double>(limit_bytes) / 1e6);
  LimitedRun run(limit_bytes, keys, directory);
  const auto start = SteadyClock::now();
  run.wait_for(keys);
  std::printf("each key once: %.3f M events/s\n", static_cast<double>(keys) / seconds_since(start) / 1e6);
  for (int i = 0; i < 6; ++i) {
    const auto begin = SteadyClock::now();
    const sw::CheckpointMetrics taken = run.take();
    std::printf("checkpoint: %.0f MB, of which %.1f MB written (%.1f %%), in %.1f s\n",
                static_cast<double>(taken.bytes) / 1e6, static_cast<double>(taken.new_bytes) / 1e6,
                100.0 * static_cast<double>(taken.new_bytes) / static_cast<double>(taken.bytes), seconds_since(begin));
    run.wait_for(run.events() + keys / 20);  // each of one key in a hundred some five times
  }
  std::printf("most resident memory: %.0f MB\n", static_cast<double>(greatest_resident_bytes()) / 1e6);
}

std::uint64_t number(int argc, char** argv, int at, std::uint64_t otherwise) {
  return at < argc ? std::strtoull(argv[at], nullptr, 10) : otherwise;
}

int run_mode(int argc, char** argv) {
  const std::string mode = argc > 1 ? argv[1] : "";
  const std::string directory =
      (std::filesystem::temp_directory_path() / ("streamwork-state-benchmark-" + std::to_string(getpid()))).string();
  if (mode == "compare") {
    compare(number(argc, argv, 2, 5'000'000));
  } else if (mode == "limit" && argc > 2) {
    limit(number(argc, argv, 2, 0), number(argc, argv, 3, 0), directory);
  } else {
    std::fputs("usage: state_benchmark compare [EVENTS] | limit MIB [KEYS]\n", stderr);
    return 2;
  }
  std::error_code ignored;
  std::filesystem::remove_all(directory, ignored);
  return 0;
}

}  // namespace
}  // namespace benchmark

int main(int argc, char** argv) {
  try {
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    return benchmark::run_mode(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "failed: %s\n", error.what());
    return 1;
  }
}
