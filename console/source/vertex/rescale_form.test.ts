import { expect, test } from "vitest";
import type { Graph } from "../api/types";
import { companionsOf } from "./rescale_form";

test("a vertex is rescaled with those of its chain and no others", () => {
  const vertices = ["source", "parse", "count"].map((name, id) => ({ id, name, kind: "operator", chain: id < 2 ? 0 : 1, parallelism: 1 }));
  const graph = { vertices } as unknown as Graph;
  expect(companionsOf(graph, 0)).toEqual(["parse"]);
  expect(companionsOf(graph, 2)).toEqual([]);
});
