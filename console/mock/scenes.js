// What can be wrong with the made-up job, and the story in which it goes wrong when nobody directs it.
import { idOf } from "./graph.js";

const shares = (busy, blocked = 0, queued = 0.02) => ({ busy, queued, blocked, calling: 0, idle: Math.max(0, 1 - busy - blocked - queued) });

// Shares by chain, and the pace of the whole job against its usual one.
const quiet = [shares(0.21), shares(0.34), shares(0.01), shares(0.42), shares(0.06), shares(0.03)];

export const scenes = {
  healthy: {
    pace: 1,
    shares: quiet,
    problems: () => [],
  },
  slow_watch: {
    pace: 0.55,
    shares: [shares(0.12, 0.79), shares(0.19, 0.61), shares(0, 0.1), shares(0.97), shares(0.04), shares(0.02)],
    blocked: { 0: idOf("rolling statistics"), 1: idOf("with machine"), 2: idOf("with machine") },
    problems: () => [
      {
        level: "warning",
        kind: "bottleneck",
        text: "'wear watch' is the bottleneck: 97 % busy; it blocks 'rolling statistics' 61 % of the time",
        vertex: idOf("wear watch"),
        instance: null,
        victim: idOf("rolling statistics"),
      },
    ],
  },
  slow_sink: {
    pace: 0.3,
    shares: [shares(0.07, 0.88), shares(0.1, 0.8), shares(0, 0.3), shares(0.13, 0.76), shares(0.99, 0, 0), shares(0.02)],
    blocked: { 0: idOf("rolling statistics"), 1: idOf("with machine"), 2: idOf("with machine"), 3: idOf("first of incident") },
    problems: () => [
      {
        level: "warning",
        kind: "bottleneck",
        text: "'alerts' is the bottleneck: 99 % busy; it blocks 'wear watch' 76 % of the time",
        vertex: idOf("alerts"),
        instance: null,
        victim: idOf("wear watch"),
      },
    ],
  },
  late: {
    pace: 1,
    shares: quiet,
    heldBack: true,
    problems: (lag) => [
      {
        level: "warning",
        kind: "watermark",
        text: `'readings' instance 1 holds event time back by ${Math.round(lag / 1000)} s`,
        vertex: idOf("readings"),
        instance: 1,
        victim: idOf("rolling statistics"),
      },
      {
        level: "notice",
        kind: "late",
        text: "'rolling statistics' gets events that are too late for every window",
        vertex: idOf("rolling statistics"),
        instance: null,
        victim: null,
      },
    ],
  },
  failing_checkpoints: {
    pace: 1,
    shares: quiet,
    checkpointsFail: true,
    problems: () => [
      {
        level: "bad",
        kind: "checkpoint",
        text: "checkpoints fail: no space left on the device in 'checkpoints'",
        vertex: null,
        instance: null,
        victim: null,
      },
    ],
  },
  restarting: {
    pace: 0,
    shares: quiet.map(() => shares(0, 0, 0)),
    state: "restarting",
    problems: () => [
      {
        level: "bad",
        kind: "restart",
        text: "the job begins again from checkpoint 12: 'wear watch' instance 2 failed: the divisor is zero",
        vertex: idOf("wear watch"),
        instance: 2,
        victim: null,
      },
    ],
  },
  /** The first look of a job: whatever may be unknown is. */
  unknown: {
    pace: 1,
    shares: quiet,
    unknown: true,
    problems: () => [],
  },
  finished: { pace: 0, shares: quiet.map(() => shares(0, 0, 0)), state: "finished", problems: () => [] },
  failed: { pace: 0, shares: quiet.map(() => shares(0, 0, 0)), state: "failed", problems: () => [] },
};

export const story = [
  ["healthy", 14],
  ["slow_watch", 16],
  ["slow_sink", 14],
  ["healthy", 8],
  ["late", 18],
  ["restarting", 4],
  ["healthy", 8],
  ["failing_checkpoints", 16],
  ["healthy", 10],
  ["finished", Infinity],
];

/** The scene of the story at this second. */
export function sceneAt(second) {
  let begin = 0;
  for (const [name, length] of story) {
    begin += length;
    if (second < begin) return name;
  }
  return story[story.length - 1][0];
}
