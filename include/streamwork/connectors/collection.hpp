// Events from and to memory: a vector as a source; sinks that collect events, call a function, or throw them away.
//
//   sw::Collected<int> squares;
//   job.source("numbers", sw::from_vector(std::vector{1, 2, 3}))
//      .map("square", [](int i) { return i * i; })
//      .sink("squares", sw::collect(squares));
//   sw::start(job).wait();
//   squares.snapshot();                                    // 1, 4, 9
//
// Thread rule: stated where it is not plain.
#pragma once

#include <algorithm>
#include <atomic>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <memory>
#include <stdexcept>
#include <streamwork/sink.hpp>
#include <streamwork/source.hpp>
#include <streamwork/typed/flag_guard.hpp>
#include <utility>
#include <vector>

namespace streamwork {

// --- from a vector ---------------------------------------------------------------------------------------------------

/// What `from_vector` returns. Copies share the events.
template <std::copy_constructible T>
class VectorSource {
 public:
  using Event = T;
  /// The events from position `begin` to `end`.
  struct Split {
    std::size_t begin;
    std::size_t end;
  };
  using Position = Split;
  static constexpr SplitOrder split_order = SplitOrder::one_after_another;

  explicit VectorSource(std::vector<T> events) : events_(std::make_shared<const std::vector<T>>(std::move(events))) {}

  /// One block per instance, of equal size as far as possible, in the order of the events.
  std::vector<Split> splits(const SplitRequest& request) const {
    const auto parallelism = static_cast<std::size_t>(request.parallelism);
    const std::size_t size = events_->size() / parallelism;
    const std::size_t longer = events_->size() % parallelism;  // so many blocks have one event more
    std::vector<Split> splits;
    for (std::size_t i = 0, begin = 0; i < parallelism; ++i) {
      const std::size_t end = begin + size + (i < longer ? 1 : 0);
      splits.push_back({begin, end});
      begin = end;
    }
    return splits;
  }

  Position position(const Split& split) const { return split; }
  std::vector<Split> splits_at(const SplitRequest&, const std::vector<Position>& positions) const {
    for (const Split& rest : positions) {
      if (rest.begin > rest.end || rest.end > events_->size())
        throw std::runtime_error("the vector has fewer events than when the checkpoint was taken");
    }
    return positions;
  }

  class Reader {
   public:
    Reader(std::shared_ptr<const std::vector<T>> events, const Split& split)
        : events_(std::move(events)), next_(split.begin), end_(split.end) {}

    template <class Push>
    ReadStatus read(Push&& push, std::size_t limit) {
      const std::size_t end = next_ + std::min(limit, std::max(std::min(stop_, end_), next_) - next_);
      bool room = true;
      while (next_ < end && room) room = push(static_cast<const T&>((*events_)[next_++]));
      return next_ < end_ ? ReadStatus::more : ReadStatus::ended;
    }
    Position position() const { return {next_, end_}; }

    std::uint64_t place() const { return next_; }
    std::uint64_t end_place() const { return end_; }
    Position position_at(std::uint64_t place) const { return {place, end_}; }
    void stop_at(std::uint64_t place) { stop_ = place; }

   private:
    std::shared_ptr<const std::vector<T>> events_;
    std::size_t next_;
    std::size_t end_;
    std::size_t stop_ = std::numeric_limits<std::size_t>::max();
  };
  Reader open(const Split& split, SourceContext&) const { return Reader(events_, split); }

 private:
  std::shared_ptr<const std::vector<T>> events_;
};

/// A source of the events of a vector. One instance keeps their order.
template <std::copy_constructible T>
VectorSource<T> from_vector(std::vector<T> events) {
  return VectorSource<T>(std::move(events));
}

// --- collect ---------------------------------------------------------------------------------------------------------

namespace typed {

/// A vector that several instances append to, a piece at a time.
template <class T>
class SharedEvents {
 public:
  /// Moves the events of `piece` to the end; `piece` is empty afterwards.
  void append(std::vector<T>& piece) {
    if (piece.empty()) return;
    const FlagGuard guard(busy_);
    events_.insert(events_.end(), std::make_move_iterator(piece.begin()), std::make_move_iterator(piece.end()));
    piece.clear();
  }
  std::vector<T> copy() const {
    const FlagGuard guard(busy_);
    return events_;
  }
  std::vector<T> take() {
    const FlagGuard guard(busy_);
    return std::exchange(events_, {});
  }
  std::size_t size() const {
    const FlagGuard guard(busy_);
    return events_.size();
  }

 private:
  mutable std::atomic_flag busy_;
  std::vector<T> events_;
};

}  // namespace typed

/// What `collect` fills. Copies refer to the same events, so it may also be gone before the job is.
/// Events of one instance stand in the order in which they came to it. A job that is started again adds to what is
/// there. Thread rule: every function may be called from any thread, also while the job runs.
template <class T>
class Collected {
 public:
  /// What has been collected by now. Whatever reached the sink before it last ran out of input is in it, and everything
  /// once the job has ended.
  std::vector<T> snapshot() const { return events_->copy(); }
  /// As `snapshot`, without a copy: what has been collected is removed.
  std::vector<T> take() { return events_->take(); }
  std::size_t size() const { return events_->size(); }

  // For the engine.
  const std::shared_ptr<typed::SharedEvents<T>>& shared() const { return events_; }

 private:
  std::shared_ptr<typed::SharedEvents<T>> events_ = std::make_shared<typed::SharedEvents<T>>();
};

/// What `collect` returns.
template <class T>
class CollectSink {
 public:
  explicit CollectSink(const Collected<T>& target) : target_(target.shared()) {}

  void write(const T& event) {
    own_.push_back(event);
    if (own_.size() == piece) target_->append(own_);
  }
  bool flush() {
    target_->append(own_);
    return true;
  }
  void close() { target_->append(own_); }

 private:
  static constexpr std::size_t piece = 1024;  // so many events share the cost of one guarded append

  std::vector<T> own_;
  std::shared_ptr<typed::SharedEvents<T>> target_;
};

/// A sink that keeps every event in memory, in `target`.
template <class T>
CollectSink<T> collect(const Collected<T>& target) {
  return CollectSink<T>(target);
}

// --- for_each, discard -----------------------------------------------------------------------------------------------

/// What `for_each` returns.
template <class Function>
class ForEachSink {
 public:
  explicit ForEachSink(Function function) : function_(std::move(function)) {}
  template <class T>
    requires std::invocable<Function&, const T&>
  void write(const T& event) {
    function_(event);
  }

 private:
  Function function_;
};

/// A sink that calls `function(const T&)` for every event. Each instance has its own copy of the function; what the
/// copies share (through a reference or a pointer) the user protects.
template <class Function>
ForEachSink<Function> for_each(Function function) {
  return ForEachSink<Function>(std::move(function));
}

/// A sink that does nothing. The compiler may leave out the making of events that nobody looks at: a benchmark needs a
/// sink that uses them.
class DiscardSink {
 public:
  template <class T>
  void write(const T&) {}
};

inline DiscardSink discard() { return {}; }

}  // namespace streamwork
