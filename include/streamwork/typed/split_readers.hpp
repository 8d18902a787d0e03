// The splits one instance of a source reads: opened, read in turn, saved at barriers.
//
// In a job that is to be at most once, they are read only as far as a complete checkpoint says that they have been. At a
// barrier the instance reserves the next stretch: the checkpoint has its end, and when it is complete, reading goes on up to
// there. So what was given out is never read again, and what a crash finds reserved and not read is lost.
// Thread rule: one task.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <ranges>
#include <streamwork/source.hpp>
#include <streamwork/typed/receipts.hpp>
#include <streamwork/typed/split_list.hpp>
#include <streamwork/typed/stretch_length.hpp>
#include <utility>
#include <vector>

namespace streamwork::typed {

template <class Source>
class SplitReaders {
  using Split = typename Source::Split;
  using Reader = ReaderOf<Source>;
  static constexpr bool in_turn = Source::split_order == SplitOrder::one_after_another;

 public:
  explicit SplitReaders(std::shared_ptr<SplitList<Source>> list) : list_(std::move(list)) {}

  // `time`, where it is asked for, hears about the splits: `add(number in the list) -> number`, `restore(number, number in
  // the checkpoint)`, `select(number)`, `wait`, `declare_idle` and `end`.

  template <class SplitTime>
  void open(const VertexInstance& vertex, TaskContext& task, SplitTime&& time) {
    context_.emplace(vertex, task, list_->acknowledge == AcknowledgeWhen::first);
    if constexpr (!in_turn) {
      const auto step = static_cast<std::size_t>(vertex.parallelism);
      for (auto i = static_cast<std::size_t>(vertex.instance); i < list_->splits.size(); i += step) {
        open_split(i);
        add(readers_.back(), time);
      }
      // Not before all are known: the first one would take event time on, and those behind it would bring late events.
      for (OpenSplit& open : readers_) restore(open, time);
    }
  }

  /// Reads on: from the split at hand, or from each in turn. `read_from(reader)` tells what the reader does and whether
  /// there is room for another event.
  template <class ReadFrom, class SplitTime>
  ReadStatus read(ReadFrom&& read_from, SplitTime&& time) {
    if (in_turn && readers_.empty() && !list_->reserves && !take_split()) return ReadStatus::ended;
    // Every reader that waits is asked once; the first that has something is read.
    const std::size_t readable = in_turn ? std::min<std::size_t>(1, readers_.size()) : readers_.size();
    for (std::size_t asked = 0; asked < readable; ++asked, ++turn_) {
      turn_ = turn_ < readable ? turn_ : 0;
      OpenSplit& open = readers_[turn_];
      begin(open, time);
      if (at_reserved_end(open)) {
        held_up_ = true;
        continue;
      }
      time.select(*open.number);
      const std::uint64_t place = place_of(open);
      const auto [status, room] = read_from(*open.reader);
      units_read_ += place_of(open) - place;
      switch (status) {
        case ReadStatus::ended:
          time.end(*open.number);
          ended_.push_back(open.place);
          receipts_.reader_ended(std::move(open.reader));
          readers_.erase(readers_.begin() + static_cast<std::ptrdiff_t>(turn_));
          return more_splits() ? ReadStatus::more : ReadStatus::ended;
        case ReadStatus::more:
          ++turn_;
          return ReadStatus::more;
        case ReadStatus::waiting:
          time.wait(*open.number);
          break;
        case ReadStatus::idle:
          time.declare_idle(*open.number);
          break;
      }
      if (!room) {
        ++turn_;
        return ReadStatus::more;
      }
    }
    if (!more_splits()) return ReadStatus::ended;
    held_up_ = held_up_ || readable == 0;
    return ReadStatus::waiting;
  }

