// One chart over time: its name, the values at the cursor (or the newest), and the lines.
import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import type { ComponentChildren } from "preact";
import { noData } from "../text/numbers";
import { wallClock } from "../text/times";
import { colour, onThemeChange } from "../theme/theme";
import { useWidth } from "../parts/width";
import { ceilingOf } from "./ceiling";

export interface Series {
  name: string;
  values: (number | null)[];
}

interface ChartProps {
  title: string;
  times: number[];
  series: Series[];
  format: (value: number | null | undefined) => string;
  /** Beside the title: an explanation. */
  children?: ComponentChildren;
}

const height = 92;
const axisWidth = 58;
/** All charts have one cursor, so that one moment can be read in all of them. */
const cursorOfAll = uPlot.sync("history");

export function Chart({ title, times, series, format }: ChartProps) {
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const width = useWidth(frame);
  const [theme, setTheme] = useState(0);
  const [at, setAt] = useState<number | null>(null);

  useEffect(() => onThemeChange(() => setTheme((count) => count + 1)), []);
  useEffect(() => {
    if (width === 0) return;
    plot.current = new uPlot(options(width, series, format, setAt), dataOf(times, series), frame.current!);
    return () => plot.current?.destroy();
  }, [width, theme, series.length]);
  useEffect(() => plot.current?.setData(dataOf(times, series)), [times]);

  const shown = at ?? times.length - 1;
  const empty = series.every(({ values }) => values.every((value) => value === null));
  return (
    <figure class="chart" aria-label={`${title}: ${series.map(({ name, values }) => `${name} ${format(values[shown])}`).join(", ")}`}>
      <figcaption>
        <span class="chart-title">{title}</span>
        {series.map(({ name, values }, index) => (
          <span key={name} class="chart-value">
            <i class={`line line-${index}`} aria-hidden="true" /> {name} <b>{format(values[shown])}</b>
          </span>
        ))}
        {at !== null && <span class="chart-time">{wallClock(times[at]! * 1000)}</span>}
      </figcaption>
      <div class="chart-frame" ref={frame} aria-hidden="true">
        {empty && <span class="chart-empty">{noData}</span>}
      </div>
    </figure>
  );
}

const dataOf = (times: number[], series: Series[]): uPlot.AlignedData => [times, ...series.map(({ values }) => values)];

const dashes: (number[] | undefined)[] = [undefined, [3, 3]];

function options(width: number, series: Series[], format: ChartProps["format"], onCursor: (at: number | null) => void): uPlot.Options {
  const axis = { stroke: colour("faint"), font: "11px system-ui, sans-serif", ticks: { show: false } };
  return {
    width,
    height,
    padding: [6, 2, 0, 0],
    legend: { show: false },
    cursor: { sync: { key: cursorOfAll.key }, y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: {
      y: {
        range: (chart) => {
          const most = ceilingOf(chart.data.slice(1) as (number | null)[][]);
          return [0, most > 0 ? most * 1.1 : 1];
        },
      },
    },
    axes: [
      { ...axis, size: 20, grid: { show: false }, values: (_, splits) => splits.map((second) => wallClock(second * 1000)), space: 90 },
      { ...axis, size: axisWidth, gap: 4, grid: { stroke: colour("hairline"), width: 1 }, values: (_, splits) => splits.map(format), space: 30 },
    ],
    series: [
      {},
      ...series.map((_, index) => ({
        stroke: colour(index === 0 ? "ink" : "muted"),
        width: 1.4,
        dash: dashes[index] ?? [],
        points: { show: false },
        spanGaps: false,
      })),
    ],
    hooks: { setCursor: [(chart) => onCursor(chart.cursor.idx ?? null)] },
  };
}
