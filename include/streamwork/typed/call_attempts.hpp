// When a call is made again, and what is said when it is not.
#pragma once

#include <cstdint>
#include <streamwork/options.hpp>
#include <streamwork/time.hpp>
#include <string>

namespace streamwork::typed {

/// The wait before a call is made again after `failed` attempts. `draw` stands for chance: the same draw, the same wait.
Duration backoff_wait(const Backoff& backoff, int failed, std::uint64_t draw);

/// The reason of a bad event whose last attempt failed for the reason `last`.
std::string attempts_used_up(int attempts, const std::string& last);

/// The reason of an attempt that had no answer in time.
std::string timeout_reason(Duration timeout);

}  // namespace streamwork::typed
