import type { Vertex } from "../api/types";
import type { VertexColumns } from "../feed/history";
import { bytes, percent, rate } from "../text/numbers";
import { duration } from "../text/times";
import { Chart } from "./chart";

interface VertexChartsProps {
  kind: Vertex["kind"];
  times: number[];
  columns: VertexColumns;
}

export function VertexCharts({ kind, times, columns }: VertexChartsProps) {
  const taken = { name: "in", values: columns.rateIn };
  const given = { name: "out", values: columns.rateOut };
  const rates = kind === "source" ? [given] : kind === "sink" ? [taken] : [taken, given];
  const known = (values: (number | null)[]) => values.some((value) => value !== null);
  return (
    <div class="charts">
      <Chart title="Rate" times={times} format={rate} series={rates} />
      <Chart title="Time" times={times} format={percent} series={[{ name: "busy", values: columns.busy }, { name: "blocked", values: columns.blocked }]} />
      {known(columns.lag) && <Chart title="Event time behind" times={times} format={duration} series={[{ name: "most", values: columns.lag }]} />}
      {known(columns.state) && <Chart title="State" times={times} format={bytes} series={[{ name: "all", values: columns.state }]} />}
    </div>
  );
}
