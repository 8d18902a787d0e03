#include <algorithm>
#include <stdexcept>
#include <streamwork/job.hpp>
#include <utility>

namespace streamwork {

Job::Job(std::string name) : graph_(std::make_shared<typed::JobGraph>(std::move(name))) {}
Job::Job(typed::JobGraph graph) : graph_(std::make_shared<typed::JobGraph>(std::move(graph))) {}

void Job::experiment(Experiment experiment) {
  if (experiment.name.empty() || !experiment.begin)
    throw std::invalid_argument("an experiment needs a name, and something that begins it");
  if (std::ranges::find(experiments_, experiment.name, &Experiment::name) != experiments_.end())
    throw std::invalid_argument("there are two experiments '" + experiment.name + "'");
  experiments_.push_back(std::move(experiment));
}

}  // namespace streamwork
