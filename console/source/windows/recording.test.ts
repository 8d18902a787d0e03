import { describe, expect, it } from "vitest";
import { chosenPanes } from "./panes";
import { currentWatermark, emptyRecording, judgedAnew, viewMs, watchableLength, withSample, withWatermark } from "./recording";

const sample = (time: number, ...times: number[]) => ({
  time_ms: time,
  passed: times.length,
  shown: times.map((event_time_ms) => ({ from_instance: 0, to_instance: 0, event_time_ms, event: {} })),
});

describe("a recording", () => {
  it("judges events by the watermark of the moment they came", () => {
    let recording = withSample(emptyRecording, sample(0, 500), chosenPanes(1_000));
    recording = withWatermark(recording, { atMs: 1, watermarkMs: 2_000 });
    recording = withSample(recording, sample(2, 500, 2_500), chosenPanes(1_000));
    expect(recording.events.map((event) => event.verdict)).toEqual(["on time", "late", "on time"]);
    expect([recording.seen, recording.late]).toEqual([3, 1]);
  });

  it("judges them anew for panes of another length", () => {
    let recording = withWatermark(emptyRecording, { atMs: 0, watermarkMs: 2_000 });
    recording = withSample(recording, sample(1, 1_500), chosenPanes(1_000));
    expect(recording.late).toBe(1);
    expect(judgedAnew(recording, chosenPanes(10_000)).late).toBe(0);
  });

  it("forgets what has left the view, so that an open page does not grow", () => {
    let recording = emptyRecording;
    for (let time = 0; time < 10 * viewMs; time += 250) {
      recording = withSample(withWatermark(recording, { atMs: time, watermarkMs: time }), sample(time, time, time), chosenPanes(1_000));
    }
    expect(recording.events.length).toBeLessThanOrEqual(2 * (viewMs / 250 + 1));
    expect(recording.watermarks.length).toBeLessThanOrEqual((viewMs + 2_000) / 250 + 1);
    expect(recording.seen).toBe(2 * 10 * (viewMs / 250));
  });

  it("finds a length of panes when it has seen event time move", () => {
    let recording = withWatermark(emptyRecording, { atMs: 0, watermarkMs: 0 });
    expect(currentWatermark(recording)).toBe(0);
    expect(watchableLength(recording)).toBeNull();
    recording = withWatermark(recording, { atMs: 2_000, watermarkMs: 600_000 });
    expect(watchableLength(recording)).toBe(30 * 60_000);
  });
});
