import { expect, test } from "vitest";
import type { RefusedEvent } from "../api/types";
import { timesOf } from "./refused_events";

const eight = Date.UTC(2023, 10, 14, 8, 0, 0);
const late: RefusedEvent = { kind: "late", instance: 0, time_ms: 0, event_time_ms: eight - 90_000, watermark_ms: eight, reason: "too late", event: {} };
const plain = (text: string) => text.replaceAll("\u202f", " ");

test("a late event says how far it is behind", () => {
  expect(plain(timesOf(late))).toBe(": it is of 2023-11-14 07:58:30, 1 min 30 s behind the watermark (08:00:00.000)");
});

test("a bad event is not behind anything, and what is not known is not said", () => {
  expect(plain(timesOf({ ...late, kind: "bad" }))).toBe(": it is of 2023-11-14 07:58:30, with the watermark at 08:00:00.000");
  expect(plain(timesOf({ ...late, watermark_ms: null }))).toBe(": it is of 2023-11-14 07:58:30");
  expect(timesOf({ ...late, event_time_ms: null })).toBe("");
});
