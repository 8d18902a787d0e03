#include "engine_parts.hpp"

#include <stdexcept>
#include <streamwork/run.hpp>

namespace benchmark {

void run(const streamwork::Job& job, int workers) {
  const streamwork::JobResult result = streamwork::start(job, {.workers = workers}).wait();
  if (result.end != streamwork::JobEnd::finished) {
    throw std::runtime_error("job " + job.name() + ": " + result.failure);
  }
}

}  // namespace benchmark
