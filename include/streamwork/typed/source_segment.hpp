// A segment that begins with a source: the reader's loop, the stages and the ending are one loop.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <streamwork/source.hpp>
#include <streamwork/typed/fused_loop.hpp>
#include <streamwork/typed/split_readers.hpp>
#include <utility>

namespace streamwork::typed {

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
    guarded([&] { readers_.open(vertex(), task, SplitTimes{loop_}); });
  }

  bool advance() override {
    if (!handing_on_) {
      if (!make_room()) return false;
      read();
      handing_on_ = true;
    }
    if (!make_room() || !loop_.flush(*task_)) return false;
    guarded([&] { readers_.handed_on(); });
    handing_on_ = false;
    return true;
  }

  bool settle() override { return loop_.settle(*task_); }
  bool cut(const Barrier& barrier) override {
    if (!make_room()) return false;
    if (!cutting_) guarded([&] { readers_.save(*task_, vertex(), barrier); });
    cutting_ = !loop_.cut(*task_, barrier);
    return !cutting_;
  }
  void mark_latency(const LatencyMark& mark) override {
    if (make_room()) loop_.mark_latency(mark, *task_);
  }
  void completed(std::uint64_t checkpoint) override {
    guarded([&] { readers_.completed(checkpoint); });
  }
  bool finish() override { return loop_.make_room(*task_) && loop_.finish(*task_); }
  void close() override {
    readers_.close();
    loop_.close();
  }

 private:
  /// Passes on what becomes of the splits to the stages that give events their times, if there are any.
  struct SplitTimes {
    FusedLoop<Stages, Ending>& loop;

    std::size_t add(std::size_t place) const {
      std::size_t number = 0;
      loop.tell_time_stages([&](auto& stage) { number = stage.add_split(place); });
      return number;
    }
    void restore(std::size_t split, std::uint64_t saved_number) const {
      loop.tell_time_stages([&](auto& stage) { stage.restore_split(split, saved_number); });
    }
    void select(std::size_t split) const {
      loop.tell_time_stages([&](auto& stage) { stage.select(split); });
    }
    void wait(std::size_t split) const {
      loop.tell_time_stages([&](auto& stage) { stage.wait(split); });
    }
    void declare_idle(std::size_t split) const {
      loop.tell_time_stages([&](auto& stage) { stage.declare_idle(split); });
    }
    void end(std::size_t split) const {
      loop.tell_time_stages([&](auto& stage) { stage.end(split); });
    }
  };

  bool make_room() {
    if (loop_.make_room(*task_)) return true;
    loop_.stop_idle_clock();
    return false;
  }
  const VertexInstance& vertex() const { return loop_.vertices().front(); }

  void read() {
    if (loop_.too_far_ahead()) {
      status_ = ReadStatus::waiting;
      loop_.stop_idle_clock();
      task_->wake_at(task_->clock().steady_now() + lead_pause);
      return;
    }
    const std::size_t limit = readers_.claim(chunk_.events(), *task_);
    if (limit == 0) {
      status_ = ReadStatus::waiting;
      return;
    }
    std::uint64_t events = 0;
    guarded([&] {
      status_ =
          readers_.read([&](auto& reader) { return read_from(reader, limit - events, events); }, SplitTimes{loop_});
      if (readers_.ask_for_more(*task_)) loop_.stop_idle_clock();
    });
    readers_.give_back(limit - events);
    vertex().counters->events_out.add(events);
    loop_.publish(events);
    chunk_.adapt(task_->time_is_up());
  }
  /// Reads at most `limit` events, and adds to `events` how many there were. Returns whether there is room for another, too.
  template <class Reader>
  std::pair<ReadStatus, bool> read_from(Reader& reader, std::size_t limit, std::uint64_t& events) {
    return loop_.run([&](auto& sender) {
      std::uint64_t count = 0;  // a local: it stays in a register
      bool room = true;
      const ReadStatus status = reader.read(
          [&]<class Event>(Event&& event) {
            ++count;
            room = sender.push(std::forward<Event>(event));
            return room;
          },
          limit);
      events += count;
      return std::pair(status, room);
    });
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

  /// How soon a source that is too far ahead looks again whether others have come further.
  static constexpr std::chrono::milliseconds lead_pause{2};

  SplitReaders<Source> readers_;
  FusedLoop<Stages, Ending> loop_;
  ChunkSize chunk_;
  TaskContext* task_ = nullptr;
  ReadStatus status_ = ReadStatus::more;
  bool handing_on_ = false;
  bool cutting_ = false;
};

}  // namespace streamwork::typed
