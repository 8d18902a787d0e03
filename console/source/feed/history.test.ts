import { describe, expect, it } from "vitest";
import type { Metrics } from "../api/types";
import { graphOf } from "../graph/test_graph";
import { columnsOf, emptyColumns, longest, rateOf, withLook } from "./history";

const graph = graphOf([["in", "out"]]);
graph.vertices[0]!.kind = "source";
graph.vertices[1]!.kind = "sink";

const vertex = (part: object) => ({ rate_in: null, rate_out: null, shares: null, watermark_lag_ms: null, state_bytes: null, ...part });
const look = (time: number, ...vertices: object[]) => ({ time_ms: time * 1000, vertices: vertices.map(vertex), paths: [] }) as unknown as Metrics;

describe("history", () => {
  it("goes on from what the server remembers", () => {
    const before = columnsOf({
      interval_ms: 1000,
      times_ms: [1000, 2000],
      rate_in: [null, 5],
      rate_out: [null, 4],
      vertices: [0, 1].map((id) => ({ vertex: id, rate_in: [null, 5], rate_out: [null, 4], busy: [null, 0.5], blocked: [null, 0], watermark_lag_ms: [null, 70 + id], state_bytes: [null, id === 0 ? null : 100] })),
    });
    const columns = withLook(before, look(3, { rate_out: 6 }, { rate_in: 3, state_bytes: 110, watermark_lag_ms: 80 }), graph);
    expect(columns.times).toEqual([1, 2, 3]);
    expect(columns.rateIn).toEqual([null, 5, 6]);
    expect(columns.rateOut).toEqual([null, 4, 3]);
    expect(columns.lag).toEqual([null, 71, 80]);
    expect(columns.state).toEqual([null, 100, 110]);
  });

  it("has columns of one length, and not more than ten minutes", () => {
    let columns = emptyColumns(2);
    for (let time = 1; time <= longest + 50; time += 1) columns = withLook(columns, look(time, {}, {}), graph);
    const all = [columns.times, columns.rateIn, columns.rateOut, columns.lag, columns.state, columns.p50, columns.p99, ...columns.vertices.flatMap((it) => Object.values(it))];
    expect(new Set(all.map((column) => column.length))).toEqual(new Set([longest]));
  });

  it("takes a look that comes twice once, and begins anew when time has gone back", () => {
    const columns = withLook(emptyColumns(2), look(9, {}, {}), graph);
    expect(withLook(columns, look(9, {}, {}), graph)).toBe(columns);
    expect(withLook(columns, look(4, {}, {}), graph).times).toEqual([4]);
  });

  it("knows no rate before there is one, which is not the same as nothing", () => {
    expect(rateOf(look(1, {}, {}), graph, "source")).toBeNull();
    expect(rateOf(look(1, { rate_out: 0 }, {}), graph, "source")).toBe(0);
  });
});
