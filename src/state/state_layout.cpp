#include <stdexcept>
#include <streamwork/typed/state_layout.hpp>

namespace streamwork::typed {

StateLayout::StateLayout(std::uint32_t begin) : begin_(begin), end_(begin) {}
StateLayout::~StateLayout() = default;

std::uint32_t StateLayout::add_column(const std::string& name, std::unique_ptr<StateColumn> column, std::size_t size,
                                      std::size_t alignment, bool trivial) {
  const std::uint32_t offset = reserve(name, size, alignment);
  trivial_ = trivial_ && trivial;
  columns_.push_back({name, offset, std::move(column)});
  return offset;
}

void StateLayout::make_initial_row() {
  initial_row_.assign(end_, std::byte{0});
  for (const Column& column : columns_) column.type->construct(initial_row_.data() + column.offset);
}

std::uint32_t StateLayout::reserve(const std::string& name, std::size_t size, std::size_t alignment) {
  for (const Column& column : columns_) {
    if (column.name == name) throw std::logic_error("state '" + name + "' is opened twice");
  }
  const std::size_t offset = (end_ + alignment - 1) / alignment * alignment;
  end_ = static_cast<std::uint32_t>(offset + size);
  alignment_ = std::max(alignment_, alignment);
  return static_cast<std::uint32_t>(offset);
}

void StateLayout::require_storable() const {
  for (const Column& column : columns_) {
    if (column.codec == nullptr) {
      throw std::logic_error(
          "state '" + column.name +
          "' is of a type that cannot be stored in a checkpoint: make it of numbers, strings, times, "
          "containers and plain structs of these, or let the class name its fields (stored.hpp)");
    }
  }
}

StateLayout::Timers& StateLayout::use_timers(TimerKind kind) {
  static const std::string names[timer_kinds] = {"(event timers)", "(timers of the right input)",
                                                 "(processing timers)"};
  Timers& timers = this->timers(kind);
  if (!timers.used) {
    timers.offset = add(names[static_cast<std::size_t>(kind)], RowTimers());
    timers.used = true;
  }
  return timers;
}

bool StateLayout::all_aging() const {
  std::size_t aging = 0;
  for_each_aging([&](std::uint32_t, const StateColumn&) { ++aging; });
  for (const Timers& timers : timers_) aging += timers.used ? 1 : 0;
  return aging == columns_.size();
}

void StateLayout::queue_timers(std::byte* row) {
  for (Timers& timers : timers_) {
    if (!timers.used) continue;
    RowTimers& of_row = timers_of(row, timers);
    of_row.for_each([&](std::int64_t time) {
      timers.queue.add(time, row);
      of_row.set_queued(of_row.queued() + 1);
    });
  }
}

bool StateLayout::uses_timers() const { return std::ranges::any_of(timers_, &Timers::used); }

bool StateLayout::has_timers(std::byte* row) const {
  return std::ranges::any_of(timers_,
                             [&](const Timers& timers) { return timers.used && !timers_of(row, timers).empty(); });
}

void StateLayout::reset(std::byte* row) {
  std::array<std::uint32_t, timer_kinds> queued{};
  for (std::size_t i = 0; i < timer_kinds; ++i) {
    if (timers_[i].used) queued[i] = timers_of(row, timers_[i]).queued();
  }
  destroy(row);
  construct(row);
  for (std::size_t i = 0; i < timer_kinds; ++i) {
    if (timers_[i].used) timers_of(row, timers_[i]).set_queued(queued[i]);
  }
}

bool StateLayout::unqueued(std::byte* row) const {
  return std::ranges::none_of(timers_, [&](const Timers& timers) {
    if (!timers.used) return false;
    return timers.queue.by_hash() ? !timers_of(row, timers).empty() : timers_of(row, timers).queued() > 0;
  });
}

void StateLayout::queue_by_hash(TimerQueue::HashOf hash_of) {
  for (Timers& timers : timers_) timers.queue.keep_hashes(hash_of);
}

}  // namespace streamwork::typed
