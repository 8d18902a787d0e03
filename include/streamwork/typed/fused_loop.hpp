// The loop that the compiler makes of a chain of stateless stages and what ends them.
//
// `Ending` is a `BatchOutput`, an `ExchangeOutput` or a `NoOutput` (behind a sink). The head of the segment (a source
// or a batch) feeds events in; see source_segment.hpp and batch_segment.hpp.
#pragma once

#include <concepts>
#include <memory>
#include <streamwork/typed/segment.hpp>
#include <streamwork/typed/stage_guards.hpp>
#include <streamwork/typed/stage_list.hpp>
#include <type_traits>
#include <utility>
#include <vector>

namespace streamwork::typed {

/// The ending of a segment whose last stage is a sink.
class NoOutput {
 public:
  struct Writer {
    template <class Event>
    bool push(Event&&) {
      return true;
    }
    static void mark(MarkerKind, EventTime) {}
    EventTime time = beginning_of_time;
  };
  static void mark_barrier(const Barrier&) {}
  static void open(TaskContext&) {}
  static bool make_room(TaskContext&) { return true; }
  static bool flush(TaskContext&) { return true; }
  static bool settle(TaskContext&) { return true; }
  static bool finish(TaskContext&) { return true; }
  static Writer begin() { return {}; }
  static void mark(MarkerKind, EventTime) {}
  static void end(const Writer&) {}
  static void close() {}
};

template <class Stages, class Ending>
class FusedLoop {
 public:
  /// `policies`: one per stage. The runtime wires it through the port that `ending` is.
  FusedLoop(const Stages& stages, const std::vector<BadEventPolicy>& policies, std::unique_ptr<Ending> ending,
            const std::vector<VertexInstance>& vertices)
      : stages_(stages), ending_(std::move(ending)), guards_(policies, vertices) {
    const VertexCounters* clock = nullptr;
    stages_.bind([&](auto& stage, std::size_t i) {
      const VertexInstance& vertex = guards_.of_stage(i);
      stage.bind(vertex, guards_.handler(i));
      guards_.handler(i).set_clock(Stages::assigns_time ? clock : vertex.counters.get());
      if constexpr (gives_event_time<std::remove_cvref_t<decltype(stage.stage())>>) clock = vertex.counters.get();
    });
    stages_.tell_time_stages([&](auto& stage) { attached_.push_back(stage.attach()); });
  }

  FusedLoop(const FusedLoop&) = delete;  // its parts refer to each other
  FusedLoop& operator=(const FusedLoop&) = delete;

  const std::vector<VertexInstance>& vertices() const { return guards_.vertices(); }
  SideOutputs& sides() { return guards_.sides(); }

  void open(TaskContext& task) {
    all_stages([&](auto& stage, const VertexInstance& vertex) {
      if constexpr (requires { stage.open(vertex, task); }) stage.open(vertex, task);
      return true;
    });
    sides().require_all_claimed();
    ending_->open(task);
  }

  /// Makes room for the results of one event and goes on with pending ranges. False: not yet.
  bool make_room(TaskContext& task) {
    while (true) {
      if (!sides().flush(task) || !stages_make_room(task) || !ending_->make_room(task)) return false;
      if constexpr (!Stages::resumable) return true;
      if (run([](auto& sender) { return sender.resume(); })) return true;
      if (task.time_is_up()) {
        task.wait_for(WaitReason::none);
        return false;
      }
    }
  }

  /// Runs `feed(sender)`, where `sender.push(event)` sends one event through all stages and says whether there is room
  /// for another. Stages that can be copied bit by bit live on the stack meanwhile, in registers if `feed` does not let
  /// the address of its sender out of sight.
  template <class Feed>
  auto run(Feed&& feed) {
    Sender sender{stages_, ending_->begin()};
    try {
      auto result = feed(sender);
      put_back(sender);
      return result;
    } catch (...) {
      put_back(sender);  // what came before the failure is counted and destroyed as ever
      throw;
    }
  }

  // Time. A stage that gives events their times hears what the head knows about its splits, between two runs; what it
  // has to say to those behind comes out at once, or as soon as no range is pending before it.

  static constexpr bool assigns_time = Stages::assigns_time;

  /// Calls `tell(stage)` for each stage that gives events their times. REQUIRES: there is room.
  template <class Tell>
  void tell_time_stages(Tell&& tell) {
    if constexpr (assigns_time) {
      run([&](auto& sender) {
        sender.tell_time_stages(tell);
        return true;
      });
    }
  }
  /// The task is blocked by what is behind it: the time until idleness does not run.
  void stop_idle_clock() {
    stages_.tell_time_stages([](auto& stage) { stage.stop_idle_clock(); });
  }
  /// True if event time is so far that the source must not be read for a while.
  bool too_far_ahead() {
    bool ahead = false;
    stages_.tell_time_stages([&](auto& stage) { ahead = ahead || stage.too_far_ahead(); });
    return ahead;
  }
  /// Passes on a marker from the input. REQUIRES: there is room, and no range is pending.
  void mark(MarkerKind kind, EventTime time) {
    if constexpr (assigns_time) {
      if (kind == MarkerKind::idle) tell_time_stages([](auto& stage) { stage.declare_idle(0); });
    } else {
      ending_->mark(kind, time);
    }
    if (kind == MarkerKind::watermark) {
      for (const VertexInstance& vertex : vertices()) vertex.counters->watermark.set(time);
    }
  }

