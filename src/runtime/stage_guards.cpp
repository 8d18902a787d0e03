#include <streamwork/typed/stage_guards.hpp>

namespace streamwork::typed {

StageGuards::StageGuards(const std::vector<BadEventPolicy>& policies, const std::vector<VertexInstance>& vertices)
    : vertices_(vertices),
      first_stage_(vertices.size() - policies.size()),
      sides_(vertices.empty() ? nullptr : vertices.back().counters, false) {
  handlers_.reserve(policies.size());
  for (std::size_t i = 0; i < policies.size(); ++i)
    handlers_.emplace_back(policies[i].action(), of_stage(i), sides_.claim_dead_letters(policies[i]));
}
StageGuards::~StageGuards() = default;

}  // namespace streamwork::typed
