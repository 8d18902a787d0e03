// For learners: events by time, the watermark, panes opening and closing, late events marked.
import { useEffect, useRef, useState } from "preact/hooks";
import type { Graph, Job, Metrics } from "../api/types";
import { useTap } from "../feed/tap";
import { useWidth } from "../parts/width";
import { count } from "../text/numbers";
import { clock, duration } from "../text/times";
import { draw } from "./drawing";
import { lengths, panesOf, type Pane } from "./panes";
import { currentWatermark, emptyRecording, judgedAnew, paneNumber, watchableLength, withSample, withWatermark, type Recording } from "./recording";

interface WindowViewProps {
  job: Job;
  graph: Graph;
  metrics: Metrics;
  edge: number;
}

const height = 240;
/** Often enough to see events fall, seldom enough to cost nothing. */
const drawEveryMs = 125;

export function WindowView({ job, graph, metrics, edge }: WindowViewProps) {
  const [chosen, setChosen] = useState<number | null>(null);
  const recording = useRef<Recording>(emptyRecording);
  const length = useRef<number | null>(null);
  const [, redraw] = useState(0);
  const problem = useTap(job.id, edge, (sample) => {
    if (length.current !== null) recording.current = withSample(recording.current, sample, length.current);
  });
  useEffect(() => {
    const watermarkMs = watermarkAt(graph, metrics, edge);
    if (watermarkMs === null) return;
    recording.current = withWatermark(recording.current, { atMs: metrics.time_ms, watermarkMs });
    length.current ??= watchableLength(recording.current);
  }, [metrics]);
  useEffect(() => {
    const timer = setInterval(() => redraw((times) => times + 1), drawEveryMs);
    return () => clearInterval(timer);
  }, []);
  const choose = (next: number) => {
    setChosen(next);
    length.current = next;
    recording.current = judgedAnew(recording.current, next);
  };

  if (problem !== null) return <p class="note">{problem}</p>;
  const shownLength = chosen ?? length.current;
  return (
    <div class="window-view">
      <label class="choice">
        Panes of{" "}
        <select value={shownLength ?? ""} onChange={(event) => choose(Number(event.currentTarget.value))}>
          {shownLength === null && <option value="">watching how time passes</option>}
          {lengths.map((option) => (
            <option key={option} value={option}>
              {duration(option)}
            </option>
          ))}
        </select>
      </label>
      <Picture recording={recording.current} length={shownLength} />
    </div>
  );
}

function Picture({ recording, length }: { recording: Recording; length: number | null }) {
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useWidth(frame);
  const watermark = currentWatermark(recording);
  const panes = length === null ? [] : panesOf(recording.events, watermark, length, paneNumber);
  const first = panes[0];
  useEffect(() => {
    if (first === undefined || length === null || width === 0) return;
    draw(canvas.current!, width, height, {
      beginMs: first.beginMs,
      endMs: panes[panes.length - 1]!.endMs,
      paneMs: length,
      nowMs: Date.now(),
      events: recording.events,
      watermarks: recording.watermarks,
    });
  });
  return (
    <>
      <ol class="panes">
        {panes.map((pane) => (
          <PaneHead key={pane.beginMs} pane={pane} />
        ))}
      </ol>
      <div class="window-frame" ref={frame}>
        <canvas ref={canvas} style={{ width: `${width}px`, height: `${height}px` }} role="img" aria-label="Events by event time and arrival" />
        {first === undefined && <p class="chart-empty">Waiting for events with an event time</p>}
        <span class="window-axis-now">arrives now</span>
        <span class="window-axis-then">{duration(30_000)} ago</span>
      </div>
      <p class="window-words">
        <span>
          <i class="mark mark-line" aria-hidden="true" /> watermark <b>{clock(watermark)}</b>
        </span>
        <span>
          <i class="mark mark-dot" aria-hidden="true" /> <b>{count(recording.seen - recording.late)}</b> in time
        </span>
        <span>
          <i class="mark mark-ring" aria-hidden="true" /> behind the watermark, pane still open
        </span>
        <span>
          <i class="mark mark-late" aria-hidden="true">
            ✕
          </i>{" "}
          <b>{count(recording.late)}</b> late
        </span>
        <span>of a sample of {count(recording.seen)}</span>
      </p>
    </>
  );
}

function PaneHead({ pane }: { pane: Pane }) {
  return (
    <li data-state={pane.state}>
      <span class="pane-time">{clock(pane.beginMs)}</span>
      <span class="pane-state">{pane.state}</span>
      <span class="pane-count">
        {pane.state !== "to come" && count(pane.onTime)}
        {pane.late > 0 && <span class="pane-late"> + {count(pane.late)} late</span>}
      </span>
    </li>
  );
}

/** At the end of the edge: that of the input, or within a task that of the vertex. */
function watermarkAt(graph: Graph, metrics: Metrics, edge: number): number | null {
  const target = metrics.vertices[graph.edges[edge]?.to ?? -1];
  const input = target?.inputs.find((it) => it.edge === edge);
  return (input ?? target)?.watermark_ms ?? null;
}
