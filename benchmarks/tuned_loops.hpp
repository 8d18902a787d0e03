// The limit: the same results as the plain loops with everything one may do by hand for one purpose on one thread: the
// widest vector instructions of the machine, and a table that is made for these keys, sized beforehand (the number of
// keys is known), in huge pages, with slots fetched ahead for a block of events. It shows what an engine leaves on the
// table; it has no floor in the budget.
#pragma once

#include <cstdint>

namespace benchmark {

std::uint64_t tuned_map_filter_sum(std::uint64_t events);
std::uint64_t tuned_keyed_count(std::uint64_t events, std::uint64_t keys);
std::uint64_t tuned_map_filter_keyed_count(std::uint64_t events, std::uint64_t keys);

}  // namespace benchmark
