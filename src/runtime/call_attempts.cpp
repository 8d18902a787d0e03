#include <algorithm>
#include <cmath>
#include <streamwork/duration_text.hpp>
#include <streamwork/hash.hpp>
#include <streamwork/typed/call_attempts.hpp>

namespace streamwork::typed {

Duration backoff_wait(const Backoff& backoff, int failed, std::uint64_t draw) {
  const auto longest = static_cast<double>(backoff.longest.count());
  const double full = static_cast<double>(backoff.first.count()) * std::pow(backoff.factor, failed - 1);
  const double chance = static_cast<double>(mix64(draw) >> 11U) * 0x1p-53;  // evenly from 0 to 1
  return Duration(static_cast<std::int64_t>(std::min(full, longest) * (1 - backoff.spread * chance)));
}

std::string attempts_used_up(int attempts, const std::string& last) {
  if (attempts == 1) return last;
  return "no answer in " + std::to_string(attempts) + " attempts; the last one: " + last;
}

std::string timeout_reason(Duration timeout) { return "no answer within " + duration_text(timeout); }

}  // namespace streamwork::typed
