// What a sink looks like.
//
//   class Print {
//    public:
//     void prepare(const sw::SinkRequest& request) {}   // optional: once per start, before instances are copied from it
//     void open(sw::SinkContext& context) {}            // optional: once per instance
//     void write(const Event& event) { … }              // or `bool write`: false = taken, but no room for another
//     bool flush() { return true; }                     // optional: before the instance waits; false = not all out yet,
//                                                       //   and it has arranged to be woken through the context
//     bool finish() { return true; }                    // optional: at the end of input; false as above
//     void close() {}                                   // optional: give back what was taken; always called
//   };
//
// A `write` that must block makes its vertex `{.blocking = true}`.
// Thread rule: an instance is used by one thread at a time; `prepare` runs on the thread that starts the job.
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <streamwork/clock.hpp>
#include <streamwork/typed/segment.hpp>
#include <string>
#include <type_traits>
#include <utility>

namespace streamwork {

/// What a sink is told before its instances are made.
struct SinkRequest {
  std::string vertex;
  std::int64_t parallelism = 1;
};

/// What a sink may ask of its instance. Valid as long as the sink.
class SinkContext {
 public:
  const std::string& vertex() const { return vertex_->name; }
  std::int64_t instance() const { return vertex_->instance; }
  std::int64_t parallelism() const { return vertex_->parallelism; }
  const Clock& clock() const { return task_->clock(); }

  /// Calls `flush` again at `time` at the latest.
  void wake_at(SteadyTime time) { task_->wake_at(time); }
  /// Calls `flush` again as soon as the file descriptor can be written (or read).
  void wake_when_writable(int descriptor) { task_->wake_when_writable(descriptor); }
  void wake_when_readable(int descriptor) { task_->wake_when_readable(descriptor); }

  // For the engine.
  SinkContext(const typed::VertexInstance& vertex, typed::TaskContext& task) : vertex_(&vertex), task_(&task) {}

 private:
  const typed::VertexInstance* vertex_;
  typed::TaskContext* task_;
};

/// The shape of a sink of events `T`; see the top of this file.
template <class S, class T>
concept SinkOf = std::copy_constructible<S> && requires(S sink, const T& event) { sink.write(event); };

namespace typed {

/// A sink as the last stage of a fused loop.
template <class Sink>
class SinkStage {
 public:
  explicit SinkStage(Sink sink) : sink_(std::move(sink)) {}

  void prepare(const SinkRequest& request) {
    if constexpr (requires { sink_.prepare(request); }) sink_.prepare(request);
  }

  template <class Event, class Next>
  bool push(Event&& event, Next&&) {
    if constexpr (std::same_as<bool, decltype(sink_.write(std::as_const(event)))>) {
      full_ = !sink_.write(std::as_const(event));
      return !full_;
    } else {
      sink_.write(std::as_const(event));
      return true;
    }
  }

  void open(const VertexInstance& vertex, TaskContext& task) {
    if constexpr (requires(SinkContext& context) { sink_.open(context); }) {
      context_ = std::make_shared<SinkContext>(vertex, task);
      sink_.open(*context_);
    }
  }
  bool make_room(TaskContext& task) { return !full_ || settle(task); }
  bool finish(TaskContext& task) {
    if constexpr (requires { sink_.finish(); }) {
      if (!sink_.finish()) {
        task.wait_for(WaitReason::outside);
        return false;
      }
    }
    return true;
  }
  bool settle(TaskContext& task) {
    if constexpr (requires { sink_.flush(); }) {
      if constexpr (std::same_as<bool, decltype(sink_.flush())>) {
        if (!sink_.flush()) {
          task.wait_for(WaitReason::outside);
          return false;
        }
      } else {
        sink_.flush();
      }
    }
    full_ = false;
    return true;
  }
  void close() {
    if constexpr (requires { sink_.close(); }) sink_.close();
  }

 private:
  struct Nothing {};
  static constexpr bool opens = requires(Sink sink, SinkContext& context) { sink.open(context); };

  Sink sink_;
  [[no_unique_address]] std::conditional_t<opens, std::shared_ptr<SinkContext>, Nothing> context_{};
  bool full_ = false;
};

}  // namespace typed

}  // namespace streamwork