  /// How many of `limit` events are due by now. 0: none, and the task will be woken.
  std::size_t claim(std::size_t limit, TaskContext& task) {
    if (!list_->pace) return limit;
    const SteadyTime now = task.clock().steady_now();
    list_->pace->begin(now);
    std::uint64_t read = list_->paced.load(std::memory_order_relaxed);
    while (true) {
      const std::uint64_t due = list_->pace->events_due(now);
      if (due <= read) {
        task.wake_at(list_->pace->due(read));
        return 0;
      }
      const std::uint64_t claimed = std::min<std::uint64_t>(limit, due - read);
      if (list_->paced.compare_exchange_weak(read, read + claimed, std::memory_order_relaxed)) return claimed;
    }
  }
  /// Events that were claimed and not read.
  void give_back(std::size_t events) {
    if (list_->pace) list_->paced.fetch_sub(events, std::memory_order_relaxed);
  }

  /// Asks for a checkpoint if what is reserved has been read. Returns whether a split is held up by that.
  bool ask_for_more(TaskContext& task) {
    if (!std::exchange(held_up_, false)) return false;
    length_.ran_dry();
    if (reserving_ == 0) task.request_checkpoint();
    return true;
  }

  /// What was read last has been handed on.
  void handed_on() {
    if (list_->acknowledge == AcknowledgeWhen::handed_on) {
      receipts_.collect(0, readers());
      receipts_.completed(0);
    }
  }

  /// Saves what is left of the splits.
  void save(TaskContext& task, const VertexInstance& vertex, const Barrier& barrier) {
    SnapshotTarget& target = task.snapshot();
    if constexpr (ReplayableSource<Source>) {
      using Position = typename Source::Position;
      // Behind the last barrier nothing is read: what is reserved and was not read is not lost.
      if (list_->reserves && !barrier.last) reserve(task, barrier.checkpoint);
      if (vertex.instance == 0) {
        const auto whole = [&](const Split& split) { return list_->source.position(split); };
        save_entries<Position>(target, vertex, section::split_list, list_->splits | std::views::transform(whole));
      }
      const auto saved_whole = [&](const OpenSplit& open) {
        return list_->reserves && !barrier.last && reserved_whole(open);
      };
      std::vector<std::uint64_t> ended = ended_;
      std::vector<SavedSplit<Position>> rests;
      for (const OpenSplit& open : readers_) {
        if (saved_whole(open)) {
          ended.push_back(open.place);
        } else {
          rests.push_back({open.place, rest_of(open, barrier)});
        }
      }
      save_entries<SavedSplit<Position>>(target, vertex, section::splits, rests);
      save_numbers(target, vertex, section::ended_splits, ended);
    }
    if (list_->acknowledge == AcknowledgeWhen::covered) {
      receipts_.collect(barrier.checkpoint, readers());
      receipts_.save(target, vertex);
    }
  }

  /// Reads on up to what the checkpoint has reserved; acknowledges what it covers.
  void completed(std::uint64_t checkpoint) {
    if constexpr (ReservableSource<Source>) {
      if (reserving_ != 0 && checkpoint >= reserving_) {
        for (OpenSplit& open : readers_) {
          open.granted = reserved_whole(open) ? no_end : open.reserved;
          open.reader->stop_at(open.granted);
        }
        reserving_ = 0;
      }
    }
    receipts_.completed(checkpoint);
  }

  void close() {
    readers_.clear();
    receipts_.clear();
  }

 private:
  struct OpenSplit {
    std::shared_ptr<Reader> reader;
    std::uint64_t place;                     ///< in the list
    std::optional<std::size_t> number = {};  ///< by which `time` knows it
    // If positions are reserved: up to where it may be read, and up to where the newest barrier has reserved it.
    std::uint64_t granted = 0;
    std::uint64_t reserved = 0;
  };
  static constexpr std::uint64_t no_end = std::numeric_limits<std::uint64_t>::max();
  /// Splits that are open ahead of being read: each has a buffer.
  static constexpr std::size_t most_open = 64;

