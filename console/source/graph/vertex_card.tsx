import type { Vertex, VertexMetrics } from "../api/types";
import { TimeBar } from "../parts/time_bar";
import { bytes, counted, noData, rate } from "../text/numbers";
import { duration, isOfAnotherTime, moment } from "../text/times";
import type { Placed } from "./layout";
import type { Role } from "./roles";
import { shortShareWords } from "./shares";

interface VertexCardProps {
  vertex: Vertex;
  metrics: VertexMetrics | undefined;
  place: Placed;
  role: Role | undefined;
  selected: boolean;
  /** In the chain of the selected vertex. */
  related: boolean;
  /** The one card that the Tab key comes to. */
  reachable: boolean;
  onSelect: () => void;
  onFocus: () => void;
}

const signs = { source: "▷", operator: "◇", sink: "◁" };

export function VertexCard(props: VertexCardProps) {
  const { vertex, metrics, place, role, selected, related, reachable, onSelect, onFocus } = props;
  const shares = metrics?.shares ?? null;
  const words = shortShareWords(shares);
  const throughput = rate(vertex.kind === "source" ? metrics?.rate_out : metrics?.rate_in);
  return (
    <button
      class="vertex-card"
      style={{ left: `${place.x}px`, top: `${place.y}px`, width: `${place.width}px`, height: `${place.height}px` }}
      data-vertex={vertex.id}
      data-cause={role?.cause ?? false}
      data-selected={selected}
      data-related={related}
      aria-pressed={selected}
      aria-label={labelOf(vertex, role, words.map(({ name, text }) => `${text} ${name}`).join(", "), throughput)}
      tabIndex={reachable ? 0 : -1}
      onClick={onSelect}
      onFocus={onFocus}
    >
      {role !== undefined && <span class="role">{role.label}</span>}
      <span class="vertex-title">
        <span class="vertex-sign" title={vertex.kind}>
          {signs[vertex.kind]}
        </span>
        <span class="vertex-name" title={vertex.name}>
          {vertex.name}
        </span>
        <span class="vertex-instances" title={counted(vertex.parallelism, "instance")}>
          ×{vertex.parallelism}
        </span>
      </span>
      <TimeBar shares={shares} />
      <span class="vertex-shares">
        {words.length === 0 && noData}
        {words.map(({ name, text }) => (
          <span key={name}>
            {name} {text}
          </span>
        ))}
      </span>
      <span class="vertex-figures">
        <span class="vertex-rate">{throughput}</span>
        {metrics?.state_bytes != null && <span title="state">{bytes(metrics.state_bytes)}</span>}
        {metrics?.watermark_lag_ms != null && (
          <span title="event time behind the wall clock">{eventTimeText(metrics.watermark_lag_ms, metrics.watermark_ms)}</span>
        )}
      </span>
    </button>
  );
}

function eventTimeText(lag: number, watermark: number | null): string {
  return isOfAnotherTime(lag) ? moment(watermark) : `lag ${duration(lag)}`;
}

function labelOf(vertex: Vertex, role: Role | undefined, shares: string, throughput: string): string {
  const parts = [vertex.name, vertex.kind, counted(vertex.parallelism, "instance"), role?.label, shares || noData, throughput];
  return parts.filter((part) => part !== undefined).join(", ");
}
