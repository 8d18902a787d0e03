#include "threshold.hpp"

#include <algorithm>
#include <map>

#include "incidents.hpp"

namespace maintenance {

namespace {

std::vector<const Sample*> from_the_extreme(const std::vector<Sample>& samples, double Sample::* field, bool above) {
  std::vector<const Sample*> sorted;
  sorted.reserve(samples.size());
  for (const Sample& sample : samples) sorted.push_back(&sample);
  std::ranges::sort(
      sorted, [=](const Sample* a, const Sample* b) { return above ? a->*field > b->*field : a->*field < b->*field; });
  return sorted;
}

/// Incidents that grow and merge while windows are added in any order, and their score at any time.
class GrowingIncidents {
 public:
  explicit GrowingIncidents(const FailureBook& book) : book_(book), alerts_of_(book.failures().size()) {
    score_.failures = static_cast<std::int64_t>(book.failures().size());
  }

  void add(std::int64_t machine, sw::EventTime time) {
    auto& incidents = incidents_[machine];
    sw::EventTime begin = time;
    sw::EventTime end = time;
    auto next = incidents.upper_bound(time);
    if (next != incidents.begin() && time - std::prev(next)->second <= incident_gap) {
      const auto before = std::prev(next);
      begin = before->first;
      end = std::max(end, before->second);
      count(machine, begin, -1);
      incidents.erase(before);
    }
    if (next != incidents.end() && next->first - end <= incident_gap) {
      end = std::max(end, next->second);
      count(machine, next->first, -1);
      incidents.erase(next);
    }
    incidents.emplace(begin, end);
    count(machine, begin, 1);
  }
  const Score& score() const { return score_; }

 private:
  void count(std::int64_t machine, sw::EventTime raised, int sign) {
    score_.alerts += sign;
    const auto failure = book_.worn_at(machine, raised);
    if (!failure) return;
    score_.true_alerts += sign;
    const bool was_found = alerts_of_[*failure] > 0;
    alerts_of_[*failure] += sign;
    score_.found += static_cast<int>(alerts_of_[*failure] > 0) - static_cast<int>(was_found);
  }

  const FailureBook& book_;
  std::map<std::int64_t, std::map<sw::EventTime, sw::EventTime>> incidents_;  ///< of each machine: begin, end
  std::vector<std::int64_t> alerts_of_;                                       ///< of each failure
  Score score_;
};

/// Adds window after window, from the most extreme one on, and asks for F1 wherever a threshold can be.
template <class Add, class F1>
BestThreshold best(const std::vector<Sample>& samples, double Sample::* field, bool above, Add add, F1 f1) {
  BestThreshold best;
  const std::vector<const Sample*> sorted = from_the_extreme(samples, field, above);
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    add(*sorted[i]);
    if (i + 1 < sorted.size() && sorted[i + 1]->*field == sorted[i]->*field) continue;
    const double now = f1();
    if (now > best.f1) best = {"", sorted[i]->*field, now};
  }
  return best;
}

}  // namespace

BestThreshold best_by_alerts(const std::vector<Sample>& samples, double Sample::* field, bool above,
                             const FailureBook& book) {
  GrowingIncidents incidents(book);
  return best(
      samples, field, above, [&](const Sample& sample) { incidents.add(sample.machine, sample.end); },
      [&] { return incidents.score().f1(); });
}

BestThreshold best_by_windows(const std::vector<Sample>& samples, double Sample::* field, bool above,
                              const FailureBook& book) {
  const auto worn = [&](const Sample& sample) { return book.worn_at(sample.machine, sample.end).has_value(); };
  Score score{.failures = std::ranges::count_if(samples, worn)};
  const auto add = [&](const Sample& sample) {
    const int right = worn(sample) ? 1 : 0;
    ++score.alerts;
    score.true_alerts += right;
    score.found += right;
  };
  return best(samples, field, above, add, [&] { return score.f1(); });
}

}  // namespace maintenance
