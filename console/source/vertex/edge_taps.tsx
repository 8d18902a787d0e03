// The edges of a vertex, each with a look at the events that pass it.
import { useState } from "preact/hooks";
import type { Edge, Graph, Metrics, TapSample } from "../api/types";
import { useTap } from "../feed/tap";
import { Heading } from "../parts/explain";
import { count, queueText, rate } from "../text/numbers";
import { preciseClock } from "../text/times";

interface EdgeTapsProps {
  job: string;
  graph: Graph;
  metrics: Metrics;
  vertex: number;
}

export function EdgeTaps({ job, graph, metrics, vertex }: EdgeTapsProps) {
  const edges = graph.edges.filter((edge) => edge.from === vertex || edge.to === vertex);
  const [looked, setLooked] = useState<number | null>(null);
  return (
    <section>
      <Heading level={3} term="tap">
        Edges
      </Heading>
      {edges.map((edge) => (
        <div key={edge.id} class="edge-row">
          <p class="edge-row-line">
            <span class="edge-row-name">{edge.from === vertex ? `to ${graph.vertices[edge.to]?.name}` : `from ${graph.vertices[edge.from]?.name}`}</span>
            <span class="edge-row-what">{wordsOf(edge, metrics.edges[edge.id]?.queue_fill ?? null)}</span>
            <span class="edge-row-rate">{rate(metrics.edges[edge.id]?.rate)}</span>
            {edge.tappable ? (
              <button class="small" aria-pressed={looked === edge.id} onClick={() => setLooked(looked === edge.id ? null : edge.id)}>
                {looked === edge.id ? "Stop looking" : "Look"}
              </button>
            ) : (
              <span class="fused" title="Both sides were compiled into one loop: no event rests here">
                fused
              </span>
            )}
          </p>
          {looked === edge.id && <LiveTap job={job} edge={edge.id} />}
        </div>
      ))}
    </section>
  );
}

function wordsOf(edge: Edge, fill: number | null): string {
  const side = edge.side_output === null ? "" : `${edge.side_output}, `;
  return edge.inside_task ? `${side}same task` : `${side}${edge.grouping}, queue ${queueText(fill)}`;
}

const shownAtMost = 8;

function LiveTap({ job, edge }: { job: string; edge: number }) {
  const [sample, setSample] = useState<TapSample | null>(null);
  // A sample that is empty must not wipe out what someone is reading.
  const problem = useTap(job, edge, (next) => setSample((before) => (next.shown.length > 0 || before === null ? next : before)));
  if (problem !== null) return <p class="note">{problem}</p>;
  if (sample === null) return <p class="note">Waiting for events.</p>;
  return (
    <div class="tap">
      <p class="note">
        {count(sample.shown.length)} of {count(sample.passed)} events since the last look
      </p>
      <ol>
        {sample.shown.slice(0, shownAtMost).map((shown, index) => (
          <li key={index}>
            <span class="tap-place">
              {shown.from_instance} → {shown.to_instance}
              {shown.event_time_ms !== null && ` at ${preciseClock(shown.event_time_ms)}`}
            </span>
            <code>{typeof shown.event === "string" ? shown.event : JSON.stringify(shown.event)}</code>
          </li>
        ))}
      </ol>
    </div>
  );
}
