import { describe, expect, it } from "vitest";
import { sentenceParts } from "./sentence_parts";

describe("parts of a sentence", () => {
  it("are the vertices it names, and what stands between", () => {
    expect(sentenceParts("'wear watch' is the bottleneck; it blocks 'parse' 61 % of the time", ["parse", "wear watch"])).toEqual([
      { text: "wear watch", vertex: 1 },
      { text: " is the bottleneck; it blocks ", vertex: null },
      { text: "parse", vertex: 0 },
      { text: " 61 % of the time", vertex: null },
    ]);
  });

  it("leave quotes alone that name no vertex", () => {
    expect(sentenceParts("no space in 'checkpoints'", ["parse"])).toEqual([{ text: "no space in 'checkpoints'", vertex: null }]);
  });

  it("find names with quotes in them", () => {
    expect(sentenceParts("'it's' waits", ["it", "it's"])).toEqual([
      { text: "it's", vertex: 1 },
      { text: " waits", vertex: null },
    ]);
  });

  it("lose no letter of any text", () => {
    const names = ["a", "a'b", "", "b 'c'"];
    for (const text of ["", "'", "''", "'a'b'", "x 'a' 'b 'c'' 'd", "'a''a'"]) {
      const told = sentenceParts(text, names).map((part) => (part.vertex === null ? part.text : `'${part.text}'`));
      expect(told.join("")).toBe(text);
    }
  });
});
