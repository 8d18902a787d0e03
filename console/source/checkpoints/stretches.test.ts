import { describe, expect, it } from "vitest";
import type { Checkpoint, CheckpointTask } from "../api/types";
import { barHeight, slowestFirst, stretchesOf } from "./stretches";

const task = (part: Partial<CheckpointTask>): CheckpointTask => ({ chain: 0, instance: 0, vertices: [], started_us: 0, alignment_us: 0, sync_us: 0, async_us: 0, bytes: 0, ...part });

describe("the stretches of a checkpoint", () => {
  it("follow each other without a gap", () => {
    const stretches = stretchesOf(task({ started_us: 5, alignment_us: 10, sync_us: 2, async_us: 100 }));
    expect(stretches.map(({ beginUs, lengthUs }) => [beginUs, lengthUs])).toEqual([[0, 5], [5, 10], [15, 2], [17, 100]]);
  });

  it("may have an end that is not known yet", () => {
    expect(stretchesOf(task({ sync_us: 2, async_us: null }))[3]).toEqual({ name: "writing", beginUs: 2, lengthUs: 0 });
  });

  it("put the straggler first", () => {
    const tasks = [task({ instance: 0, sync_us: 1 }), task({ instance: 1, async_us: 9 }), task({ instance: 2, alignment_us: 5 })];
    expect(slowestFirst(tasks).map(({ instance }) => instance)).toEqual([1, 2, 0]);
  });

  it("are a bar that is never higher than the strip, and never nothing", () => {
    const heights = [0, 1, 50, 100].map((duration_ms) => barHeight({ duration_ms } as Checkpoint, 100));
    expect(heights[0]).toBeGreaterThan(0);
    expect(heights[3]).toBe(100);
    expect([...heights].sort((a, b) => a - b)).toEqual(heights);
    expect(barHeight({ duration_ms: 0 } as Checkpoint, 0)).toBeGreaterThan(0);
  });
});
