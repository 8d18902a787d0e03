// What a checkpoint holds of an operator instance beside its rows: how far it has come.
#pragma once

#include <optional>
#include <streamwork/typed/segment.hpp>

namespace streamwork::typed {

struct OperatorProgress {
  EventTime watermark;
  EventTime left_watermark;
  EventTime right_watermark;
  bool finished;  ///< its input has ended, and its last results are out
};

void save_progress(SnapshotTarget& target, const VertexInstance& vertex, const OperatorProgress& progress);
/// Nothing, if the checkpoint does not know the vertex. Behind a regrouping all instances have come equally far; otherwise, after a
/// change of parallelism, the one that was behind all others counts.
std::optional<OperatorProgress> restored_progress(const RestoredState& restored, const VertexInstance& vertex);

}  // namespace streamwork::typed
