import { describe, expect, it } from "vitest";
import type { Windows } from "../api/types";
import { chosenPanes, fittingLength, panesOf, panesOfWindows, seenIn, verdictOf, type SeenEvent } from "./panes";

const second = chosenPanes(1_000);
const windows = (shape: Partial<Windows>) =>
  panesOfWindows({ text: "", step_ms: 1_000, length_ms: 1_000, offset_ms: 0, cumulative: false, by_wall_clock: false, lateness_ms: 0, ...shape });
const event = (eventMs: number, verdict: SeenEvent["verdict"] = "on time"): SeenEvent => ({ eventMs, arrivedMs: 0, verdict });

describe("an event", () => {
  it("is late when its pane has closed, and only behind when the pane is open", () => {
    expect(verdictOf(950, 1_000, second)).toBe("late");
    expect(verdictOf(950, 999, second)).toBe("behind");
    expect(verdictOf(1_000, 1_000, second)).toBe("on time");
    expect(verdictOf(5, null, second)).toBe("on time");
  });

  it("without an event time is not seen", () => {
    const shown = [null, 7].map((event_time_ms) => ({ from_instance: 0, to_instance: 0, event_time_ms, event: {} }));
    expect(seenIn({ time_ms: 3, passed: 2, shown }, null, chosenPanes(10))).toEqual([{ eventMs: 7, arrivedMs: 3, verdict: "on time" }]);
  });
});

describe("panes", () => {
  it("begin with the earliest event and close when the watermark passes their end", () => {
    const panes = panesOf([event(100), event(1_200)], 1_000, second, 3);
    expect(panes.map(({ beginMs, state }) => [beginMs, state])).toEqual([[0, "closed"], [1_000, "open"], [2_000, "to come"]]);
  });

  it("move on when there are more than can be shown", () => {
    expect(panesOf([event(0), event(9_500)], null, second, 3).map((pane) => pane.beginMs)).toEqual([7_000, 8_000, 9_000]);
  });

  it("count every event that they show once, late ones apart", () => {
    const panes = panesOf([event(10), event(20, "late"), event(30, "behind"), event(1_500)], 1_000, second, 2);
    expect(panes.map(({ onTime, late }) => [onTime, late])).toEqual([[2, 1], [1, 0]]);
  });

  it("lie on multiples of their length also before 1970", () => {
    expect(panesOf([event(-1)], null, second, 1)[0]).toMatchObject({ beginMs: -1_000, endMs: 0 });
  });

  it("are as long as one can watch: the next longer of those that people choose", () => {
    expect(fittingLength(1, 30_000, 5)).toBe(10_000);
    expect(fittingLength(300, 30_000, 5)).toBe(30 * 60_000);
    expect(fittingLength(1e9, 30_000, 5)).toBe(1440 * 60_000);
  });
});

describe("the panes of a job's windows", () => {
  it("close when the last window that covers them does, and its lateness is over", () => {
    const sliding = windows({ step_ms: 1_000, length_ms: 3_000, lateness_ms: 500 })!;
    expect(verdictOf(1_200, 4_499, sliding)).toBe("behind");
    expect(verdictOf(1_200, 4_500, sliding)).toBe("late");
    const panes = panesOf([event(0), event(1_200), event(2_100)], 4_000, sliding, 4);
    expect(panes.map((pane) => pane.state)).toEqual(["closed", "fired", "open", "to come"]);
  });

  it("of cumulative windows close together, with the greatest", () => {
    const cumulative = windows({ step_ms: 2_000, length_ms: 10_000, offset_ms: 1_000, cumulative: true })!;
    for (const time of [1_000, 4_000, 10_999]) {
      expect(verdictOf(time, 10_999, cumulative)).not.toBe("late");
      expect(verdictOf(time, 11_000, cumulative)).toBe("late");
    }
    expect(panesOf([event(500)], null, cumulative, 1)[0]).toMatchObject({ beginMs: -1_000, endMs: 1_000 });
  });

  it("are not there where bounds differ from key to key, or follow the wall clock", () => {
    expect([panesOfWindows(null), windows({ step_ms: 0, length_ms: 0 }), windows({ by_wall_clock: true })]).toEqual([null, null, null]);
  });
});
