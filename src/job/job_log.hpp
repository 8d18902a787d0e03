// The last things a job has said about itself, with the time.
// Thread rule: any thread.
#pragma once

#include <cstdint>
#include <deque>
#include <streamwork/time.hpp>
#include <string>
#include <vector>

#include "runtime/monitor.hpp"

namespace streamwork::job {

enum class LogLevel : std::uint8_t { info, warning, error };

struct LogLine {
  std::uint64_t sequence = 0;  ///< counted from 1
  ProcessingTime time{};
  LogLevel level = LogLevel::info;
  std::string text{};
};

class JobLog {
 public:
  /// Lines that are kept: more than a person reads, and at most some 100 KiB.
  static constexpr std::size_t limit = 1000;

  void add(ProcessingTime now, LogLevel level, const std::string& text) {
    const auto lock = monitor_.lock();
    lines_.push_back({++last_, now, level, text});
    if (lines_.size() > limit) lines_.pop_front();
  }
  /// Those behind `sequence`.
  std::vector<LogLine> lines_after(std::uint64_t sequence) const {
    const auto lock = monitor_.lock();
    std::vector<LogLine> lines;
    for (const LogLine& line : lines_) {
      if (line.sequence > sequence) lines.push_back(line);
    }
    return lines;
  }

 private:
  mutable runtime::Monitor monitor_;
  std::deque<LogLine> lines_;
  std::uint64_t last_ = 0;
};

}  // namespace streamwork::job
