#include "report.hpp"

#include <algorithm>
#include <cstdarg>
#include <cstdio>

namespace maintenance {

namespace {

__attribute__((format(printf, 1, 2))) std::string text(const char* format, ...) {
  char line[256];
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  return line;
}

FailureBook failures_seen(const Findings& findings, const std::vector<Failure>& failures) {
  sw::EventTime last = sw::EventTime::min();
  for (const Sample& sample : findings.means_of_a_minute) last = std::max(last, sample.end);
  std::vector<Failure> seen;
  std::ranges::copy_if(failures, std::back_inserter(seen), [&](const Failure& failure) { return failure.time < last; });
  return FailureBook(std::move(seen));
}

/// One line for each failure: how many minutes ahead of it the first alert was raised.
std::string lines_of_failures(const FailureBook& book, const std::vector<Alert>& alerts,
                              const std::vector<Machine>& machines) {
  std::string lines;
  std::vector<double> ahead;
  for (const Failure& failure : book.failures()) {
    double best = -1;
    for (const Alert& alert : alerts) {
      if (alert.number != failure.machine || alert.raised < failure.wear_begins) continue;
      if (alert.raised <= failure.time) best = std::max(best, minutes(failure.time - alert.raised));
    }
    if (best >= 0) ahead.push_back(best);
    const std::string& name = machines[static_cast<std::size_t>(failure.machine)].name;
    lines += text("failure of %-15s worn for %5.1f min  ", name.c_str(), minutes(failure.time - failure.wear_begins));
    lines += best < 0 ? "MISSED\n" : text("alert %5.1f min ahead\n", best);
  }
  std::ranges::sort(ahead);
  if (!ahead.empty()) {
    lines += text("minutes ahead: least %.1f, median %.1f, most %.1f\n", ahead.front(), ahead[ahead.size() / 2],
                  ahead.back());
  }
  return lines;
}

struct Field {
  const char* name;
  double Sample::* member;
};
constexpr Field fields[] = {
    {"vibration", &Sample::vibration}, {"temperature", &Sample::temperature}, {"load", &Sample::load}};

void take_better(BestThreshold& best, BestThreshold other, const std::string& field) {
  if (other.f1 <= best.f1) return;
  best = std::move(other);
  best.field = field;
}

std::string lines_of_thresholds(const Findings& findings, const FailureBook& book) {
  const std::pair<const char*, const std::vector<Sample>*> kinds[] = {
      {"mean of a minute", &findings.means_of_a_minute},
      {"greatest of a minute", &findings.greatest_of_a_minute},
      {"mean of ten minutes", &findings.means_of_ten_minutes}};
  std::string lines;
  double best_of_all = 0;
  for (const Field& field : fields) {
    BestThreshold alerts;
    BestThreshold windows;
    for (const auto& [kind, samples] : kinds) {
      for (const bool above : {true, false}) {
        const std::string name = std::string(kind) + (above ? " from " : " up to ");
        take_better(alerts, best_by_alerts(*samples, field.member, above, book), name);
        take_better(windows, best_by_windows(*samples, field.member, above, book), name);
      }
    }
    best_of_all = std::max({best_of_all, alerts.f1, windows.f1});
    lines += text("threshold on %-12s F1 of alerts %.3f (%s%.3g), of windows %.3f (%s%.3g)\n", field.name, alerts.f1,
                  alerts.field.c_str(), alerts.threshold, windows.f1, windows.field.c_str(), windows.threshold);
  }
  return lines + text("best threshold on one field alone: F1 %.3f\n", best_of_all);
}

}  // namespace

std::string report_of(const Findings& findings, const std::vector<Machine>& machines,
                      const std::vector<Failure>& failures) {
  const FailureBook book = failures_seen(findings, failures);
  std::vector<AlertTime> alerts;
  for (const Alert& alert : findings.alerts) alerts.push_back({alert.number, alert.raised});
  const Score score = score_of(alerts, book);
  double worst = 0;
  for (const Incident& incident : findings.incidents) worst = std::max(worst, incident.value.worst_score);
  return lines_of_failures(book, findings.alerts, machines) +
         text("incidents %zu, the worst at %.1f times its limit\n", findings.incidents.size(), worst) +
         text("failures %lld, found %lld; alerts %lld, true %lld\n", static_cast<long long>(score.failures),
              static_cast<long long>(score.found), static_cast<long long>(score.alerts),
              static_cast<long long>(score.true_alerts)) +
         text("precision %.3f, recall %.3f, F1 %.3f\n", score.precision(), score.recall(), score.f1()) +
         lines_of_thresholds(findings, book);
}

}  // namespace maintenance
