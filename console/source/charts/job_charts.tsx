import type { Columns } from "../feed/history";
import { Heading } from "../parts/explain";
import { bytes, rate } from "../text/numbers";
import { duration } from "../text/times";
import { Chart } from "./chart";

export function JobCharts({ columns }: { columns: Columns }) {
  const { times } = columns;
  return (
    <section class="charts" aria-label="History">
      <Heading level={2} term="history" aside="last ten minutes">
        History
      </Heading>
      <Chart title="Rate" times={times} format={rate} series={[{ name: "in", values: columns.rateIn }, { name: "out", values: columns.rateOut }]} />
      <Chart title="Latency" times={times} format={duration} series={[{ name: "p99", values: columns.p99 }, { name: "p50", values: columns.p50 }]} />
      <Chart title="Event time behind" times={times} format={duration} series={[{ name: "most", values: columns.lag }]} />
      <Chart title="State" times={times} format={bytes} series={[{ name: "all", values: columns.state }]} />
    </section>
  );
}
