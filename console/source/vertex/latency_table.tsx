import type { Graph, PathLatency } from "../api/types";
import { Heading } from "../parts/explain";
import { noData } from "../text/numbers";
import { microseconds } from "../text/times";

interface LatencyTableProps {
  graph: Graph;
  /** Those that begin or end at the vertex; of an operator all that there are. */
  paths: PathLatency[];
}

export function LatencyTable({ graph, paths }: LatencyTableProps) {
  return (
    <section>
      <Heading level={3} term="latency">
        Latency
      </Heading>
      {paths.length === 0 ? (
        <p class="note">{noData}</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col" class="text">
                from → to
              </th>
              <th scope="col">p50</th>
              <th scope="col">p99</th>
              <th scope="col">p99.9</th>
              <th scope="col">most</th>
            </tr>
          </thead>
          <tbody>
            {paths.map((path) => (
              <tr key={`${path.source}-${path.sink}`}>
                <th scope="row" class="text">
                  {graph.vertices[path.source]?.name} → {graph.vertices[path.sink]?.name}
                </th>
                <td>{microseconds(path.p50_us)}</td>
                <td>{microseconds(path.p99_us)}</td>
                <td>{microseconds(path.p999_us)}</td>
                <td>{microseconds(path.max_us)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
