// What became of the last checkpoints, and where the time of each went: kept beyond the runs of a job, for people.
// Thread rule: any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <streamwork/clock.hpp>
#include <streamwork/time.hpp>
#include <string>
#include <vector>

#include "checkpoint/names.hpp"
#include "runtime/monitor.hpp"

namespace streamwork::checkpoint {

/// One task's part. Stretches follow each other from the beginning of the checkpoint; nothing: it has not come that far.
struct TaskRecord {
  int chain = 0;
  std::int64_t instance = 0;
  std::chrono::nanoseconds met{};  ///< until the first input brought the barrier
  std::optional<std::chrono::nanoseconds> aligned{};
  std::optional<std::chrono::nanoseconds> passed{};
  std::optional<std::chrono::nanoseconds> written{};
  std::uint64_t bytes = 0;
};

struct CheckpointRecord {
  enum class Status : std::uint8_t { under_way, complete, failed };

  std::uint64_t number = 0;  ///< 0: it has none
  Kind kind = Kind::checkpoint;
  Status status = Status::under_way;
  std::uint64_t run = 0;  ///< which run of the job has taken it, counted from 1
  ProcessingTime begun{};
  std::chrono::nanoseconds duration{};  ///< up to now, if it is under way
  std::string failure{};
  std::vector<TaskRecord> tasks{};
};

class CheckpointHistory {
 public:
  /// As many as are kept.
  static constexpr std::size_t limit = 60;

  /// What an earlier run had under way has failed with it.
  void begin_run();
  std::uint64_t runs() const;
  void begin(Kind kind, ProcessingTime now, SteadyTime steady_now);
  /// The number of the checkpoint begun last.
  void number(std::uint64_t number);
  /// What a task tells about the checkpoint of this number; nothing changes if that is not under way.
  void met(std::uint64_t number, int chain, std::int64_t instance, SteadyTime now);
  void aligned(std::uint64_t number, int chain, std::int64_t instance, SteadyTime now);
  void passed(std::uint64_t number, int chain, std::int64_t instance, SteadyTime now);
  void written(std::uint64_t number, int chain, std::int64_t instance, std::uint64_t bytes, SteadyTime now);
  /// `number`: 0 for the one that has none yet. `failure`: empty if it is complete.
  void end(std::uint64_t number, const std::string& failure, SteadyTime now);

  /// Those under way included, oldest first.
  std::vector<CheckpointRecord> records(SteadyTime now) const;

 private:
  using Stretch = std::optional<std::chrono::nanoseconds> TaskRecord::*;

  struct Entry {
    CheckpointRecord record;
    SteadyTime begun;
    bool under_way() const { return record.status == CheckpointRecord::Status::under_way; }
  };

  Entry* find(std::uint64_t number);
  static TaskRecord& task_of(Entry& entry, int chain, std::int64_t instance, SteadyTime now);
  void set(std::uint64_t number, int chain, std::int64_t instance, Stretch stretch, SteadyTime now);

  mutable runtime::Monitor monitor_;
  std::uint64_t runs_ = 0;
  std::deque<Entry> entries_;
};

}  // namespace streamwork::checkpoint
