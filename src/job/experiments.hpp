// The experiments of a job, and which of them are under way. They outlast a restart of the tasks.
// Thread rule: any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <streamwork/experiment.hpp>
#include <string>
#include <utility>
#include <vector>

#include "runtime/monitor.hpp"

namespace streamwork::job {

/// It cannot be begun or ended now, or its own code has failed.
class ExperimentRefused : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct ExperimentStatus {
  bool under_way = false;
  std::uint64_t begun = 0;  ///< how often
};

class Experiments {
 public:
  explicit Experiments(std::vector<Experiment> all) : all_(std::move(all)), status_(all_.size()) {}

  const std::vector<Experiment>& all() const { return all_; }
  ExperimentStatus status(std::size_t number) const;
  /// Throw `ExperimentRefused`. REQUIRES: there is one of that number.
  void begin(std::size_t number);
  void end(std::size_t number);

 private:
  const std::vector<Experiment> all_;
  mutable runtime::Monitor monitor_;
  std::vector<ExperimentStatus> status_;
};

}  // namespace streamwork::job
