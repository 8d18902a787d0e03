import { describe, expect, it } from "vitest";
import { bytes, count, counted, exact, noData, percent, rate } from "./numbers";

const plain = (text: string) => text.replace(/\u202f/g, " ");

describe("numbers", () => {
  it("are short, with a unit where they are long", () => {
    const written = [0, 3, 0.4217, 7.34, 87.4, 999, 999.6, 1234, 45_678, 3_140_000, 2.5e9].map((value) => plain(count(value)));
    expect(written).toEqual(["0", "3", "0.42", "7.3", "87", "999", "1.0 k", "1.2 k", "46 k", "3.1 M", "2.5 G"]);
  });

  it("never show an exponent, however great or small", () => {
    for (let power = -12; power <= 24; power += 1) expect(count(7.77 * 10 ** power)).not.toMatch(/e/);
  });

  it("have at most six characters besides the unit, so that columns stay", () => {
    for (let power = -3; power < 15; power += 0.01) expect(plain(count(10 ** power)).length).toBeLessThanOrEqual(6);
  });

  it("say no data for what is not known", () => {
    for (const write of [count, exact, rate, percent, bytes]) {
      for (const unknown of [null, undefined, NaN, Infinity, -Infinity]) expect(write(unknown)).toBe(noData);
    }
  });

  it("group all digits where the exact number counts", () => {
    expect(plain(exact(1234567))).toBe("1 234 567");
    expect(plain(exact(999))).toBe("999");
  });

  it("tell a little from nothing", () => {
    expect(plain(percent(0))).toBe("0 %");
    expect(plain(percent(0.0001))).toBe("<1 %");
    expect(plain(percent(0.974))).toBe("97 %");
  });

  it("count one thing and several things", () => {
    expect(counted(1, "instance")).toBe("1 instance");
    expect(counted(3, "instance")).toBe("3 instances");
  });

  it("write bytes by thousands", () => {
    expect([0, 999, 1000, 3_700_000].map((value) => plain(bytes(value)))).toEqual(["0 B", "999 B", "1 kB", "3.7 MB"]);
  });
});
