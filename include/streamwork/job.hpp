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
#include <streamwork/experiment.hpp>
#include <streamwork/keyed_stream.hpp>
#include <streamwork/merge.hpp>
#include <streamwork/stream.hpp>
#include <string>
#include <utility>
#include <vector>

namespace streamwork {

class Job {
 public:
  explicit Job(std::string name);

  const std::string& name() const { return graph_->name(); }

  /// Brings events into the job. Returns the stream of the source's events.
  template <SourceLike Source>
  auto source(std::string name, Source source, SourceOptions options = {}) {
    using Head = typed::SourceHead<Source>;
    using Event = typename Source::Event;
    const int vertex = graph_->add_source(std::move(name), options.parallelism);
    return FusedStream<Head, Event>(
        typed::OpenChain<Head, Event>(typed::ChainVertices(graph_, vertex), Head{std::move(source)}));
  }

  /// Lets whoever watches the job do something to it (experiment.hpp); a start knows those that were added before.
  /// Throws `std::invalid_argument` if it has no name or does nothing, or there is one of that name.
  void experiment(Experiment experiment);

  // For the engine.
  explicit Job(typed::JobGraph graph);
  const typed::JobGraph& graph() const { return *graph_; }
  const std::vector<Experiment>& experiments() const { return experiments_; }

 private:
  std::shared_ptr<typed::JobGraph> graph_;
  std::vector<Experiment> experiments_;
};

}  // namespace streamwork
