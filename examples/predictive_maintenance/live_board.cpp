#include "live_board.hpp"

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

/// The plant's time of day: "07:15".
std::string clock_text(sw::EventTime time) {
  const auto since = std::chrono::floor<std::chrono::minutes>(time.time_since_epoch());
  const auto minute = (since - std::chrono::floor<std::chrono::days>(since)).count();
  return text("        %02d:%02d  ", static_cast<int>(minute / 60), static_cast<int>(minute % 60));
}

void print(const std::string& line) { std::fputs((line + "\n").c_str(), stderr); }

}  // namespace

std::string text_of(const LogEntry& entry) {
  const std::string begin = clock_text(entry.time);
  const char* const machine = entry.machine.c_str();
  switch (entry.event) {
    case Event::alert:
      return begin + text("ALERT    %s shakes %.0f %% more than normal and is %.1f degrees warmer", machine,
                          entry.vibration_percent, entry.degrees);
    case Event::failure:
      if (!entry.minutes_ahead) return begin + text("FAILURE  %s stands still, and nobody saw it coming", machine);
      return begin + text("failure  %s stands still, as foreseen %.0f minutes ago", machine, *entry.minutes_ahead);
    case Event::false_alarm:
      break;
  }
  return begin + text("         %s goes on running: that was a false alarm", machine);
}

std::string text_of(const MostWorn& worn) {
  std::string line = clock_text(worn.time) + "most worn";
  for (const WearLevel& machine : worn.machines)
    line += text("  %s %.0f %%", machine.name.c_str(), 100 * machine.level);
  return line;
}

void LiveBoard::write(const BoardLine& line) {
  used_ = true;
  if (const LogEntry* entry = std::get_if<LogEntry>(&line)) count(*entry);
  print(std::visit([](const auto& either) { return text_of(either); }, line));
}

void LiveBoard::count(const LogEntry& entry) {
  if (entry.event == Event::false_alarm) ++false_alarms_;
  if (entry.event != Event::failure) return;
  ++failures_;
  if (entry.minutes_ahead) minutes_ahead_.push_back(*entry.minutes_ahead);
}

void LiveBoard::close() {
  if (!used_) return;
  std::ranges::sort(minutes_ahead_);
  const std::string ahead = minutes_ahead_.empty()
                                ? ""
                                : text(", %.0f minutes ahead in the middle", minutes_ahead_[minutes_ahead_.size() / 2]);
  print(text("failures %lld, foreseen %zu", static_cast<long long>(failures_), minutes_ahead_.size()) + ahead +
        text("; false alarms %lld", static_cast<long long>(false_alarms_)));
}

}  // namespace maintenance
