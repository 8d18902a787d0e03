#include "job/experiments.hpp"

#include <exception>

namespace streamwork::job {

namespace {

/// User code, which may throw what it likes.
void call(const Experiment& experiment, const std::function<void()>& step) {
  try {
    step();
  } catch (const std::exception& error) {
    throw ExperimentRefused("'" + experiment.name + "' failed: " + error.what());
  } catch (...) {
    throw ExperimentRefused("'" + experiment.name + "' failed with an exception that is no std::exception");
  }
}

}  // namespace

ExperimentStatus Experiments::status(std::size_t number) const {
  const auto lock = monitor_.lock();
  return status_.at(number);
}

void Experiments::begin(std::size_t number) {
  const auto lock = monitor_.lock();
  const Experiment& experiment = all_.at(number);
  ExperimentStatus& status = status_.at(number);
  if (status.under_way) throw ExperimentRefused("'" + experiment.name + "' is under way already: end it first");
  call(experiment, experiment.begin);
  status.under_way = experiment.end != nullptr;
  ++status.begun;
}

void Experiments::end(std::size_t number) {
  const auto lock = monitor_.lock();
  const Experiment& experiment = all_.at(number);
  ExperimentStatus& status = status_.at(number);
  if (!experiment.end) throw ExperimentRefused("'" + experiment.name + "' is over as soon as it has begun");
  if (!status.under_way) throw ExperimentRefused("'" + experiment.name + "' is not under way");
  call(experiment, experiment.end);
  status.under_way = false;
}

}  // namespace streamwork::job
