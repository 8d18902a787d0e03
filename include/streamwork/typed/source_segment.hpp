// A segment that begins with a source: the reader's loop, the stages and the ending are one loop.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <streamwork/source.hpp>
#include <streamwork/typed/fused_loop.hpp>
#include <utility>
#include <vector>

namespace streamwork::typed {

/// The splits of one start of a source, shared by its instances.
template <class Source>
struct SplitList {
  SplitList(const Source& description, std::vector<typename Source::Split> all)
      : source(description), splits(std::move(all)) {}
  const Source source;
  const std::vector<typename Source::Split> splits;
  std::atomic<std::size_t> next{0};  ///< for splits that are read one after another
};

/// The splits one instance reads.
template <class Source>
class SplitReaders {
  using Split = typename Source::Split;
  using Reader =
      decltype(std::declval<const Source&>().open(std::declval<const Split&>(), std::declval<SourceContext&>()));

 public:
  explicit SplitReaders(std::shared_ptr<SplitList<Source>> list) : list_(std::move(list)) {}

  // `time`, where it is asked for, hears about the splits: `add() -> number`, `select(number)`, `wait`, `declare_idle`
  // and `end`.

  template <class SplitTime>
  void open(const VertexInstance& vertex, TaskContext& task, SplitTime&& time) {
    context_.emplace(vertex, task);
    if constexpr (Source::split_order == SplitOrder::side_by_side) {
      const auto step = static_cast<std::size_t>(vertex.parallelism);
      for (auto i = static_cast<std::size_t>(vertex.instance); i < list_->splits.size(); i += step) open_split(i, time);
    }
  }

  /// Reads on: from the split at hand, or from each in turn.
  /// `room` tells whether there is room for another event.
  template <class Push, class SplitTime>
  ReadStatus read(Push&& push, std::size_t limit, SplitTime&& time, const bool& room) {
    if constexpr (Source::split_order == SplitOrder::one_after_another) {
      if (readers_.empty()) {
        const std::size_t next = list_->next.fetch_add(1, std::memory_order_relaxed);
        if (next >= list_->splits.size()) return ReadStatus::ended;
        open_split(next, time);
      }
    }
    // Every reader that waits is asked once; the first that has something is read.
    for (std::size_t asked = 0; asked < readers_.size();) {
      turn_ = turn_ < readers_.size() ? turn_ : 0;
      const std::size_t split = readers_[turn_].number;
      time.select(split);
      switch (readers_[turn_].reader->read(push, limit)) {
        case ReadStatus::ended:
          time.end(split);
          readers_.erase(readers_.begin() + static_cast<std::ptrdiff_t>(turn_));
          return more_splits() ? ReadStatus::more : ReadStatus::ended;
        case ReadStatus::more:
          ++turn_;
          return ReadStatus::more;
        case ReadStatus::waiting:
          time.wait(split);
          break;
        case ReadStatus::idle:
          time.declare_idle(split);
          break;
      }
      ++turn_;
      ++asked;
      if (!room) return ReadStatus::more;
    }
    return readers_.empty() ? ReadStatus::ended : ReadStatus::waiting;
  }

  void close() { readers_.clear(); }

 private:
  struct OpenSplit {
    std::unique_ptr<Reader> reader;
    std::size_t number;
  };

  template <class SplitTime>
  void open_split(std::size_t i, SplitTime& time) {
    auto reader = std::make_unique<Reader>(list_->source.open(list_->splits[i], *context_));
    readers_.push_back({std::move(reader), time.add()});
  }
  bool more_splits() const {
    return !readers_.empty() || (Source::split_order == SplitOrder::one_after_another &&
                                 list_->next.load(std::memory_order_relaxed) < list_->splits.size());
  }

  std::shared_ptr<SplitList<Source>> list_;
  std::optional<SourceContext> context_;
  std::vector<OpenSplit> readers_;
  std::size_t turn_ = 0;
};

template <class Source, class Stages, class Ending>
class FusedSourceSegment final : public SourceSegment {
 public:
  template <class... LoopArguments>
  FusedSourceSegment(std::shared_ptr<SplitList<Source>> splits, bool blocking, LoopArguments&&... loop)
      : readers_(std::move(splits)), loop_(std::forward<LoopArguments>(loop)...), chunk_(blocking) {}

  FusedLoop<Stages, Ending>& loop() { return loop_; }
  ReadStatus status() const override { return status_; }

  void open(TaskContext& task) override {
    task_ = &task;
    loop_.open(task);
    loop_.tell(
        [&](auto& sender) { guarded([&] { readers_.open(vertex(), task, SplitTimes<decltype(sender)>{sender}); }); });
  }

  bool advance() override {
    if (!handing_on_) {
      if (!make_room()) return false;
      read();
      handing_on_ = true;
    }
    if (!make_room() || !loop_.flush(*task_)) return false;
    handing_on_ = false;
    return true;
  }

  bool settle() override { return loop_.settle(*task_); }
  bool finish() override { return loop_.make_room(*task_) && loop_.finish(*task_); }
  void close() override {
    readers_.close();
    loop_.close();
  }

 private:
  /// Passes on what becomes of the splits to the stages that give events their times, if there are any.
  template <class Sender>
  struct SplitTimes {
    Sender& sender;

    std::size_t add() const {
      std::size_t number = 0;
      sender.tell_time_stages([&](auto& stage) { number = stage.add_split(); });
      return number;
    }
    void select(std::size_t split) const {
      sender.tell_time_stages([&](auto& stage) { stage.select(split); });
    }
    void wait(std::size_t split) const {
      sender.tell_time_stages([&](auto& stage) { stage.wait(split); });
    }
    void declare_idle(std::size_t split) const {
      sender.tell_time_stages([&](auto& stage) { stage.declare_idle(split); });
    }
    void end(std::size_t split) const {
      sender.tell_time_stages([&](auto& stage) { stage.end(split); });
    }
  };

  bool make_room() {
    if (loop_.make_room(*task_)) return true;
    loop_.stop_idle_clock();
    return false;
  }
  const VertexInstance& vertex() const { return loop_.vertices().front(); }

  void read() {
    std::uint64_t events = 0;
    guarded([&] {
      loop_.run([&](auto& sender) {
        std::uint64_t count = 0;  // a local: it stays in a register
        bool room = true;
        auto push = [&]<class Event>(Event&& event) {
          ++count;
          room = sender.push(std::forward<Event>(event));
          return room;
        };
        status_ = readers_.read(push, chunk_.events(), SplitTimes<decltype(sender)>{sender}, room);
        events = count;
        return true;
      });
    });
    vertex().counters->events_out.add(events);
    loop_.publish(events);
    chunk_.adapt(task_->time_is_up());
  }

  /// What a source throws names its vertex; what a stage throws already does.
  template <class Call>
  void guarded(Call&& call) {
    try {
      call();
    } catch (...) {
      rethrow_for(vertex());
    }
  }

  SplitReaders<Source> readers_;
  FusedLoop<Stages, Ending> loop_;
  ChunkSize chunk_;
  TaskContext* task_ = nullptr;
  ReadStatus status_ = ReadStatus::more;
  bool handing_on_ = false;
};

}  // namespace streamwork::typed
