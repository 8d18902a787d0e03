import { describe, expect, it } from "vitest";
import { shareWidths, shareWords, shortShareWords } from "./shares";

const shares = (part: object) => ({ busy: 0, queued: 0, blocked: 0, calling: 0, idle: 0, ...part });
const names = (words: { name: string }[]) => words.map(({ name }) => name);

describe("shares of time", () => {
  it("fill the bar, also when they do not add up to one", () => {
    const widths = shareWidths(shares({ busy: 0.6, blocked: 0.6 }));
    expect([widths.busy, widths.blocked, widths.idle]).toEqual([50, 50, 0]);
    expect(shareWidths(shares({})).busy).toBe(0);
  });

  it("are written: busy, blocked and idle always, the others where there are any", () => {
    expect(names(shareWords(shares({ busy: 1 })))).toEqual(["busy", "blocked", "idle"]);
    expect(names(shareWords(shares({ busy: 0.5, queued: 0.2, calling: 0.3 })))).toEqual(["busy", "queued", "blocked", "calling", "idle"]);
    expect(shareWords(null)).toEqual([]);
  });

  it("are three on a card, with the wait that matters in the middle", () => {
    expect(names(shortShareWords(shares({ busy: 0.5, queued: 0.03, idle: 0.47 })))).toEqual(["busy", "blocked", "idle"]);
    expect(names(shortShareWords(shares({ busy: 0.2, calling: 0.8 })))).toEqual(["busy", "calling", "idle"]);
    expect(names(shortShareWords(shares({ busy: 0.5, queued: 0.4, blocked: 0.1 })))).toEqual(["busy", "queued", "idle"]);
  });
});