  /// Passes a latency marker on, or takes it out behind a sink. REQUIRES: there is room, and no range is pending.
  void mark_latency(const LatencyMark& mark, TaskContext& task) {
    sides().mark_latency(mark);
    if constexpr (std::same_as<Ending, NoOutput>) {
      vertices().back().counters->latencies.record(mark, task.clock().steady_now());
    } else {
      ending_->mark_latency(mark);
    }
  }

  /// Saves what the stages keep, closes what a sink has written for the checkpoint, and sends the barrier on. Called until
  /// it returns true. REQUIRES: there is room, and no range is pending.
  bool cut(TaskContext& task, const Barrier& barrier) {
    if (!cutting_) {
      if (!settle(task)) return false;
      all_stages([&](auto& stage, const VertexInstance& vertex) {
        if constexpr (requires { stage.save(vertex, task); }) stage.save(vertex, task);
        return true;
      });
      sides().mark_barrier(barrier);
      ending_->mark_barrier(barrier);
      cutting_ = true;
    }
    if (!flush(task) || !ending_->settle(task)) return false;
    cutting_ = false;
    return true;
  }

  /// Counts `events` that came from the head.
  void publish(std::uint64_t events) { stages_.publish(events); }

  /// At the end of an input batch.
  bool flush(TaskContext& task) { return sides().flush(task) && ending_->flush(task); }
  bool settle(TaskContext& task) {
    if (!flush(task) || !ending_->settle(task)) return false;
    return all_stages([&](auto& stage, const VertexInstance&) {
      if constexpr (requires { stage.settle(task); }) return stage.settle(task);
      return true;
    });
  }
  bool finish(TaskContext& task) {
    const auto finish_stage = [&](auto& stage, const VertexInstance&) {
      if constexpr (requires { stage.finish(task); }) return stage.finish(task);
      return true;
    };
    return settle(task) && all_stages(finish_stage) && ending_->finish(task);
  }
  void close() {
    all_stages([](auto& stage, const VertexInstance&) {
      if constexpr (requires { stage.close(); }) stage.close();
      return true;
    });
  }

 private:
  using Writer = decltype(std::declval<Ending&>().begin());
  static constexpr bool copied = std::is_trivially_copyable_v<Stages> && Stages::size > 0;

  /// Holds the stages themselves and no reference to their copy, whose parts could not be registers then.
  struct Sender {
    std::conditional_t<copied, Stages, Stages&> stages;
    Writer writer;
    template <class Event>
    bool push(Event&& event) {
      return stages.push(std::forward<Event>(event), writer);
    }
    bool resume() { return stages.resume(writer); }
    template <class Tell>
    void tell_time_stages(Tell&& tell) {
      if constexpr (assigns_time) {
        stages.tell_time_stages(tell);
        stages.release(writer);
      }
    }
    void set_time(EventTime time) { writer.time = time; }
  };

  [[gnu::always_inline]] void put_back(const Sender& sender) {
    if constexpr (copied) std::construct_at(&stages_, sender.stages);  // memcpy would keep the copy in memory
    ending_->end(sender.writer);
  }

  /// Calls `ask(stage, vertex)` for the stages in order, while it returns true.
  template <class Ask>
  bool all_stages(Ask&& ask) {
    bool all = true;
    stages_.bind([&](auto& guarded, std::size_t i) {
      const VertexInstance& vertex = guards_.of_stage(i);
      try {
        all = all && ask(guarded.stage(), vertex);
      } catch (...) {
        rethrow_for(vertex);
      }
    });
    return all;
  }
  bool stages_make_room(TaskContext& task) {
    return all_stages([&](auto& stage, const VertexInstance&) {
      if constexpr (requires { stage.make_room(task); }) return stage.make_room(task);
      return true;
    });
  }

  Stages stages_;
  std::unique_ptr<Ending> ending_;
  StageGuards guards_;
  std::vector<std::shared_ptr<void>> attached_;  ///< what stages that assign time keep
  bool cutting_ = false;                         ///< the barrier is behind the events and not yet handed over
};

/// How many events are taken in one go: as many as fit in a time slice, found by trial.
class ChunkSize {
 public:
  /// A vertex that blocks is given one event at a time, so that a stop is noticed between two.
  explicit ChunkSize(bool blocking) : limit_(blocking ? 1 : 1024), events_(blocking ? 1 : 64) {}
  std::uint32_t events() const { return events_; }
  void adapt(bool time_was_up) { events_ = time_was_up ? std::max(1U, events_ / 2) : std::min(limit_, events_ * 2); }

 private:
  std::uint32_t limit_;
  std::uint32_t events_;
};

}  // namespace streamwork::typed
