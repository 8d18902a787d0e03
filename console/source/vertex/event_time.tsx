import type { Graph, VertexMetrics, Windows } from "../api/types";
import { Heading } from "../parts/explain";
import { dash, noData } from "../text/numbers";
import { clock, duration } from "../text/times";

interface EventTimeProps {
  graph: Graph;
  metrics: VertexMetrics;
  onSelect: (vertex: number) => void;
}

export function EventTime({ graph, metrics, onSelect }: EventTimeProps) {
  const holder = metrics.held_back_by;
  return (
    <section>
      <Heading level={3} term="watermark">
        Event time
      </Heading>
      <p class="note">
        {metrics.watermark_ms === null ? (
          noData
        ) : (
          <>
            has come to <b>{clock(metrics.watermark_ms)}</b>, {duration(metrics.watermark_lag_ms)} behind the wall clock
          </>
        )}
      </p>
      {graph.vertices[metrics.vertex]?.windows && (
        <p class="note">
          Windows: <b>{windowWords(graph.vertices[metrics.vertex]!.windows!)}</b>
        </p>
      )}
      {holder !== null && (
        <p class="note">
          Held back by{" "}
          <button class="vertex-link" onClick={() => onSelect(holder.vertex)}>
            {graph.vertices[holder.vertex]?.name}
          </button>{" "}
          instance {holder.instance}.
        </p>
      )}
      {metrics.inputs.length > 0 && <InputTable graph={graph} inputs={metrics.inputs} />}
    </section>
  );
}

function windowWords({ text, lateness_ms: lateness }: Windows): string {
  return lateness > 0 ? `${text}, late events for another ${duration(lateness)}` : text;
}

function InputTable({ graph, inputs }: { graph: Graph; inputs: VertexMetrics["inputs"] }) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col" class="text">
            input
          </th>
          <th scope="col">watermark</th>
          <th scope="col">behind</th>
        </tr>
      </thead>
      <tbody>
        {inputs.map((input) => (
          <tr key={input.edge}>
            <th scope="row" class="text">
              {graph.vertices[graph.edges[input.edge]?.from ?? -1]?.name}
            </th>
            <td>{input.watermark_ms === null ? dash : clock(input.watermark_ms)}</td>
            <td>{input.watermark_lag_ms === null ? dash : duration(input.watermark_lag_ms)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
