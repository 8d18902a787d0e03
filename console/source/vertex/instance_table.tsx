import type { InstanceMetrics, Vertex } from "../api/types";
import { Heading } from "../parts/explain";
import { TimeBar } from "../parts/time_bar";
import { bytes, count, dash, percent } from "../text/numbers";
import { skewOf } from "./skew";

interface InstanceTableProps {
  kind: Vertex["kind"];
  instances: InstanceMetrics[];
}

/** A source takes no events in, a sink gives none out, and many a vertex keeps no state: what cannot be is left out. */
export function InstanceTable({ kind, instances }: InstanceTableProps) {
  const skew = skewOf(instances);
  const hasState = instances.some((instance) => instance.state_bytes !== null);
  return (
    <section>
      <Heading level={3} term="instances">
        Instances
      </Heading>
      {skew !== null && (
        <p class="note">
          Instance {skew.instance} gets {skew.times.toFixed(1)} times the mean.
        </p>
      )}
      <table>
        <thead>
          <tr>
            <th scope="col">#</th>
            {kind !== "source" && <th scope="col">in/s</th>}
            {kind !== "sink" && <th scope="col">out/s</th>}
            <th scope="col" class="wide">
              time
            </th>
            <th scope="col">busy</th>
            <th scope="col">blocked</th>
            {hasState && <th scope="col">state</th>}
          </tr>
        </thead>
        <tbody>
          {instances.map((instance) => (
            <tr key={instance.instance} data-most={instance.instance === skew?.instance}>
              <th scope="row">{instance.instance}</th>
              {kind !== "source" && <td>{orDash(instance.rate_in, count)}</td>}
              {kind !== "sink" && <td>{orDash(instance.rate_out, count)}</td>}
              <td class="wide">
                <TimeBar shares={instance.shares} />
              </td>
              <td>{orDash(instance.shares?.busy, percent)}</td>
              <td>{orDash(instance.shares?.blocked, percent)}</td>
              {hasState && <td>{orDash(instance.state_bytes, bytes)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const orDash = (value: number | null | undefined, format: (value: number) => string) => (value == null ? dash : format(value));
