// Windows as the learner's view counts them: panes of event time, events that fall into them, and the watermark.
import type { TapSample, Windows } from "../api/types";

export type Verdict = "on time" | "behind" | "late";

export interface SeenEvent {
  eventMs: number;
  arrivedMs: number;
  verdict: Verdict;
}

/** Fired: all windows it is part of have given out their results, and still take late events. */
export type PaneState = "to come" | "open" | "fired" | "closed";

/** Stretches of one length that no bound of a window divides, so that an event's pane says all about its windows. */
export interface PaneRule {
  lengthMs: number;
  /** They begin at multiples of the length, moved by this. */
  offsetMs: number;
  /** The end of the last window that a pane is part of. */
  firesAt: (beginMs: number) => number;
  latenessMs: number;
}

export interface Pane {
  beginMs: number;
  endMs: number;
  state: PaneState;
  onTime: number;
  late: number;
}

/** Panes that the reader has chosen, each a window. */
export const chosenPanes = (lengthMs: number): PaneRule => ({ lengthMs, offsetMs: 0, firesAt: (begin) => begin + lengthMs, latenessMs: 0 });

/** The panes of a job's windows; null if their bounds are not the same for every key, or follow the wall clock. */
export function panesOfWindows(windows: Windows | null | undefined): PaneRule | null {
  if (!windows || windows.step_ms === 0 || windows.by_wall_clock) return null;
  const { step_ms, length_ms, offset_ms, lateness_ms } = windows;
  const greatest = (begin: number) => Math.floor((begin - offset_ms) / length_ms) * length_ms + offset_ms;
  // Sliding windows end at multiples of the slide behind their beginning, which need not be multiples of the slide.
  const firesAt = windows.cumulative ? (begin: number) => greatest(begin) + length_ms : (begin: number) => begin + length_ms;
  return { lengthMs: step_ms, offsetMs: offset_ms, firesAt, latenessMs: lateness_ms };
}

export const beginOfPane = (time: number, { lengthMs, offsetMs }: PaneRule) => Math.floor((time - offsetMs) / lengthMs) * lengthMs + offsetMs;
const closesAt = (beginMs: number, rule: PaneRule) => rule.firesAt(beginMs) + rule.latenessMs;

/** Late: the pane had closed when the event came. Behind: the watermark had passed it, but its pane was still open. */
export function verdictOf(eventMs: number, watermarkMs: number | null, rule: PaneRule): Verdict {
  if (watermarkMs === null || eventMs >= watermarkMs) return "on time";
  return closesAt(beginOfPane(eventMs, rule), rule) <= watermarkMs ? "late" : "behind";
}

/** The events of a sample that have an event time, judged by the watermark of the moment. */
export function seenIn(sample: TapSample, watermarkMs: number | null, rule: PaneRule): SeenEvent[] {
  return sample.shown.flatMap(({ event_time_ms: eventMs }) =>
    eventMs === null ? [] : [{ eventMs, arrivedMs: sample.time_ms, verdict: verdictOf(eventMs, watermarkMs, rule) }],
  );
}

/** `number` panes, oldest first: from that of the earliest event, or, when time has come further, up to that of the latest. */
export function panesOf(events: readonly SeenEvent[], watermarkMs: number | null, rule: PaneRule, number: number): Pane[] {
  if (events.length === 0) return [];
  const times = events.map((event) => event.eventMs);
  const earliest = beginOfPane(Math.min(...times), rule);
  const latest = beginOfPane(Math.max(...times), rule);
  const first = Math.max(earliest, latest - (number - 1) * rule.lengthMs);
  const stateOf = (beginMs: number): PaneState => {
    if (watermarkMs !== null && closesAt(beginMs, rule) <= watermarkMs) return "closed";
    if (watermarkMs !== null && rule.firesAt(beginMs) <= watermarkMs) return "fired";
    return beginMs > latest ? "to come" : "open";
  };
  const panes = Array.from({ length: number }, (_, index): Pane => {
    const beginMs = first + index * rule.lengthMs;
    return { beginMs, endMs: beginMs + rule.lengthMs, state: stateOf(beginMs), onTime: 0, late: 0 };
  });
  for (const event of events) {
    const pane = panes[Math.round((beginOfPane(event.eventMs, rule) - first) / rule.lengthMs)];
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
