#include <streamwork/overload.hpp>
#include <string>

namespace streamwork::typed {

namespace {

/// 16 million events of 64 bytes are a gigabyte.
constexpr std::uint32_t most_waiting = 16'777'216;

}  // namespace

void check_overload_policy(JobGraph& graph, const std::string& name, const OverloadPolicy& policy) {
  const auto refuse = [&](const std::string& problem) { graph.add_problem("on_overload '" + name + "': " + problem); };
  if (policy.buffer() < 1 || policy.buffer() > most_waiting) {
    refuse("the buffer is for " + std::to_string(policy.buffer()) + " events; write a number from 1 to " +
           std::to_string(most_waiting));
  }
  if (policy.one_in() < 1) refuse("it takes one event of 0; write at least 1");
}

}  // namespace streamwork::typed
