// What the runtime owns of the stages of one fused loop: their vertices, side outputs and the handlers of bad events.
// Thread rule: one task.
#pragma once

#include <cstddef>
#include <streamwork/options.hpp>
#include <streamwork/typed/guarded_stage.hpp>
#include <streamwork/typed/segment.hpp>
#include <streamwork/typed/side_outputs.hpp>
#include <vector>

namespace streamwork::typed {

class StageGuards {
 public:
  /// `policies`: one per stage, which are the last of the vertices; a source's vertex has no stage.
  StageGuards(const std::vector<BadEventPolicy>& policies, const std::vector<VertexInstance>& vertices);
  StageGuards(const StageGuards&) = delete;  // its parts refer to each other
  StageGuards& operator=(const StageGuards&) = delete;
  ~StageGuards();

  const std::vector<VertexInstance>& vertices() const { return vertices_; }
  const VertexInstance& of_stage(std::size_t stage) const { return vertices_[first_stage_ + stage]; }
  BadEventHandler& handler(std::size_t stage) { return handlers_[stage]; }
  SideOutputs& sides() { return sides_; }

 private:
  std::vector<VertexInstance> vertices_;
  std::size_t first_stage_;
  SideOutputs sides_;
  std::vector<BadEventHandler> handlers_;
};

}  // namespace streamwork::typed
