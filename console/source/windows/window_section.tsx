import { useState } from "preact/hooks";
import type { Graph, Job, Metrics } from "../api/types";
import { Heading } from "../parts/explain";
import { WindowView } from "./window_view";

interface WindowSectionProps {
  job: Job;
  graph: Graph;
  metrics: Metrics | null;
  live: boolean;
}

export function WindowSection({ job, graph, metrics, live }: WindowSectionProps) {
  const [edge, setEdge] = useState<number | null>(null);
  const edges = graph.edges.filter((it) => it.tappable && metrics?.vertices[it.to]?.watermark_ms != null);
  const windowed = edges.find((it) => graph.vertices[it.to]?.windows);
  const chosen = edge ?? (windowed ?? edges[0])?.id ?? null;
  const [looking, setLooking] = useState(false);
  return (
    <section class="windows" aria-label="Windows">
      <Heading level={2} term="windows" aside="a sample of live events">
        Windows, as time passes
      </Heading>
      {chosen === null || !live ? (
        <p class="note">{live ? "No stream here has event time that could be looked at." : "The job has ended: nothing passes any more."}</p>
      ) : (
        <div class="choices">
          <label class="choice">
            Events from{" "}
            <select value={chosen} onChange={(event) => setEdge(Number(event.currentTarget.value))}>
              {edges.map((it) => (
                <option key={it.id} value={it.id}>
                  {graph.vertices[it.from]?.name} to {graph.vertices[it.to]?.name}
                </option>
              ))}
            </select>
          </label>
          <button class="small" aria-pressed={looking} onClick={() => setLooking(!looking)}>
            {looking ? "Stop looking" : "Look"}
          </button>
        </div>
      )}
      {looking && live && chosen !== null && metrics !== null && <WindowView key={`${graph.revision}-${chosen}`} job={job} graph={graph} metrics={metrics} edge={chosen} />}
    </section>
  );
}