  auto readers() const {
    return readers_ | std::views::transform([](const OpenSplit& open) { return open.reader; });
  }

  void open_split(std::size_t i) {
    auto reader = std::make_shared<Reader>(list_->source.open(list_->splits[i], *context_));
    if constexpr (RecognisingSource<Source>) {
      if (!list_->covered.empty()) reader->covered(list_->covered);
    }
    OpenSplit& open = readers_.emplace_back(OpenSplit{std::move(reader), i});
    if (list_->reserves) open.granted = open.reserved = place_of(open);
  }
  bool take_split() {
    const std::size_t next = list_->next.fetch_add(1, std::memory_order_relaxed);
    if (next >= list_->splits.size()) return false;
    open_split(next);
    return true;
  }
  /// An unread split does not hold event time back, so that it is told of one only now.
  template <class SplitTime>
  void begin(OpenSplit& open, SplitTime& time) {
    if (open.number) return;
    add(open, time);
    restore(open, time);
  }
  template <class SplitTime>
  static void add(OpenSplit& open, SplitTime& time) {
    open.number = time.add(open.place);
  }
  template <class SplitTime>
  void restore(const OpenSplit& open, SplitTime& time) {
    if (const auto& saved = list_->saved_numbers[open.place]) time.restore(*open.number, *saved);
  }
  bool more_splits() const {
    return !readers_.empty() || (in_turn && list_->next.load(std::memory_order_relaxed) < list_->splits.size());
  }

  // --- reserving ahead

  std::uint64_t place_of(const OpenSplit& open) const {
    if constexpr (ReservableSource<Source>) {
      if (list_->reserves) return std::as_const(*open.reader).place();
    }
    return 0;
  }
  bool at_reserved_end(const OpenSplit& open) const { return list_->reserves && place_of(open) >= open.granted; }
  /// To its end, wherever that will turn out to be.
  bool reserved_whole(const OpenSplit& open) const {
    if constexpr (ReservableSource<Source>) return open.reserved >= std::as_const(*open.reader).end_place();
    return false;
  }

  void reserve(TaskContext& task, std::uint64_t checkpoint) {
    if constexpr (ReservableSource<Source>) {
      const std::uint64_t length = length_.next(units_read_, task.clock().steady_now(), list_->checkpoint_interval);
      std::uint64_t left = length;
      for (std::size_t i = 0; i < readers_.size() || (in_turn && left > 0 && i < most_open && take_split()); ++i) {
        const std::uint64_t taken = reserve(readers_[i], left);
        if (in_turn) left -= taken;
      }
      reserving_ = checkpoint;
    }
  }
  /// Reserves at most `length` from where the split stands, and takes nothing back. Returns how much it was.
  std::uint64_t reserve(OpenSplit& open, std::uint64_t length) {
    const std::uint64_t place = place_of(open);
    const std::uint64_t end = std::as_const(*open.reader).end_place();
    const std::uint64_t taken = std::min(length, end > place ? end - place : 0);
    open.reserved = std::max(open.reserved, place + taken);
    return taken;
  }
  auto rest_of(const OpenSplit& open, const Barrier& barrier) const {
    const Reader& reader = *open.reader;
    if constexpr (ReservableSource<Source>) {
      if (list_->reserves && !barrier.last) return reader.position_at(open.reserved);
    }
    return reader.position();
  }

  std::shared_ptr<SplitList<Source>> list_;
  std::optional<SourceContext> context_;
  std::vector<OpenSplit> readers_;
  std::vector<std::uint64_t> ended_;  ///< places of the splits that were read to their ends
  std::size_t turn_ = 0;
  Receipts<Source> receipts_;

  StretchLength length_;
  std::uint64_t units_read_ = 0;
  std::uint64_t reserving_ =
      0;                  ///< the checkpoint that must be complete before what `reserved` says is granted; 0: none
  bool held_up_ = false;  ///< a split by what is granted
};

}  // namespace streamwork::typed
