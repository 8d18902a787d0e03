// Graphs for tests, written as pairs of names.
import type { Graph } from "../api/types";

/** Each pair is an edge; every edge is a queue. */
export function graphOf(pairs: [string, string][]): Graph {
  const names = [...new Set(pairs.flat())];
  return {
    revision: 1,
    job: "test",
    workers: 2,
    vertices: names.map((name, id) => ({ id, name, kind: "operator", chain: id, parallelism: 1, windows: null })),
    edges: pairs.map(([from, to], id) => ({
      id,
      from: names.indexOf(from),
      to: names.indexOf(to),
      side_output: null,
      grouping: "fields",
      inside_task: false,
      channels: 1,
      tappable: true,
    })),
    chains: [],
  };
}

/** A seeded generator of numbers from 0 to 1, so that a failing graph can be drawn again. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
