import { describe, expect, it } from "vitest";
import { layoutOf } from "./layout";
import { neighbour } from "./navigation";
import { graphOf } from "./test_graph";

const at = (x: number, y: number) => ({ x, y, width: 10, height: 10 });

describe("arrow keys", () => {
  const places = [at(0, 0), at(100, 0), at(100, 60), at(200, 0)];

  it("go to the nearest card in their direction", () => {
    expect(neighbour(places, 0, "ArrowRight")).toBe(1);
    expect(neighbour(places, 1, "ArrowDown")).toBe(2);
    expect(neighbour(places, 2, "ArrowUp")).toBe(1);
    expect(neighbour(places, 3, "ArrowLeft")).toBe(1);
  });

  it("stay where there is nothing", () => {
    expect(neighbour(places, 0, "ArrowUp")).toBe(0);
    expect(neighbour([], 0, "ArrowUp")).toBe(0);
  });

  it("reach every card of a fork that joins again", () => {
    const { vertices } = layoutOf(graphOf([["a", "b"], ["a", "c"], ["b", "d"], ["c", "d"]]), "TB");
    const reached = new Set([0]);
    for (const from of reached) {
      for (const arrow of ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"] as const) reached.add(neighbour(vertices, from, arrow));
    }
    expect(reached.size).toBe(4);
  });
});
