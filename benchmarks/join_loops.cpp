#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <vector>

#include "timed_loops.hpp"

namespace benchmark {

namespace {

struct Waiting {
  std::uint64_t time;
  Event event;
};

/// A queue of few events, the oldest in front: erasing it there is cheaper than a std::deque, which takes half a
/// kilobyte for each key.
using Side = std::vector<Waiting>;

struct Sides {
  Side left;
  Side right;
};

void drop_before(Side& side, std::uint64_t time) {
  auto end = side.begin();
  while (end != side.end() && end->time < time) ++end;
  side.erase(side.begin(), end);
}

}  // namespace

std::uint64_t plain_interval_join(std::uint64_t events, const JoinWork& work) {
  boost::unordered_flat_map<std::uint64_t, Sides> keys;
  std::uint64_t sum = 0;
  std::uint64_t time = 0;
  for (std::uint64_t i = 0; i < events / 2; ++i, time += work.step) {
    // The watermark of both sides is `time`: what waits longer than the distance has no match any more.
    const std::uint64_t oldest = time < work.distance ? 0 : time - work.distance;
    const Event left = make_event(i, work.keys);
    Sides& of_left = keys[left.key];
    drop_before(of_left.right, oldest);
    for (const Waiting& other : of_left.right) sum += share_of_pair(left, other.event);
    drop_before(of_left.left, oldest);
    of_left.left.push_back({time, left});

    const Event right = make_right_event(i, work.keys);
    Sides& of_right = keys[right.key];
    drop_before(of_right.left, oldest);
    for (const Waiting& other : of_right.left) sum += share_of_pair(other.event, right);
    drop_before(of_right.right, oldest);
    of_right.right.push_back({time, right});
  }
  return sum;
}

}  // namespace benchmark
