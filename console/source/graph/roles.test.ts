import { describe, expect, it } from "vitest";
import type { Sentence } from "../api/types";
import { rolesOf } from "./roles";

const problem = (part: Partial<Sentence>): Sentence => ({ level: "warning", kind: "bottleneck", text: "", vertex: null, instance: null, victim: null, ...part });

describe("roles", () => {
  it("colour the cause and only name the victim", () => {
    const roles = rolesOf([problem({ vertex: 3, victim: 1 })]);
    expect(roles.get(3)).toEqual({ label: "bottleneck", cause: true });
    expect(roles.get(1)).toEqual({ label: "is made to wait", cause: false });
  });

  it("let the gravest problem speak, and a cause outweigh a victim", () => {
    const roles = rolesOf([problem({ vertex: 3, victim: 1 }), problem({ vertex: 3, kind: "late" }), problem({ vertex: 1, kind: "watermark" })]);
    expect(roles.get(3)?.label).toBe("bottleneck");
    expect(roles.get(1)).toEqual({ label: "holds time back", cause: true });
  });

  it("do not colour a bottleneck that holds nobody up", () => {
    expect(rolesOf([problem({ level: "notice", vertex: 2 })]).get(2)).toEqual({ label: "busiest", cause: false });
  });

  it("are none when all is well", () => {
    expect(rolesOf([]).size).toBe(0);
    expect(rolesOf([problem({ level: "good", kind: "healthy", vertex: 0 })]).size).toBe(0);
  });
});
