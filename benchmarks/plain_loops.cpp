#include "plain_loops.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include "event.hpp"

namespace benchmark {

std::uint64_t plain_map_filter_sum(std::uint64_t events) {
  std::uint64_t sum = 0;
  for (std::uint64_t i = 0; i < events; ++i) {
    const Event event = corrected(make_event(i, 1));
    if (is_wanted(event)) sum += static_cast<std::uint64_t>(event.value);
  }
  return sum;
}

std::uint64_t plain_keyed_count(std::uint64_t events, std::uint64_t keys) {
  boost::unordered_flat_map<std::uint64_t, std::uint64_t> counts;
  std::uint64_t sum = 0;
  for (std::uint64_t i = 0; i < events; ++i) sum += ++counts[make_event(i, keys).key];
  return sum;
}

std::uint64_t plain_map_filter_keyed_count(std::uint64_t events, std::uint64_t keys) {
  boost::unordered_flat_map<std::uint64_t, std::uint64_t> counts;
  std::uint64_t sum = 0;
  for (std::uint64_t i = 0; i < events; ++i) {
    const Event event = corrected(make_event(i, keys));
    if (is_wanted(event)) sum += ++counts[event.key];
  }
  return sum;
}

}  // namespace benchmark
