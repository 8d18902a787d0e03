#include "checkpoint/checkpoint_history.hpp"

#include <algorithm>

namespace streamwork::checkpoint {

void CheckpointHistory::begin_run() {
  const auto lock = monitor_.lock();
  ++runs_;
  for (Entry& entry : entries_) {
    if (entry.under_way()) entry.record.status = CheckpointRecord::Status::failed;
  }
}

std::uint64_t CheckpointHistory::runs() const {
  const auto lock = monitor_.lock();
  return runs_;
}

void CheckpointHistory::begin(Kind kind, ProcessingTime now, SteadyTime steady_now) {
  const auto lock = monitor_.lock();
  entries_.push_back({{0, kind, CheckpointRecord::Status::under_way, runs_, now}, steady_now});
  if (entries_.size() > limit) entries_.pop_front();
}

void CheckpointHistory::number(std::uint64_t number) {
  const auto lock = monitor_.lock();
  if (!entries_.empty()) entries_.back().record.number = number;
}

/// REQUIRES: the lock is held. Only what is under way is found.
CheckpointHistory::Entry* CheckpointHistory::find(std::uint64_t number) {
  const auto found = std::ranges::find_if(
      entries_, [&](const Entry& entry) { return entry.under_way() && entry.record.number == number; });
  return found == entries_.end() ? nullptr : &*found;
}

TaskRecord& CheckpointHistory::task_of(Entry& entry, int chain, std::int64_t instance, SteadyTime now) {
  std::vector<TaskRecord>& tasks = entry.record.tasks;
  const auto found = std::ranges::find_if(
      tasks, [&](const TaskRecord& task) { return task.chain == chain && task.instance == instance; });
  return found != tasks.end() ? *found : tasks.emplace_back(TaskRecord{chain, instance, now - entry.begun});
}

void CheckpointHistory::set(std::uint64_t number, int chain, std::int64_t instance, Stretch stretch, SteadyTime now) {
  const auto lock = monitor_.lock();
  if (Entry* entry = find(number)) task_of(*entry, chain, instance, now).*stretch = now - entry->begun;
}

void CheckpointHistory::met(std::uint64_t number, int chain, std::int64_t instance, SteadyTime now) {
  const auto lock = monitor_.lock();
  if (Entry* entry = find(number)) task_of(*entry, chain, instance, now);
}

void CheckpointHistory::aligned(std::uint64_t number, int chain, std::int64_t instance, SteadyTime now) {
  set(number, chain, instance, &TaskRecord::aligned, now);
}

void CheckpointHistory::passed(std::uint64_t number, int chain, std::int64_t instance, SteadyTime now) {
  set(number, chain, instance, &TaskRecord::passed, now);
}

void CheckpointHistory::written(std::uint64_t number, int chain, std::int64_t instance, std::uint64_t bytes,
                                SteadyTime now) {
  const auto lock = monitor_.lock();
  Entry* const entry = find(number);
  if (entry == nullptr) return;
  TaskRecord& task = task_of(*entry, chain, instance, now);
  task.written = now - entry->begun;
  task.bytes = bytes;
}

void CheckpointHistory::end(std::uint64_t number, const std::string& failure, SteadyTime now) {
  const auto lock = monitor_.lock();
  Entry* const entry = find(number);
  if (entry == nullptr) return;
  entry->record.status = failure.empty() ? CheckpointRecord::Status::complete : CheckpointRecord::Status::failed;
  entry->record.failure = failure;
  entry->record.duration = now - entry->begun;
}

std::vector<CheckpointRecord> CheckpointHistory::records(SteadyTime now) const {
  const auto lock = monitor_.lock();
  std::vector<CheckpointRecord> records;
  records.reserve(entries_.size());
  for (const Entry& entry : entries_) {
    records.push_back(entry.record);
    if (entry.under_way()) records.back().duration = now - entry.begun;
  }
  return records;
}

}  // namespace streamwork::checkpoint
