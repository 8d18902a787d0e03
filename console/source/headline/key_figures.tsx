// The few numbers of the whole job, each always at the same place.
import type { View } from "../feed/feed";
import { greatest, rateOf, sum } from "../feed/history";
import { bytes, count, exact, noData, rate } from "../text/numbers";
import { duration, microseconds } from "../text/times";

export function KeyFigures({ view }: { view: View }) {
  const { metrics, graph, job } = view;
  const vertices = metrics?.vertices ?? [];
  const checkpoints = metrics?.checkpoints;
  const figures: [string, string][] = [
    ["events in", metrics && graph ? rate(rateOf(metrics, graph, "source")) : noData],
    ["events out", metrics && graph ? rate(rateOf(metrics, graph, "sink")) : noData],
    ["latency p99", microseconds(greatest(metrics?.paths.map((path) => path.p99_us) ?? []))],
    ["event time behind", duration(greatest(vertices.map((vertex) => vertex.watermark_lag_ms)))],
    ["state", bytes(sum(vertices.map((vertex) => vertex.state_bytes)))],
    ["checkpoint", job?.checkpoints === null ? "none taken" : checkpoints?.newest == null ? noData : `#${checkpoints.newest}`],
    ["late", metrics ? count(sum(vertices.map((vertex) => vertex.late))) : noData],
    ["bad events", metrics ? count(sum(vertices.map((vertex) => vertex.failed))) : noData],
    ["dropped", metrics ? count(sum(vertices.map((vertex) => vertex.dropped))) : noData],
    ["restarts", metrics ? exact(metrics.restarts) : noData],
  ];
  return (
    <dl class="key-figures">
      {figures.map(([name, value]) => (
        <div key={name} data-missing={value === noData}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
