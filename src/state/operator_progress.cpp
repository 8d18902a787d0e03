#include <algorithm>
#include <array>
#include <streamwork/typed/operator_progress.hpp>
#include <streamwork/typed/saved_entries.hpp>
#include <utility>

namespace streamwork::typed {

void save_progress(SnapshotTarget& target, const VertexInstance& vertex, const OperatorProgress& progress) {
  save_entries<OperatorProgress>(target, vertex, section::progress, std::array{progress});
}

std::optional<OperatorProgress> restored_progress(const RestoredState& restored, const VertexInstance& vertex) {
  const auto all = saved_entries<OperatorProgress>(restored, vertex.name, section::progress);
  if (all.empty()) return std::nullopt;
  OperatorProgress least = all.front().second;
  for (const auto& [instance, progress] : all) {
    if (instance == vertex.instance && std::cmp_equal(all.size(), vertex.parallelism)) return progress;
    least.watermark = std::min(least.watermark, progress.watermark);
    least.left_watermark = std::min(least.left_watermark, progress.left_watermark);
    least.right_watermark = std::min(least.right_watermark, progress.right_watermark);
    least.finished = least.finished && progress.finished;
  }
  return least;
}

}  // namespace streamwork::typed
