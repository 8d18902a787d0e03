import { describe, expect, it } from "vitest";
import { noData } from "./numbers";
import { clock, duration, isOfAnotherTime, microseconds, moment, preciseClock } from "./times";

const plain = (text: string) => text.replace(/\u202f/g, " ");

describe("times", () => {
  it("have their two greatest units", () => {
    const written = [0, 0.34, 4.2, 87, 1000, 4_250, 42_000, 185_000, 7_800_000, 300_000_000, 4e11].map((value) => plain(duration(value)));
    expect(written).toEqual(["0 ms", "340 µs", "4.2 ms", "87 ms", "1 s", "4.3 s", "42 s", "3 min 5 s", "2 h 10 min", "3 d 11 h", "12 y 249 d"]);
  });

  it("never round up to sixty seconds or sixty minutes", () => {
    for (let milliseconds = 0; milliseconds < 8_000_000; milliseconds += 4_871) expect(duration(milliseconds)).not.toMatch(/\b60\b/);
  });

  it("keep their sign: an event may come from the future", () => {
    expect(plain(duration(-2_000))).toBe("−2 s");
  });

  it("say no data for what is not known, and for what is no date", () => {
    for (const write of [duration, microseconds, clock, moment, preciseClock]) {
      for (const unknown of [null, undefined, NaN]) expect(write(unknown)).toBe(noData);
    }
    expect(clock(1e300)).toBe(noData);
  });

  it("are of another time from two days on", () => {
    expect([0, 4_250, 1.7e8, 1.8e8, -1.8e8, null].map((lag) => isOfAnotherTime(lag))).toEqual([false, false, false, true, true, false]);
  });

  it("are UTC where they are times of events", () => {
    const time = Date.UTC(2023, 10, 14, 7, 31, 12, 250);
    expect(clock(time)).toBe("07:31:12");
    expect(preciseClock(time)).toBe("07:31:12.250");
    expect(moment(time)).toBe("2023-11-14 07:31:12");
  });
});
