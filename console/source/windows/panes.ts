// Windows as the learner's view counts them: fixed panes of event time, events that fall into them, and the watermark.
import type { TapSample } from "../api/types";

export type Verdict = "on time" | "behind" | "late";

export interface SeenEvent {
  eventMs: number;
  arrivedMs: number;
  verdict: Verdict;
}

export type PaneState = "to come" | "open" | "closed";

export interface Pane {
  beginMs: number;
  endMs: number;
  state: PaneState;
  onTime: number;
  late: number;
}

export const beginOfPane = (time: number, length: number) => Math.floor(time / length) * length;

/** Late: the pane had closed when the event came. Behind: the watermark had passed it, but its pane was still open. */
export function verdictOf(eventMs: number, watermarkMs: number | null, length: number): Verdict {
  if (watermarkMs === null || eventMs >= watermarkMs) return "on time";
  return beginOfPane(eventMs, length) + length <= watermarkMs ? "late" : "behind";
}

/** The events of a sample that have an event time, judged by the watermark of the moment. */
export function seenIn(sample: TapSample, watermarkMs: number | null, length: number): SeenEvent[] {
  return sample.shown.flatMap(({ event_time_ms: eventMs }) =>
    eventMs === null ? [] : [{ eventMs, arrivedMs: sample.time_ms, verdict: verdictOf(eventMs, watermarkMs, length) }],
  );
}

/** `number` panes, oldest first: from that of the earliest event, or, when time has come further, up to that of the latest. */
export function panesOf(events: readonly SeenEvent[], watermarkMs: number | null, length: number, number: number): Pane[] {
  if (events.length === 0) return [];
  const times = events.map((event) => event.eventMs);
  const earliest = beginOfPane(Math.min(...times), length);
  const latest = beginOfPane(Math.max(...times), length);
  const first = Math.max(earliest, latest - (number - 1) * length);
  const panes = Array.from({ length: number }, (_, index): Pane => {
    const beginMs = first + index * length;
    const endMs = beginMs + length;
    const state: PaneState = watermarkMs !== null && endMs <= watermarkMs ? "closed" : beginMs > latest ? "to come" : "open";
    return { beginMs, endMs, state, onTime: 0, late: 0 };
  });
  for (const event of events) {
    const pane = panes[(beginOfPane(event.eventMs, length) - first) / length];
    if (pane === undefined) continue;
    if (event.verdict === "late") pane.late += 1;
    else pane.onTime += 1;
  }
  return panes;
}

/** Lengths of windows that people choose. */
export const lengths = [1, 2, 5, 10, 30].map((seconds) => seconds * 1000).concat([1, 2, 5, 10, 30, 60, 180, 720, 1440].map((minutes) => minutes * 60_000));

/** So that about `panes` of them fill the view at the pace at which event time comes along. */
export function fittingLength(eventMsPerMs: number, viewMs: number, panes: number): number {
  const wanted = (eventMsPerMs * viewMs) / panes;
  return lengths.find((length) => length >= wanted) ?? lengths[lengths.length - 1]!;
}
