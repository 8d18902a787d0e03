// Ten minutes of what the charts show: what the server remembers from before, then look after look.
import type { Graph, History, Metrics } from "../api/types";

type Column = (number | null)[];

export interface VertexColumns {
  rateIn: Column;
  rateOut: Column;
  busy: Column;
  blocked: Column;
  lag: Column;
  state: Column;
}

export interface Columns {
  /** Seconds since 1970, as charts want them. */
  times: number[];
  rateIn: Column;
  rateOut: Column;
  lag: Column;
  state: Column;
  p50: Column;
  p99: Column;
  vertices: VertexColumns[];
}

export const longest = 600;

const emptyVertex = (): VertexColumns => ({ rateIn: [], rateOut: [], busy: [], blocked: [], lag: [], state: [] });

export function emptyColumns(vertices: number): Columns {
  return { times: [], rateIn: [], rateOut: [], lag: [], state: [], p50: [], p99: [], vertices: Array.from({ length: vertices }, emptyVertex) };
}

/** Latencies are not remembered by the server, their columns begin empty. */
export function columnsOf(history: History): Columns {
  const unknown = history.times_ms.map(() => null);
  const vertices = history.vertices.map((vertex) => ({
    rateIn: [...vertex.rate_in],
    rateOut: [...vertex.rate_out],
    busy: [...vertex.busy],
    blocked: [...vertex.blocked],
    lag: [...vertex.watermark_lag_ms],
    state: [...vertex.state_bytes],
  }));
  return {
    times: history.times_ms.map((time) => time / 1000),
    rateIn: [...history.rate_in],
    rateOut: [...history.rate_out],
    lag: history.times_ms.map((_, row) => greatest(vertices.map((vertex) => vertex.lag[row]))),
    state: history.times_ms.map((_, row) => sum(vertices.map((vertex) => vertex.state[row]))),
    p50: [...unknown],
    p99: [...unknown],
    vertices,
  };
}

/** The columns with one look more; those of another time order (the clock was set back, the job began anew) are let go. */
export function withLook(columns: Columns, metrics: Metrics, graph: Graph): Columns {
  const time = metrics.time_ms / 1000;
  const last = columns.times[columns.times.length - 1];
  if (last !== undefined && time === last) return columns;
  const fits = columns.vertices.length === metrics.vertices.length && (last === undefined || time > last);
  const before = fits ? columns : emptyColumns(metrics.vertices.length);
  const vertices = metrics.vertices.map((vertex, index) => {
    const column = before.vertices[index]!;
    return {
      rateIn: longer(column.rateIn, vertex.rate_in),
      rateOut: longer(column.rateOut, vertex.rate_out),
      busy: longer(column.busy, vertex.shares && vertex.shares.busy + vertex.shares.queued),
      blocked: longer(column.blocked, vertex.shares && vertex.shares.blocked),
      lag: longer(column.lag, vertex.watermark_lag_ms),
      state: longer(column.state, vertex.state_bytes),
    };
  });
  return {
    times: [...before.times, time].slice(-longest),
    rateIn: longer(before.rateIn, rateOf(metrics, graph, "source")),
    rateOut: longer(before.rateOut, rateOf(metrics, graph, "sink")),
    lag: longer(before.lag, greatest(metrics.vertices.map((vertex) => vertex.watermark_lag_ms))),
    state: longer(before.state, sum(metrics.vertices.map((vertex) => vertex.state_bytes))),
    p50: longer(before.p50, milliseconds(greatest(metrics.paths.map((path) => path.p50_us)))),
    p99: longer(before.p99, milliseconds(greatest(metrics.paths.map((path) => path.p99_us)))),
    vertices,
  };
}

/** Events per second out of all sources, or into all sinks. */
export function rateOf(metrics: Metrics, graph: Graph, kind: "source" | "sink"): number | null {
  const vertices = metrics.vertices.filter((_, index) => graph.vertices[index]?.kind === kind);
  return sum(vertices.map((vertex) => (kind === "source" ? vertex.rate_out : vertex.rate_in)));
}

const longer = (column: Column, value: number | null) => [...column, value].slice(-longest);
const milliseconds = (value: number | null) => (value === null ? null : value / 1000);

type Maybe = number | null | undefined;
const knownOf = (values: Maybe[]) => values.filter((value): value is number => typeof value === "number");

export function greatest(values: Maybe[]): number | null {
  const known = knownOf(values);
  return known.length === 0 ? null : Math.max(...known);
}

export function sum(values: Maybe[]): number | null {
  const known = knownOf(values);
  return known.length === 0 ? null : known.reduce((total, value) => total + value, 0);
}
