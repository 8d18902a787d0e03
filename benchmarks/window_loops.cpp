#include <boost/unordered/unordered_flat_map.hpp>
#include <numeric>
#include <vector>

#include "timed_loops.hpp"

namespace benchmark {

namespace {

struct OpenWindow {
  std::uint64_t end = 0;
  std::int64_t count = 0;  ///< 0: there is none
};

struct Slices {
  std::vector<std::int64_t> sums;  ///< of the slices of a window, in a ring
};

struct RunningSlices {
  std::vector<std::int64_t> sums;
  std::int64_t total = 0;
};

/// Goes through the events; `close(end)` is called when time has come to the end of a slice, in the end for all windows
/// that an event was in.
template <class Take, class Close>
void pass(std::uint64_t events, const WindowWork& work, Take&& take, Close&& close) {
  std::uint64_t end = work.slide;
  std::uint64_t time = 0;
  for (std::uint64_t i = 0; i < events; ++i, time += work.step) {
    while (time >= end) {
      close(end);
      end += work.slide;
    }
    take(make_event(i, work.keys), end);
  }
  const std::uint64_t last_end = end + work.length - work.slide;
  for (; end <= last_end; end += work.slide) close(end);
}

}  // namespace

std::uint64_t plain_tumbling_count(std::uint64_t events, const WindowWork& work) {
  boost::unordered_flat_map<std::uint64_t, OpenWindow> windows;
  std::uint64_t sum = 0;
  pass(
      events, work,
      [&](const Event& event, std::uint64_t end) {
        OpenWindow& window = windows[event.key];
        window.end = end;
        ++window.count;
      },
      [&](std::uint64_t watermark) {
        for (auto& [key, window] : windows) {
          if (window.count == 0 || window.end > watermark) continue;
          sum += share_of_window(key, window.end, window.count);
          window.count = 0;
        }
      });
  return sum;
}

// A window of a key without an event has the sum 0 and adds nothing to the result, as if it were not given out.

std::uint64_t plain_sliding_sum(std::uint64_t events, const WindowWork& work) {
  const std::uint64_t slices = work.length / work.slide;
  boost::unordered_flat_map<std::uint64_t, Slices> keys;
  std::uint64_t current = 0;
  std::uint64_t sum = 0;
  pass(
      events, work,
      [&](const Event& event, std::uint64_t) {
        Slices& of_key = keys[event.key];
        if (of_key.sums.empty()) of_key.sums.resize(slices);
        of_key.sums[current] += event.value;
      },
      [&](std::uint64_t end) {
        current = current + 1 == slices ? 0 : current + 1;
        for (auto& [key, of_key] : keys) {
          sum += share_of_window(key, end, std::accumulate(of_key.sums.begin(), of_key.sums.end(), std::int64_t{0}));
          of_key.sums[current] = 0;
        }
      });
  return sum;
}

std::uint64_t tuned_sliding_sum(std::uint64_t events, const WindowWork& work) {
  const std::uint64_t slices = work.length / work.slide;
  boost::unordered_flat_map<std::uint64_t, RunningSlices> keys;
  std::uint64_t current = 0;
  std::uint64_t sum = 0;
  pass(
      events, work,
      [&](const Event& event, std::uint64_t) {
        RunningSlices& of_key = keys[event.key];
        if (of_key.sums.empty()) of_key.sums.resize(slices);
        of_key.sums[current] += event.value;
      },
      [&](std::uint64_t end) {
        const std::uint64_t closed = current;
        current = current + 1 == slices ? 0 : current + 1;
        for (auto& [key, of_key] : keys) {
          of_key.total += of_key.sums[closed];
          sum += share_of_window(key, end, of_key.total);
          of_key.total -= of_key.sums[current];
          of_key.sums[current] = 0;
        }
      });
  return sum;
}

}  // namespace benchmark
