#include <algorithm>
#include <streamwork/restart_policy.hpp>

namespace streamwork {

namespace {

using std::chrono::nanoseconds;

/// Failures since the job last ran for `calm` without one.
int failures_in_a_row(const std::vector<SteadyTime>& failures, nanoseconds calm) {
  int count = 1;
  for (std::size_t i = failures.size() - 1; i > 0 && failures[i] - failures[i - 1] < calm; --i) ++count;
  return count;
}

}  // namespace

std::optional<nanoseconds> RestartPolicy::delay(const std::vector<SteadyTime>& failures) const {
  switch (kind_) {
    case Kind::never:
      return std::nullopt;
    case Kind::fixed_delay:
      if (std::cmp_greater(failures.size(), limit_)) return std::nullopt;
      return delay_;
    case Kind::exponential: {
      const int in_a_row = failures_in_a_row(failures, within_);
      if (in_a_row > limit_) return std::nullopt;
      double wait = static_cast<double>(delay_.count());
      for (int i = 1; i < in_a_row; ++i) wait = std::min(wait * factor_, static_cast<double>(longest_.count()));
      return nanoseconds(static_cast<std::int64_t>(wait));
    }
    case Kind::failure_rate: {
      const SteadyTime now = failures.back();
      const auto recent = std::ranges::count_if(failures, [&](SteadyTime at) { return now - at < within_; });
      if (recent > limit_) return std::nullopt;
      return delay_;
    }
  }
  return std::nullopt;
}

RestartPolicy never_restart() { return {}; }

RestartPolicy restart_at_fixed_delay(int restarts, nanoseconds delay) {
  RestartPolicy policy;
  policy.kind_ = RestartPolicy::Kind::fixed_delay;
  policy.limit_ = restarts;
  policy.delay_ = delay;
  return policy;
}

RestartPolicy restart_with_backoff(int restarts, nanoseconds first, double factor, nanoseconds longest,
                                   nanoseconds calm) {
  RestartPolicy policy;
  policy.kind_ = RestartPolicy::Kind::exponential;
  policy.limit_ = restarts;
  policy.delay_ = first;
  policy.factor_ = factor;
  policy.longest_ = longest;
  policy.within_ = calm;
  return policy;
}

RestartPolicy restart_at_failure_rate(int failures, nanoseconds within, nanoseconds delay) {
  RestartPolicy policy;
  policy.kind_ = RestartPolicy::Kind::failure_rate;
  policy.limit_ = failures;
  policy.within_ = within;
  policy.delay_ = delay;
  return policy;
}

}  // namespace streamwork
