#include "report.hpp"

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <functional>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "threshold.hpp"

namespace fraud {

namespace {

using namespace std::chrono_literals;

__attribute__((format(printf, 1, 2))) std::string text(const char* format, ...) {
  char line[256];
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  return line;
}

bool is_fraud(const LabelledTransaction& transaction) { return transaction.fraud && !transaction.fraud->empty(); }

Hits hits_of(const Findings& findings, const std::unordered_set<std::string>& alerted) {
  Hits hits{.alerts = static_cast<std::int64_t>(findings.alerts.size())};
  for (const LabelledTransaction& transaction : findings.transactions) {
    if (!is_fraud(transaction)) continue;
    ++hits.frauds;
    if (alerted.contains(transaction.id)) ++hits.true_alerts;
  }
  return hits;
}

std::string lines_of_kinds(const Findings& findings, const std::unordered_set<std::string>& alerted) {
  struct Found {
    int all = 0;
    int found = 0;
  };
  std::map<std::string, Found> kinds;
  for (const LabelledTransaction& transaction : findings.transactions) {
    if (!is_fraud(transaction)) continue;
    Found& kind = kinds[*transaction.fraud];
    ++kind.all;
    if (alerted.contains(transaction.id)) ++kind.found;
  }
  std::string lines;
  for (const auto& [kind, found] : kinds) {
    lines += text("%-14.60s %5d transactions, found %5d (%.3f)\n", kind.c_str(), found.all, found.found,
                  static_cast<double>(found.found) / found.all);
  }
  return lines;
}

/// How long after its transaction an alert was sure enough.
std::string line_of_delays(const std::vector<Alert>& alerts) {
  if (alerts.empty()) return {};
  std::vector<double> minutes;
  for (const Alert& alert : alerts)
    minutes.push_back(std::chrono::duration<double, std::ratio<60>>(alert.raised - alert.time).count());
  std::ranges::sort(minutes);
  const auto at_once = std::ranges::count_if(minutes, [](double delay) { return delay <= 0; });
  return text(
      "alerts at once %.0f %%, minutes after the transaction: median %.1f, nine of ten within %.1f, most %.1f\n",
      100 * static_cast<double>(at_once) / static_cast<double>(minutes.size()), minutes[minutes.size() / 2],
      minutes[minutes.size() * 9 / 10], minutes.back());
}

/// A number that a threshold could be put on.
struct Field {
  const char* name;
  std::function<std::optional<double>(const LabelledTransaction&)> value;
};

double hour_of_day(sw::EventTime time) {
  const sw::Duration since = time.time_since_epoch();
  return std::chrono::duration<double, std::ratio<3600>>(since - std::chrono::floor<std::chrono::days>(since)).count();
}

Threshold best_threshold(const Findings& findings, const Field& field, std::int64_t frauds) {
  std::vector<Sample> samples;
  for (const LabelledTransaction& transaction : findings.transactions) {
    if (const std::optional<double> value = field.value(transaction))
      samples.push_back({*value, is_fraud(transaction)});
  }
  return best_threshold(std::move(samples), frauds);
}

std::string line_of(const Field& field, const Threshold& threshold) {
  return text("threshold on %-28s F1 %.3f (%s %.4g)\n", field.name, threshold.f1, threshold.above ? "from" : "up to",
              threshold.value);
}

std::string lines_of_fields(const Findings& findings, std::int64_t frauds) {
  const Field fields[] = {
      {"amount", [](const LabelledTransaction& of) { return of.amount; }},
      {"latitude", [](const LabelledTransaction& of) { return of.latitude; }},
      {"longitude", [](const LabelledTransaction& of) { return of.longitude; }},
      {"having a place", [](const LabelledTransaction& of) { return of.latitude ? 1.0 : 0.0; }},
      {"hour of the day", [](const LabelledTransaction& of) { return hour_of_day(of.time); }},
  };
  std::string lines;
  double best = 0;
  for (const Field& field : fields) {
    const Threshold threshold = best_threshold(findings, field, frauds);
    lines += line_of(field, threshold);
    best = std::max(best, threshold.f1);
  }
  return lines + text("best threshold on one field alone: F1 %.3f\n", best);
}

/// What each analyzer would be worth without the others.
std::string lines_of_analyzers(const Findings& findings, std::int64_t frauds) {
  std::unordered_map<std::string, JoinedScores> scores;
  for (const Verdict& verdict : findings.verdicts) scores[verdict.transaction] = verdict.scores;
  const std::pair<const char*, double JoinedScores::*> analyzers[] = {
      {"score of average ticket", &JoinedScores::ticket},
      {"score of proximity", &JoinedScores::proximity},
      {"score of count per window", &JoinedScores::count}};
  std::string lines;
  for (const auto& [name, score] : analyzers) {
    const Field field{name, [&, member = score](const LabelledTransaction& of) -> std::optional<double> {
                        const auto found = scores.find(of.id);
                        return found != scores.end() ? found->second.*member : 0;
                      }};
    lines += line_of(field, best_threshold(findings, field, frauds));
  }
  return lines;
}

}  // namespace

std::string report_of(const Findings& findings) {
  std::unordered_set<std::string> alerted;
  for (const Alert& alert : findings.alerts) alerted.insert(alert.transaction);
  const Hits hits = hits_of(findings, alerted);
  return text("transactions %zu, fraudulent %lld; alerts %lld, true %lld\n", findings.transactions.size(),
              static_cast<long long>(hits.frauds), static_cast<long long>(hits.alerts),
              static_cast<long long>(hits.true_alerts)) +
         lines_of_kinds(findings, alerted) + line_of_delays(findings.alerts) +
         text("precision %.3f, recall %.3f, F1 %.3f\n", hits.precision(), hits.recall(), hits.f1()) +
         lines_of_analyzers(findings, hits.frauds) + lines_of_fields(findings, hits.frauds);
}

}  // namespace fraud
