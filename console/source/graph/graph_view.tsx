import { useMemo, useRef, useState } from "preact/hooks";
import type { Graph, Metrics } from "../api/types";
import { Heading } from "../parts/explain";
import { useWidth } from "../parts/width";
import { EdgeLabel, EdgeLine } from "./edge_drawing";
import { useFlow } from "./flow";
import { Legend } from "./legend";
import { layoutFor, scaleFor, type Layout } from "./layout";
import { isArrow, neighbour } from "./navigation";
import { rolesOf } from "./roles";
import { VertexCard } from "./vertex_card";

interface GraphViewProps {
  graph: Graph;
  metrics: Metrics | null;
  /** Whether what is shown happens now. */
  live: boolean;
  selected: number | null;
  onSelect: (vertex: number | null) => void;
}

export function GraphView({ graph, metrics, live, selected, onSelect }: GraphViewProps) {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  // Drawn once: again only when the job has another graph, or the page another width.
  const layout = useMemo(() => (width > 0 ? layoutFor(graph, width) : null), [graph, width]);
  return (
    <section class="graph" aria-label="Graph of the job">
      <Heading level={2} term="graph" aside={<Legend />}>
        Graph
      </Heading>
      <div class="graph-frame" ref={frame}>
        {layout !== null && <Drawing {...{ graph, metrics, live, selected, onSelect, layout }} scale={scaleFor(layout, width)} />}
      </div>
    </section>
  );
}

function Drawing({ graph, metrics, live, selected, onSelect, layout, scale }: GraphViewProps & { layout: Layout; scale: number }) {
  const [focused, setFocused] = useState(selected ?? 0);
  const drawing = useRef<HTMLDivElement>(null);
  const lines = useRef<SVGSVGElement>(null);
  useFlow(lines, live);
  const roles = rolesOf(metrics?.problems ?? []);
  const chain = selected === null ? null : graph.vertices[selected]?.chain;

  const onKeyDown = (event: KeyboardEvent) => {
    if (!isArrow(event.key)) return;
    event.preventDefault();
    const next = neighbour(layout.vertices, focused, event.key);
    drawing.current!.querySelector<HTMLElement>(`[data-vertex="${next}"]`)?.focus();
  };

  return (
    <div class="graph-room" style={{ width: `${layout.width * scale}px`, height: `${layout.height * scale}px` }}>
      <div
        class="graph-drawing"
        ref={drawing}
        style={{ width: `${layout.width}px`, height: `${layout.height}px`, transform: `scale(${scale})` }}
        onKeyDown={onKeyDown}
      >
        <svg ref={lines} width={layout.width} height={layout.height} aria-hidden="true">
          <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">
            <path class="arrow" d="M0,0.5L7.500,4L0,7.500Z" />
          </marker>
          {layout.edges.map((place) => (
            <EdgeLine key={place.id} edge={graph.edges[place.id]!} metrics={metrics?.edges[place.id]} place={place} />
          ))}
        </svg>
        {layout.edges.map((place) => (
          <EdgeLabel key={place.id} edge={graph.edges[place.id]!} metrics={metrics?.edges[place.id]} place={place} />
        ))}
        {graph.vertices.map((vertex) => (
          <VertexCard
            key={vertex.id}
            vertex={vertex}
            metrics={metrics?.vertices[vertex.id]}
            place={layout.vertices[vertex.id]!}
            role={roles.get(vertex.id)}
            selected={vertex.id === selected}
            related={vertex.chain === chain}
            reachable={vertex.id === focused}
            onSelect={() => onSelect(vertex.id === selected ? null : vertex.id)}
            onFocus={() => setFocused(vertex.id)}
          />
        ))}
      </div>
    </div>
  );
}
