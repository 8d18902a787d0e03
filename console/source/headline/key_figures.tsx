// The few numbers of the whole job, each always at the same place.
import type { View } from "../feed/feed";
import { greatest, rateOf, sum } from "../feed/history";
import { bytes, count, exact, noData, rate } from "../text/numbers";
import { clock, duration, isOfAnotherTime, microseconds } from "../text/times";

export function KeyFigures({ view }: { view: View }) {
  const { metrics, graph, job } = view;
  const vertices = metrics?.vertices ?? [];
  const lag = greatest(vertices.map((vertex) => vertex.watermark_lag_ms));
  const slowest = lag === null ? undefined : vertices.find((vertex) => vertex.watermark_lag_ms === lag);
  const checkpoints = metrics?.checkpoints;
  // Tasks that begin anew count anew.
  const since = metrics && metrics.restarts > 0 ? " since restart" : "";
  const figures: [string, string][] = [
    ["events in", metrics && graph ? rate(rateOf(metrics, graph, "source")) : noData],
    ["events out", metrics && graph ? rate(rateOf(metrics, graph, "sink")) : noData],
    ["latency p99", microseconds(greatest(metrics?.paths.map((path) => path.p99_us) ?? []))],
    isOfAnotherTime(lag) ? ["event time", clock(slowest?.watermark_ms)] : ["event time behind", duration(lag)],
    ["state", bytes(sum(vertices.map((vertex) => vertex.state_bytes)))],
    ["checkpoint", job?.checkpoints === null ? "none taken" : checkpoints?.newest == null ? noData : `#${checkpoints.newest}`],
    [`late${since}`, metrics ? count(sum(vertices.map((vertex) => vertex.late))) : noData],
    [`bad events${since}`, metrics ? count(sum(vertices.map((vertex) => vertex.failed))) : noData],
    [`dropped${since}`, metrics ? count(sum(vertices.map((vertex) => vertex.dropped))) : noData],
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
