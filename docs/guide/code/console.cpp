// The code of docs/guide/console.md.
#include <atomic>
#include <memory>
#include <streamwork/streamwork.hpp>

namespace sw = streamwork;

namespace guide_console {

void watched(const sw::Job& job) {
  sw::Console console({.address = "127.0.0.1:7000"});
  sw::JobHandle handle = sw::start(job);
  console.show(handle);
  handle.wait();
}

void with_an_experiment(sw::Job& job) {
  const auto slow = std::make_shared<std::atomic<bool>>(false);  // the sink looks at it
  job.experiment({.name = "Slow the sink",
                  .description = "The sink takes 20 ms for each event.",
                  .watch = "Its queue fills up, and everything before it has to wait.",
                  .begin = [slow] { *slow = true; },
                  .end = [slow] { *slow = false; }});
}

}  // namespace guide_console
