// A job that is watched by browsers: what the console costs it.
#pragma once

#include <cstdint>

namespace benchmark {

/// The running count of `engine_keyed_count`; `watchers`: connections that read its metrics as they come. A negative number:
/// there is no console at all.
std::uint64_t engine_watched_keyed_count(std::uint64_t events, std::uint64_t keys, int watchers);

}  // namespace benchmark
