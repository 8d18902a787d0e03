import { describe, expect, it } from "vitest";
import { ceilingOf } from "./ceiling";

describe("the ceiling of a chart", () => {
  it("is the greatest value of all lines", () => {
    expect(ceilingOf([[1, null, 3], [2, 5, null]])).toBe(5);
    expect(ceilingOf([[null], []])).toBe(0);
  });
  it("is no outlier", () => {
    const steady = Array.from({ length: 100 }, (_, second) => 1800 + (second % 3));
    expect(ceilingOf([[153_361, ...steady]])).toBe(3604);
    expect(ceilingOf([[0, 0, 0, 7]])).toBe(7);
  });
});
