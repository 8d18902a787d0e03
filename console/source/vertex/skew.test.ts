import { describe, expect, it } from "vitest";
import type { InstanceMetrics } from "../api/types";
import { skewOf } from "./skew";

const instances = (...rates: (number | null)[]) => rates.map((rate_in, instance) => ({ instance, rate_in, rate_out: null }) as InstanceMetrics);

describe("skew", () => {
  it("names the instance that gets clearly more than the mean", () => {
    expect(skewOf(instances(10, 40, 10))).toEqual({ instance: 1, times: 2 });
  });

  it("of a source is told by what it gives out", () => {
    const sources = [10, 30].map((rate_out, instance) => ({ instance, rate_in: 0, rate_out }) as InstanceMetrics);
    expect(skewOf(sources)).toEqual({ instance: 1, times: 1.5 });
  });

  it("is none where the load is even, or there is none, or there is nobody to share with", () => {
    expect(skewOf(instances(10, 11, 9))).toBeNull();
    expect(skewOf(instances(0, 0))).toBeNull();
    expect(skewOf(instances(null, null))).toBeNull();
    expect(skewOf(instances(10))).toBeNull();
  });
});
