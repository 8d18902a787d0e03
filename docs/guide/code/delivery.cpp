// The code of docs/guide/delivery.md.
#include <cstdio>
#include <streamwork/streamwork.hpp>
#include <string>

namespace sw = streamwork;
using namespace std::chrono_literals;

namespace guide_delivery {

sw::JobResult run_inside(const sw::Job& job) {
  sw::JobHandle handle = sw::start(job, {
                                            .checkpoints = {.directory = "checkpoints", .interval = 1s},
                                            .restart = sw::restart_with_backoff(5, 100ms),
                                        });
  for (const std::string& notice : handle.notices()) std::fprintf(stderr, "%s\n", notice.c_str());
  return handle.wait();
}

}  // namespace guide_delivery
