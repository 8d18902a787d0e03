// A checkpoint of one task as stretches that follow each other, for the Gantt chart.
import type { Checkpoint, CheckpointTask } from "../api/types";

export const stretchNames = ["waiting", "aligning", "saving", "writing"] as const;
export type StretchName = (typeof stretchNames)[number];

export interface Stretch {
  name: StretchName;
  beginUs: number;
  lengthUs: number;
}

export function stretchesOf(task: CheckpointTask): Stretch[] {
  const lengths = [task.started_us, task.alignment_us, task.sync_us, task.async_us ?? 0];
  let beginUs = 0;
  return stretchNames.map((name, index) => {
    const stretch = { name, beginUs, lengthUs: lengths[index]! };
    beginUs += stretch.lengthUs;
    return stretch;
  });
}

export const lengthOf = (task: CheckpointTask) => task.started_us + task.alignment_us + task.sync_us + (task.async_us ?? 0);

/** The tasks, slowest first. */
export const slowestFirst = (tasks: readonly CheckpointTask[]) => [...tasks].sort((a, b) => lengthOf(b) - lengthOf(a));

/** Height of a bar, in per cent of the greatest; by the square root, so that a slow one does not flatten all others. */
export function barHeight(checkpoint: Checkpoint, longestMs: number): number {
  const least = 8;
  return longestMs > 0 ? least + (100 - least) * Math.sqrt(checkpoint.duration_ms / longestMs) : least;
}
