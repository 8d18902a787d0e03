import { describe, expect, it } from "vitest";
import type { Job, Metrics, Sentence } from "../api/types";
import { emptyView, type View } from "../feed/feed";
import { headlineOf } from "./headline";

const job = { id: "j", name: "plant", state: "running", failure: null, started_ms: 0, ended_ms: null, process_id: 42 } as unknown as Job;
const sentence: Sentence = { level: "good", kind: "healthy", text: "the job keeps up", vertex: null, instance: null, victim: null };
const live = (part: Partial<Sentence>): View => ({ ...emptyView, connection: { kind: "live" }, job, metrics: { sentence: { ...sentence, ...part } } as Metrics });
const ended = (part: Partial<Job>): View => ({ ...emptyView, connection: { kind: "ended" }, job: { ...job, ended_ms: 65_000, ...part } });

describe("the headline", () => {
  it("is what the engine says, beginning with a capital", () => {
    expect(headlineOf(live({}), 0)).toEqual({ label: "Healthy", text: "The job keeps up", alarming: false });
    expect(headlineOf(live({ level: "warning", kind: "bottleneck", text: "'x' is the bottleneck" }), 0)).toEqual({
      label: "Bottleneck",
      text: "'x' is the bottleneck",
      alarming: true,
    });
  });

  it("does not alarm about a bottleneck that holds nobody up", () => {
    expect(headlineOf(live({ level: "notice", kind: "bottleneck" }), 0)).toMatchObject({ label: "Notice", alarming: false });
  });

  it("does not say twice that all is well", () => {
    expect(headlineOf(live({ text: "healthy: nothing is coming in", kind: "idle" }), 0)).toMatchObject({ label: "Idle", text: "Nothing is coming in" });
  });

  it("says that nothing is known when the connection is lost, and since when", () => {
    const lost: View = { ...live({}), connection: { kind: "lost", since: 1_000, reason: "gone" } };
    const { label, text, detail, alarming } = headlineOf(lost, 13_400);
    expect([label, alarming]).toEqual(["No connection", true]);
    expect(text.replace(/\u202f/g, " ")).toMatch(/^plant has not answered for 12 s/);
    expect(detail).toMatch(/last that was known of process 42$/);
  });

  it("says that a job has ended and why", () => {
    expect(headlineOf(ended({ state: "finished" }), 0).text).toMatch(/has finished: every source has ended/);
    expect(headlineOf(ended({ state: "suspended" }), 0).text).toMatch(/has been suspended: it can go on from its last checkpoint/);
    expect(headlineOf(ended({ state: "cancelled" }), 0).text).toMatch(/has been cancelled: .*in flight is lost/);
    expect(headlineOf(ended({ state: "finished" }), 0).detail?.replace(/\u202f/g, " ")).toMatch(/^Ended at .*, after 1 min 5 s/);
    expect(headlineOf(ended({ state: "failed", failure: "'x' instance 2: no" }), 0)).toMatchObject({ label: "Failed", alarming: true });
    expect(headlineOf(ended({ state: "failed", failure: "'x' instance 2: no" }), 0).text).toMatch(/'x' instance 2: no$/);
  });

  it("never has undefined, null or NaN in it", () => {
    const views: View[] = [emptyView, { ...emptyView, connection: { kind: "lost", since: 0, reason: "gone" } }, { ...emptyView, connection: { kind: "live" } }];
    for (const view of [...views, ended({ ended_ms: null })]) expect(JSON.stringify(headlineOf(view, 5))).not.toMatch(/undefined|null|NaN/);
  });
});
