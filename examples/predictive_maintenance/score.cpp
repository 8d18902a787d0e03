#include "score.hpp"

#include <algorithm>
#include <tuple>

namespace maintenance {

FailureBook::FailureBook(std::vector<Failure> failures) : failures_(std::move(failures)) {
  std::ranges::sort(failures_, {}, [](const Failure& failure) { return std::tuple(failure.machine, failure.time); });
}

std::optional<std::size_t> FailureBook::worn_at(std::int64_t machine, sw::EventTime time) const {
  const auto next = std::ranges::lower_bound(failures_, std::tuple(machine, time), {}, [](const Failure& failure) {
    return std::tuple(failure.machine, failure.time);
  });
  if (next == failures_.end() || next->machine != machine || time < next->wear_begins) return std::nullopt;
  return static_cast<std::size_t>(next - failures_.begin());
}

Score score_of(const std::vector<AlertTime>& alerts, const FailureBook& book) {
  Score score{.alerts = static_cast<std::int64_t>(alerts.size()),
              .failures = static_cast<std::int64_t>(book.failures().size())};
  std::vector<bool> found(book.failures().size());
  for (const AlertTime& alert : alerts) {
    const auto failure = book.worn_at(alert.machine, alert.raised);
    if (!failure) continue;
    ++score.true_alerts;
    found[*failure] = true;
  }
  score.found = std::ranges::count(found, true);
  return score;
}

}  // namespace maintenance
