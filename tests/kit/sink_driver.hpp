// Drives the instances of a sink without a job.
// Thread rule: used by one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <streamwork/sink.hpp>
#include <utility>
#include <vector>

#include "kit/fake_task.hpp"

namespace streamwork::testkit {

/// Some instances of a sink, prepared and opened.
template <class Sink>
class DrivenSink {
 public:
  explicit DrivenSink(Sink sink, std::int64_t parallelism = 1)
      : DrivenSink(std::move(sink), SinkRequest{.vertex = "sink", .parallelism = parallelism}) {}
  DrivenSink(Sink sink, const SinkRequest& request) {
    sink.prepare(request);
    for (std::int64_t i = 0; i < request.parallelism; ++i) {
      instances_.push_back(
          std::make_unique<Instance>(sink, typed::VertexInstance{request.vertex, i, request.parallelism, nullptr}));
    }
  }

  FakeTask& task(std::size_t instance = 0) { return instances_[instance]->task; }
  Sink& operator[](std::size_t instance) { return instances_[instance]->sink; }

  /// Writes an event, waiting for room as a task does.
  template <class T>
  void write(const T& event, std::size_t instance = 0) {
    if (!instances_[instance]->sink.write(event)) flush(instance);
  }
  /// Waits until everything is out.
  void flush(std::size_t instance = 0) {
    while (!instances_[instance]->sink.flush()) instances_[instance]->task.sleep();
  }
  /// Flushes and closes all instances.
  void finish() {
    for (std::size_t i = 0; i < instances_.size(); ++i) {
      flush(i);
      instances_[i]->sink.close();
    }
  }

 private:
  struct Instance {
    Instance(Sink prototype, typed::VertexInstance where)
        : vertex(std::move(where)), context(vertex, task), sink(std::move(prototype)) {
      sink.open(context);
    }
    FakeTask task;
    typed::VertexInstance vertex;
    SinkContext context;
    Sink sink;
  };
  std::vector<std::unique_ptr<Instance>> instances_;
};

}  // namespace streamwork::testkit
