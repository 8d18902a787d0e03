import { describe, expect, it } from "vitest";
import type { Graph } from "../api/types";
import { layoutFor, layoutOf, pathOf, scaleFor, type Placed } from "./layout";
import { graphOf, randomNumbers } from "./test_graph";

const overlap = (a: Placed, b: Placed) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

function randomGraph(seed: number): Graph {
  const random = randomNumbers(seed);
  const size = 2 + Math.floor(random() * 12);
  const pairs: [string, string][] = [];
  for (let to = 1; to < size; to += 1) {
    for (let input = 0; input < 1 + Math.floor(random() * 2); input += 1) pairs.push([`v${Math.floor(random() * to)}`, `v${to}`]);
  }
  return graphOf(pairs);
}

describe("the layout", () => {
  it("never puts a card on another, nor outside the drawing, whatever the graph", () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const graph = randomGraph(seed);
      for (const direction of ["LR", "TB"] as const) {
        const layout = layoutOf(graph, direction);
        layout.vertices.forEach((card, index) => {
          const hit = layout.vertices.findIndex((other, at) => at > index && overlap(card, other));
          expect(hit, `seed ${seed}, ${direction}, cards ${index} and ${hit}`).toBe(-1);
          expect(card.x >= 0 && card.y >= 0 && card.x + card.width <= layout.width && card.y + card.height <= layout.height).toBe(true);
        });
      }
    }
  });

  it("goes with the stream: a card comes after those it gets events from", () => {
    const graph = graphOf([["a", "b"], ["b", "c"], ["a", "c"]]);
    const sideways = layoutOf(graph, "LR");
    const down = layoutOf(graph, "TB");
    for (const { from, to } of graph.edges) {
      expect(sideways.vertices[to]!.x).toBeGreaterThan(sideways.vertices[from]!.x);
      expect(down.vertices[to]!.y).toBeGreaterThan(down.vertices[from]!.y);
    }
  });

  it("keeps two edges between the same vertices apart", () => {
    const { edges } = layoutOf(graphOf([["a", "b"], ["a", "b"]]), "LR");
    expect(overlap(edges[0]!.label, edges[1]!.label)).toBe(false);
  });

  it("goes from left to right where that can be read, else down", () => {
    const short = graphOf([["a", "b"]]);
    const long = graphOf([["a", "b"], ["b", "c"], ["c", "d"], ["d", "e"], ["e", "f"]]);
    expect(layoutFor(short, 900).direction).toBe("LR");
    expect(layoutFor(long, 900).direction).toBe("TB");
    expect(layoutFor(long, 2400).direction).toBe("LR");
  });

  it("fits a fork on a phone", () => {
    const layout = layoutFor(graphOf([["a", "b"], ["a", "c"], ["b", "d"], ["c", "d"]]), 358);
    expect(layout.width * scaleFor(layout, 358)).toBeLessThanOrEqual(358);
  });

  it("puts labels beside lines that go down on the outer side of their bends", () => {
    const { edges, vertices } = layoutOf(graphOf([["a", "b"], ["a", "c"]]), "TB");
    const left = vertices[1]!.x < vertices[2]!.x ? edges[0]! : edges[1]!;
    const right = left === edges[0] ? edges[1]! : edges[0]!;
    expect([left.side, right.side]).toEqual(["l", "r"]);
  });
});

describe("the path of an edge", () => {
  it("begins and ends where the edge does, and bends between", () => {
    expect(pathOf([{ x: 0, y: 0 }, { x: 10, y: 0 }, { x: 20, y: 10 }])).toBe("M0.0,0.0L5.0,0.0Q10.0,0.0 15.0,5.0L20.0,10.0");
    expect(pathOf([{ x: 1, y: 2 }, { x: 3, y: 4 }])).toBe("M1.0,2.0L3.0,4.0");
    expect(pathOf([])).toBe("");
  });
});
