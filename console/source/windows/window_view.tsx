// For learners: events by time, the watermark, panes opening and closing, late events marked.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Graph, Job, Metrics, Vertex } from "../api/types";
import { useTap } from "../feed/tap";
import { useWidth } from "../parts/width";
import { count } from "../text/numbers";
import { clock, duration } from "../text/times";
import { draw } from "./drawing";
import { chosenPanes, lengths, panesOf, panesOfWindows, type Pane, type PaneRule } from "./panes";
import { currentWatermark, emptyRecording, judgedAnew, paneNumber, watchableLength, withSample, withWatermark, type Recording } from "./recording";

interface WindowViewProps {
  job: Job;
  graph: Graph;
  metrics: Metrics;
  edge: number;
}

const height = 240;
/** The choice of the windows that the job has. */
const own = "own";
/** Often enough to see events fall, seldom enough to cost nothing. */
const drawEveryMs = 125;

export function WindowView({ job, graph, metrics, edge }: WindowViewProps) {
  const target = graph.vertices[graph.edges[edge]?.to ?? -1];
  const ownPanes = useMemo(() => panesOfWindows(target?.windows), [target]);
  const recording = useRef<Recording>(emptyRecording);
  const rule = useRef<PaneRule | null>(ownPanes);
  const [, redraw] = useState(0);
  const problem = useTap(job.id, edge, (sample) => {
    if (rule.current !== null) recording.current = withSample(recording.current, sample, rule.current);
  });
  useEffect(() => {
    const watermarkMs = watermarkAt(graph, metrics, edge);
    if (watermarkMs === null) return;
    recording.current = withWatermark(recording.current, { atMs: metrics.time_ms, watermarkMs });
    const length = watchableLength(recording.current);
    if (length !== null) rule.current ??= chosenPanes(length);
  }, [metrics]);
  useEffect(() => {
    const timer = setInterval(() => redraw((times) => times + 1), drawEveryMs);
    return () => clearInterval(timer);
  }, []);
  const choose = (value: string) => {
    rule.current = value === own ? ownPanes! : chosenPanes(Number(value));
    recording.current = judgedAnew(recording.current, rule.current);
    redraw((times) => times + 1);
  };

  if (problem !== null) return <p class="note">{problem}</p>;
  const shown = rule.current;
  return (
    <div class="window-view">
      <label class="choice">
        Panes of{" "}
        <select value={shown === null ? "" : shown === ownPanes ? own : shown.lengthMs} onChange={(event) => choose(event.currentTarget.value)}>
          {shown === null && <option value="">watching how time passes</option>}
          {ownPanes !== null && (
            <option value={own}>
              {target?.name}: {target?.windows?.text}
            </option>
          )}
          {lengths.map((option) => (
            <option key={option} value={option}>
              {duration(option)}, each a window
            </option>
          ))}
        </select>
      </label>
      <p class="note">{wordsOf(target, shown !== null && shown === ownPanes)}</p>
      <Picture recording={recording.current} rule={shown} />
    </div>
  );
}

/** What the panes have to do with the windows of the job. */
function wordsOf(target: Vertex | undefined, ownShown: boolean): string {
  const windows = target?.windows;
  if (!windows) return `${target?.name} has no windows: these are as good as any.`;
  if (!ownShown) return `${target.name} has others: ${windows.text}${windows.step_ms === 0 ? ", whose bounds no clock gives" : ""}.`;
  const late = windows.lateness_ms > 0 ? ` They take late events for another ${duration(windows.lateness_ms)}.` : "";
  if (windows.cumulative) return `Each window of ${target.name} grows by a pane, up to ${duration(windows.length_ms)}.${late}`;
  if (windows.length_ms === windows.step_ms) return `Each pane is a window of ${target.name}.${late}`;
  return `Every ${duration(windows.step_ms)} a window of ${target.name} begins that is ${duration(windows.length_ms)} long: a pane is open until the last that covers it ends.${late}`;
}

function Picture({ recording, rule }: { recording: Recording; rule: PaneRule | null }) {
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useWidth(frame);
  const watermark = currentWatermark(recording);
  const panes = rule === null ? [] : panesOf(recording.events, watermark, rule, paneNumber);
  const first = panes[0];
  useEffect(() => {
    if (first === undefined || rule === null || width === 0) return;
    draw(canvas.current!, width, height, {
      beginMs: first.beginMs,
      endMs: panes[panes.length - 1]!.endMs,
      paneMs: rule.lengthMs,
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
