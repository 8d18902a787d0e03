#include <streamwork/errors.hpp>
#include <utility>

namespace streamwork {

namespace {

std::string joined(const std::vector<std::string>& problems) {
  std::string text = "the job's graph cannot run:";
  for (const std::string& problem : problems) text += "\n  - " + problem;
  return text;
}

}  // namespace

GraphError::GraphError(std::vector<std::string> problems)
    : std::runtime_error(joined(problems)), problems_(std::move(problems)) {}

VertexError::VertexError(std::string vertex, std::int64_t instance, const std::string& reason)
    : std::runtime_error("vertex '" + vertex + "', instance " + std::to_string(instance) + ": " + reason),
      vertex_(std::move(vertex)),
      instance_(instance) {}

}  // namespace streamwork
