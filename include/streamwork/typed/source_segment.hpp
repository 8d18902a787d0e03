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

  void open(const VertexInstance& vertex, TaskContext& task) {
    context_.emplace(vertex, task);
    if constexpr (Source::split_order == SplitOrder::side_by_side) {
      const auto step = static_cast<std::size_t>(vertex.parallelism);
      for (auto i = static_cast<std::size_t>(vertex.instance); i < list_->splits.size(); i += step) open_split(i);
    }
  }

  /// Reads on: from the split at hand, or from each in turn.
  template <class Push>
  ReadStatus read(Push&& push, std::size_t limit) {
    if constexpr (Source::split_order == SplitOrder::one_after_another) {
      if (readers_.empty()) {
        const std::size_t next = list_->next.fetch_add(1, std::memory_order_relaxed);
        if (next >= list_->splits.size()) return ReadStatus::ended;
        open_split(next);
      }
    }
    // Every reader that waits is asked once; the first that has something is read.
    for (std::size_t asked = 0; asked < readers_.size();) {
      turn_ = turn_ < readers_.size() ? turn_ : 0;
      const ReadStatus status = readers_[turn_]->read(push, limit);
      if (status == ReadStatus::ended) {
        readers_.erase(readers_.begin() + static_cast<std::ptrdiff_t>(turn_));
        return more_splits() ? ReadStatus::more : ReadStatus::ended;
      }
      ++turn_;
      if (status == ReadStatus::more) return ReadStatus::more;
      ++asked;
    }
    return readers_.empty() ? ReadStatus::ended : ReadStatus::waiting;
  }

  void close() { readers_.clear(); }

 private:
  void open_split(std::size_t i) {
    readers_.push_back(std::make_unique<Reader>(list_->source.open(list_->splits[i], *context_)));
  }
  bool more_splits() const {
    return !readers_.empty() || (Source::split_order == SplitOrder::one_after_another &&
                                 list_->next.load(std::memory_order_relaxed) < list_->splits.size());
  }

  std::shared_ptr<SplitList<Source>> list_;
  std::optional<SourceContext> context_;
  std::vector<std::unique_ptr<Reader>> readers_;
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
    guarded([&] { readers_.open(vertex(), task); });
  }

  bool advance() override {
    if (!handing_on_) {
      if (!loop_.make_room(*task_)) return false;
      read();
      handing_on_ = true;
    }
    if (!loop_.make_room(*task_) || !loop_.flush(*task_)) return false;
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
  const VertexInstance& vertex() const { return loop_.vertices().front(); }

  void read() {
    std::uint64_t events = 0;
    guarded([&] {
      loop_.run([&](auto& sender) {
        std::uint64_t count = 0;  // a local: it stays in a register
        auto push = [&]<class Event>(Event&& event) {
          ++count;
          return sender.push(std::forward<Event>(event));
        };
        status_ = readers_.read(push, chunk_.events());
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
