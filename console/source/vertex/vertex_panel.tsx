import { useEffect, useRef } from "preact/hooks";
import type { Graph, Job, Metrics } from "../api/types";
import { VertexCharts } from "../charts/vertex_charts";
import type { Columns } from "../feed/history";
import { rolesOf } from "../graph/roles";
import type { LogLine } from "../log/log_feed";
import { counted } from "../text/numbers";
import { EdgeTaps } from "./edge_taps";
import { EventTime } from "./event_time";
import { InstanceTable } from "./instance_table";
import { LatencyTable } from "./latency_table";
import { RefusedEvents } from "./refused_events";
import { RescaleForm } from "./rescale_form";
import { WhereTimeGoes } from "./where_time_goes";

interface VertexPanelProps {
  job: Job;
  graph: Graph;
  metrics: Metrics;
  columns: Columns;
  log: LogLine[];
  vertex: number;
  onSelect: (vertex: number | null) => void;
}

export function VertexPanel({ job, graph, metrics, columns, log, vertex, onSelect }: VertexPanelProps) {
  const panel = useRef<HTMLElement>(null);
  const { name, kind, parallelism } = graph.vertices[vertex]!;
  const own = metrics.vertices[vertex]!;
  const role = rolesOf(metrics.problems).get(vertex);
  const paths = metrics.paths.filter((path) => kind === "operator" || path.source === vertex || path.sink === vertex);
  const history = columns.vertices[vertex];
  useEffect(() => panel.current!.scrollTo({ top: 0 }), [vertex]);
  return (
    <section class="panel" ref={panel} data-cause={role?.cause ?? false} aria-label={`Vertex ${name}`}>
      <header class="panel-header">
        <div>
          <p class="panel-kind">
            {kind}, {counted(parallelism, "instance")}
            {role !== undefined && (
              <span class="role" data-cause={role.cause}>
                {role.label}
              </span>
            )}
          </p>
          <h2>{name}</h2>
        </div>
        <button class="plain close" onClick={() => onSelect(null)} aria-label="Close (Escape)">
          ✕
        </button>
      </header>
      <WhereTimeGoes {...{ graph, metrics, vertex, onSelect }} />
      <InstanceTable kind={kind} instances={own.instances} />
      <RescaleForm key={`rescale-${vertex}`} job={job} graph={graph} vertex={vertex} />
      <LatencyTable graph={graph} paths={paths} />
      <EventTime graph={graph} metrics={own} onSelect={onSelect} />
      <RefusedEvents key={`refused-${vertex}`} job={job.id} name={name} metrics={own} log={log} />
      <EdgeTaps key={vertex} job={job.id} graph={graph} metrics={metrics} vertex={vertex} />
      {history !== undefined && <VertexCharts key={vertex} kind={kind} times={columns.times} columns={history} />}
    </section>
  );
}
