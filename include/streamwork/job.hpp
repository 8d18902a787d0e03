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

#include <algorithm>
#include <memory>
#include <stdexcept>
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

  /// Lets whoever watches the job do something to it (experiment.hpp); a start knows those that were added before.
  /// Throws `std::invalid_argument` if it has no name or does nothing, or there is one of that name.
  void experiment(Experiment experiment) {
    if (experiment.name.empty() || !experiment.begin)
      throw std::invalid_argument("an experiment needs a name, and something that begins it");
    if (std::ranges::find(experiments_, experiment.name, &Experiment::name) != experiments_.end())
      throw std::invalid_argument("there are two experiments '" + experiment.name + "'");
    experiments_.push_back(std::move(experiment));
  }

  // For the engine.
  explicit Job(typed::JobGraph graph) : graph_(std::make_shared<typed::JobGraph>(std::move(graph))) {}
  const typed::JobGraph& graph() const { return *graph_; }
  const std::vector<Experiment>& experiments() const { return experiments_; }

 private:
  std::shared_ptr<typed::JobGraph> graph_;
  std::vector<Experiment> experiments_;
};

}  // namespace streamwork
