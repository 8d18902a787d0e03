import { describe, expect, it } from "vitest";
import type { VertexMetrics } from "../api/types";
import { capacityOf } from "./capacity";

const metrics = (rate_in: number | null, ...busy: number[]) => ({ rate_in, rate_out: 7, instances: busy.map((share) => ({ shares: { busy: share } })) }) as unknown as VertexMetrics;

describe("capacity", () => {
  it("is where the busiest instance would be busy all the time", () => {
    expect(capacityOf(metrics(100, 0.25, 0.5))).toEqual({ rate: 200, times: 2 });
  });

  it("is not guessed from next to no work, or none", () => {
    expect(capacityOf(metrics(100, 0.001))).toBeNull();
    expect(capacityOf({ ...metrics(0, 0.5), rate_out: 0 })).toBeNull();
    expect(capacityOf(metrics(100))).toBeNull();
  });

  it("of a source is told by what it gives out", () => {
    expect(capacityOf(metrics(0, 0.5))).toEqual({ rate: 14, times: 2 });
  });
});
