// How far event time has come at a task, and who holds it back: told to any thread while it runs.
#include "runtime/task.hpp"

namespace streamwork::runtime {

const Task* Task::held_back_by() const {
  const Entry* slowest = nullptr;
  for (const auto& entry : entries_) {
    const bool holds = entry->holder.load(std::memory_order_relaxed) >= 0;
    if (holds && (slowest == nullptr || entry->watermark.value() < slowest->watermark.value())) slowest = entry.get();
  }
  if (slowest == nullptr) return nullptr;
  const int holder = slowest->holder.load(std::memory_order_relaxed);
  for (const Input& input : inputs_) {
    if (entries_[input.entry].get() == slowest && static_cast<int>(input.number) == holder)
      return &input.channel->producer();
  }
  return nullptr;
}

EventTime Task::watermark_of(int exchange) const {
  for (const auto& entry : entries_) {
    if (entry->exchange == exchange) return entry->watermark.value();
  }
  return typed::beginning_of_time;
}

}  // namespace streamwork::runtime
