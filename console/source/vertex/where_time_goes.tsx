import type { Graph, Metrics } from "../api/types";
import { shareWords } from "../graph/shares";
import { Heading } from "../parts/explain";
import { TimeBar } from "../parts/time_bar";
import { noData, percent, rate } from "../text/numbers";
import { capacityOf } from "./capacity";

interface WhereTimeGoesProps {
  graph: Graph;
  metrics: Metrics;
  vertex: number;
  onSelect: (vertex: number) => void;
}

export function WhereTimeGoes({ graph, metrics, vertex, onSelect }: WhereTimeGoesProps) {
  const own = metrics.vertices[vertex]!;
  const companions = graph.vertices.filter((other) => other.chain === graph.vertices[vertex]!.chain && other.id !== vertex);
  const capacity = capacityOf(own);
  const words = shareWords(own.shares);
  return (
    <section>
      <Heading level={3} term="time">
        Where its time goes
      </Heading>
      <TimeBar shares={own.shares} />
      <p class="share-words">
        {words.length === 0 && noData}
        {words.map(({ name, text }) => (
          <span key={name}>
            <i class={`swatch share-${name}`} aria-hidden="true" /> {name} <b>{text}</b>
          </span>
        ))}
      </p>
      {capacity !== null && (
        <p class="note">
          Could take about <b>{rate(capacity.rate)}</b>, {capacity.times.toFixed(1)} times what it gets now.
        </p>
      )}
      {own.blocked_by.map((target) => (
        <p key={target.vertex} class="note">
          Waits for{" "}
          <button class="vertex-link" onClick={() => onSelect(target.vertex)}>
            {graph.vertices[target.vertex]?.name}
          </button>{" "}
          {percent(target.share)} of the time.
        </p>
      ))}
      {companions.length > 0 && <p class="note">Runs in one task with {companions.map((other) => `'${other.name}'`).join(", ")}; these times are those of the task.</p>}
    </section>
  );
}
