// An edge: a thin line within a task, a pipe between tasks that fills from its end as its queue does.
import type { Edge, EdgeMetrics } from "../api/types";
import { queueText, rate } from "../text/numbers";
import { paceOf } from "./flow";
import { pathOf, type PlacedEdge } from "./layout";

interface EdgeProps {
  edge: Edge;
  metrics: EdgeMetrics | undefined;
  place: PlacedEdge;
}

export function EdgeLine({ edge, metrics, place }: EdgeProps) {
  const path = pathOf(place.points);
  const fill = Math.round((metrics?.queue_fill ?? 0) * 100);
  return (
    <g class="edge" data-edge={edge.id} data-in-task={edge.inside_task}>
      <path class="edge-line" d={path} marker-end="url(#arrow)" />
      {!edge.inside_task && fill > 0 && (
        <path class="edge-fill" d={path} pathLength={100} stroke-dasharray={`${fill} 200`} stroke-dashoffset={fill - 100} />
      )}
      <path class="edge-flow" d={path} data-pace={paceOf(metrics?.rate)} />
    </g>
  );
}

export function EdgeLabel({ edge, metrics, place }: EdgeProps) {
  const { x, y, width, height } = place.label;
  return (
    <span
      class="edge-label"
      style={{ left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` }}
      data-edge-label={edge.id}
      data-side={place.side}
    >
      <span class="edge-rate">{rate(metrics?.rate)}</span>
      {!edge.inside_task && (
        <span class="edge-queue" title={`${edge.grouping} grouping, ${edge.channels} queues`}>
          {edge.side_output ?? edge.grouping}, {queueText(metrics?.queue_fill)}
        </span>
      )}
    </span>
  );
}
