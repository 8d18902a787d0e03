// What the window view has seen in the last half minute.
import type { TapSample } from "../api/types";
import { fittingLength, lengths, seenIn, verdictOf, type PaneRule, type SeenEvent } from "./panes";

export interface WatermarkPoint {
  atMs: number;
  watermarkMs: number;
}

export interface Recording {
  events: SeenEvent[];
  /** How the watermark went, by the wall clock. */
  watermarks: WatermarkPoint[];
  late: number;
  seen: number;
}

export const emptyRecording: Recording = { events: [], watermarks: [], late: 0, seen: 0 };

export const viewMs = 30_000;
export const paneNumber = 6;

export function withSample(recording: Recording, sample: TapSample, rule: PaneRule): Recording {
  const events = seenIn(sample, currentWatermark(recording), rule);
  const oldest = sample.time_ms - viewMs;
  return {
    ...recording,
    events: [...recording.events.filter((event) => event.arrivedMs >= oldest), ...events],
    seen: recording.seen + events.length,
    late: recording.late + events.filter((event) => event.verdict === "late").length,
  };
}

export function withWatermark(recording: Recording, point: WatermarkPoint): Recording {
  const oldest = point.atMs - viewMs - 2_000;
  return { ...recording, watermarks: [...recording.watermarks.filter(({ atMs }) => atMs >= oldest), point] };
}

export function currentWatermark(recording: Recording): number | null {
  return recording.watermarks[recording.watermarks.length - 1]?.watermarkMs ?? null;
}

/** The same events judged for other panes. */
export function judgedAnew(recording: Recording, rule: PaneRule): Recording {
  const events = recording.events.map((event) => {
    const then = recording.watermarks.filter(({ atMs }) => atMs <= event.arrivedMs).pop();
    return { ...event, verdict: verdictOf(event.eventMs, then?.watermarkMs ?? null, rule) };
  });
  return { ...recording, events, seen: events.length, late: events.filter((event) => event.verdict === "late").length };
}

/** A length at which panes open and close at a pace one can watch; null before event time has been seen to move. */
export function watchableLength(recording: Recording): number | null {
  const first = recording.watermarks[0];
  const last = recording.watermarks[recording.watermarks.length - 1];
  if (first === undefined || last === undefined || last.atMs - first.atMs < 1_500) return null;
  const pace = (last.watermarkMs - first.watermarkMs) / (last.atMs - first.atMs);
  return pace > 0 ? fittingLength(pace, viewMs, paneNumber - 1) : lengths[0]!;
}
