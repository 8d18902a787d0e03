// A job: what a user writes and runs.
//
//   sw::Job job{"vehicle_count"};
//   job.source("sensor reader", sw::tcp_lines(9990))
//      .key_by(…)
//      …
//   return sw::run(job, argc, argv);
//
// A job is a value: nothing about it is global, several can run in one process, one can be started again and again.
// Copies share the graph they were written into.
// Thread rule: written by one thread; may be started from any afterwards.
#pragma once

#include <memory>
#include <streamwork/keyed_stream.hpp>
#include <streamwork/merge.hpp>
#include <streamwork/stream.hpp>
#include <string>
#include <utility>

namespace streamwork {

class Job {
 public:
  explicit Job(std::string name) : graph_(std::make_shared<typed::JobGraph>(std::move(name))) {}

  const std::string& name() const { return graph_->name(); }

  /// Brings events into the job. Returns the stream of the source's events.
  template <SourceLike Source>
  auto source(std::string name, Source source, SourceOptions options = {}) {
    const int vertex = graph_->add_vertex({std::move(name), typed::VertexKind::source, false, options.parallelism});
    using Chain = typed::OpenChain<typed::SourceHead<Source>, typename Source::Event>;
    return FusedStream<typed::SourceHead<Source>, typename Source::Event>(
        Chain{graph_, typed::SourceHead<Source>{std::move(source)}, {}, {vertex}, {}, false});
  }

  // For the engine.
  const typed::JobGraph& graph() const { return *graph_; }

 private:
  std::shared_ptr<typed::JobGraph> graph_;
};

}  // namespace streamwork
