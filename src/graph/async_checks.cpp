// What can be wrong with the options of `async_map`.
#include <chrono>
#include <streamwork/async.hpp>

namespace streamwork::typed {

namespace {

/// Answers of so many events are held in memory, and looked through when a time is due.
constexpr std::uint32_t most_in_flight = 65'536;
/// Times are added to the steady clock, which has room for 292 years.
constexpr Duration longest_time = std::chrono::hours(24 * 365);

bool possible(Duration time) { return time >= Duration::zero() && time <= longest_time; }

}  // namespace

void check_async_options(JobGraph& graph, const std::string& name, const AsyncOptions& options) {
  const auto refuse = [&](const std::string& problem) { graph.add_problem("async_map '" + name + "': " + problem); };
  if (options.in_flight < 1 || options.in_flight > most_in_flight) {
    refuse("in_flight is " + std::to_string(options.in_flight) + "; write a number from 1 to " +
           std::to_string(most_in_flight));
  }
  if (options.timeout == Duration::zero() || !possible(options.timeout))
    refuse("the timeout is that of one attempt: write a time greater than zero, at most a year");
  if (options.attempts < 1) refuse("attempts counts the first one too: write at least 1");
  const Backoff& backoff = options.backoff;
  if (!possible(backoff.first) || !possible(backoff.longest))
    refuse("the first and the longest wait of its back-off lie between zero and a year");
  if (!(backoff.factor >= 1)) refuse("the factor of its back-off is at least 1");
  if (!(backoff.spread >= 0 && backoff.spread <= 1)) refuse("the spread of its back-off is a share, from 0 to 1");
}

}  // namespace streamwork::typed
