// What becomes of events when those behind cannot take them and the source cannot be slowed down: load shedding.
//
//   readings.on_overload("shed", sw::drop_oldest(10'000)).map(...)
//
// Everywhere else a job that cannot keep up slows its sources down (back-pressure), and loses nothing. A sensor cannot be slowed
// down: what is not read in time is lost anyway, somewhere else and uncounted. Behind `on_overload` stands a buffer per
// instance, and behind that other tasks; the stream in front of it is never held up. When the buffer is full, the policy says
// which events are dropped, and the vertex counts them (`InstanceMetrics::dropped`).
//
// | policy | when the buffer is full | for |
// |---|---|---|
// | `block` | the stream in front waits: back-pressure, nothing is lost | sources that can wait; the default without `on_overload` |
// | `drop_newest` | what comes is dropped | when what came first counts |
// | `drop_oldest` | what has waited longest is dropped | when fresh data counts: measurements, prices |
// | `sample_one_in` | from half full on, one event of n is taken | statistics, which stay near the truth with fewer events |
//
// What waits in the buffer is part of checkpoints, so what is not dropped is delivered as often as the job delivers. Which events
// are dropped depends on the moment: a job that goes on from a checkpoint may drop others than it did before.
// Thread rule: a job is written by one thread.
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <streamwork/overload_policy.hpp>
#include <streamwork/stream.hpp>
#include <streamwork/typed/shedding_segment.hpp>
#include <string>
#include <utility>
#include <vector>

namespace streamwork::typed {

/// Adds to the graph's problems what is wrong with the policy.
void check_overload_policy(JobGraph& graph, const std::string& name, const OverloadPolicy& policy);

/// A buffer as it was written.
template <class T>
class WrittenBuffer final : public UnsharedSegment {
 public:
  WrittenBuffer(std::string name, const OverloadPolicy& policy, bool timed)
      : name_(std::move(name)), policy_(policy), timed_(timed) {}

  void tell(JobStart& start) const override {
    if (policy_.action() != OverloadPolicy::Action::block) start.shedders.push_back(name_);
  }
  BuiltSegment make(const InstanceSpec& spec) const override {
    auto segment = std::make_unique<SheddingSegment<T>>(policy_, spec.inputs, timed_, spec.vertices.front());
    BuiltSegment built;
    built.main = &segment->main();
    built.makes_calls = true;
    built.holds_nobody_up = true;
    built.segment = std::move(segment);
    return built;
  }

 private:
  std::string name_;
  OverloadPolicy policy_;
  bool timed_;
};

template <class Self, class T>
Stream<T> StreamMethods<Self, T>::on_overload(std::string name, const OverloadPolicy& policy) const {
  static_assert(std::copy_constructible<T>, "events that wait are saved in checkpoints: their type must be copyable");
  const auto chain = self().chain();
  const std::shared_ptr<JobGraph> graph = chain.graph;
  check_overload_policy(*graph, name, policy);
  const int vertex = graph->add_vertex(name, VertexKind::operation, {});
  return Stream<T>(place_alone(graph, vertex, chain.ports, 0,
                               std::make_unique<WrittenBuffer<T>>(std::move(name), policy, chain.timed)))
      .forward();
}

}  // namespace streamwork::typed
